import { Exact } from '../money/exact.ts';
import { creditedOn, remainingItems, sumItems, weigh } from './amounts.ts';
import type { CreditableInvoice, NoteAmounts, NoteItem } from './note.ts';

/** How much of an invoice may still be given back, and which requests go too far (semantics 11.2). */

type Limited = Omit<CreditableInvoice, 'totalAmountMinor'>;

const sumOf = (notes: CreditableInvoice['notes'], kind: keyof NoteAmounts): bigint =>
  notes.reduce((sum, note) => sum + note[kind], 0n);

const clamp = (value: bigint, high: bigint): bigint => (value < 0n ? 0n : value > high ? high : value);

/** What is left of the lines, less their coupon shares, plus tax. */
function leftOver(invoice: Limited): bigint {
  const { subTotal, taxes } = sumItems(weigh(invoice, remainingItems(invoice)));
  return subTotal.add(Exact.of(taxes.roundToBigInt())).roundToBigInt();
}

/** The most that may become credit for later invoices. */
export function maxCreditable(invoice: Limited): bigint {
  return invoice.isPrepaid ? 0n : leftOver(invoice);
}

/** The most that may be paid back: what was recorded as paid and not yet refunded. Nothing on a draft. */
export function maxRefundable(invoice: Limited): bigint {
  if (invoice.isDraft) return 0n;
  return clamp(invoice.totalPaidMinor - sumOf(invoice.notes, 'refundMinor'), leftOver(invoice));
}

/** The most that may be taken off the amount due. */
export function maxOffsettable(invoice: Limited): bigint {
  return clamp(invoice.totalDueMinor, leftOver(invoice));
}

/** Field → Lago's codes. */
export type NoteErrors = Record<string, string[]>;

interface Check {
  field: string;
  code: string;
  fails: boolean;
}

function itemChecks(invoice: Limited, items: readonly NoteItem[]): Check[] {
  return items.flatMap(({ feeId, preciseAmountMinor }) => {
    const fee = invoice.fees.find(({ id }) => id === feeId);
    const left = Exact.of(fee?.amountMinor ?? 0n).sub(creditedOn(feeId, invoice.notes));
    return [
      { field: 'amount_cents', code: 'invalid_value', fails: preciseAmountMinor.isNegative() },
      {
        field: 'amount_cents',
        code: 'higher_than_remaining_fee_amount',
        fails: preciseAmountMinor.gt(left),
      },
    ];
  });
}

function amountChecks(
  invoice: CreditableInvoice,
  { creditMinor, refundMinor, offsetMinor }: NoteAmounts,
): Check[] {
  const { fees, notes, isPrepaid, totalPaidMinor, totalDueMinor, totalAmountMinor } = invoice;
  const all = fees.reduce((sum, fee) => sum + fee.amountMinor + fee.taxesAmountMinor, 0n);
  const used = sumOf(notes, 'creditMinor') + sumOf(notes, 'offsetMinor');
  const refunded = sumOf(notes, 'refundMinor');
  const total = creditMinor + refundMinor + offsetMinor;
  const tooMuch = 'higher_than_remaining_invoice_amount';
  return [
    { field: 'base', code: 'total_amount_must_be_positive', fails: total <= 0n },
    { field: 'base', code: tooMuch, fails: total > all - used - refunded + 1n },
    { field: 'credit_amount_cents', code: 'cannot_credit_invoice', fails: isPrepaid && creditMinor > 0n },
    { field: 'credit_amount_cents', code: tooMuch, fails: creditMinor > all - used + 1n },
    {
      field: 'refund_amount_cents',
      code: 'cannot_refund_unpaid_invoice',
      fails: refundMinor > 0n && totalPaidMinor <= 0n,
    },
    {
      field: 'refund_amount_cents',
      code: tooMuch,
      fails: refundMinor > 0n && totalPaidMinor > 0n && refundMinor > totalPaidMinor - refunded,
    },
    {
      field: 'offset_amount_cents',
      code: 'cannot_apply_to_paid_invoice',
      fails: offsetMinor > 0n && totalDueMinor <= 0n,
    },
    {
      field: 'offset_amount_cents',
      code: tooMuch,
      fails: offsetMinor > 0n && totalDueMinor > 0n && offsetMinor > totalDueMinor,
    },
    {
      field: 'offset_amount_cents',
      code: 'not_equal_to_total_amount',
      fails: isPrepaid && offsetMinor > 0n && offsetMinor !== totalAmountMinor,
    },
  ];
}

/** What is wrong with a request, as Lago words it; empty when all is well. A cent of tolerance for rounding. */
export function creditNoteErrors(
  invoice: CreditableInvoice,
  items: readonly NoteItem[],
  amounts: NoteAmounts,
): NoteErrors {
  const known = items.filter(({ feeId }) => invoice.fees.some(({ id }) => id === feeId));
  const { subTotal, taxes } = sumItems(weigh(invoice, known));
  const expected = subTotal.add(taxes).roundToBigInt();
  const total = amounts.creditMinor + amounts.refundMinor + amounts.offsetMinor;
  const difference = total > expected ? total - expected : expected - total;
  const checks = [
    ...itemChecks(invoice, items),
    ...amountChecks(invoice, amounts),
    { field: 'base', code: 'does_not_match_item_amounts', fails: difference > 1n },
  ];
  return errorsOf(checks);
}

/** What is wrong with the items by themselves: less than nothing, or more than is left of a line. */
export function itemErrors(invoice: Limited, items: readonly NoteItem[]): NoteErrors {
  return errorsOf(itemChecks(invoice, items));
}

function errorsOf(checks: readonly Check[]): NoteErrors {
  const errors: NoteErrors = {};
  for (const { field, code } of checks.filter(({ fails }) => fails)) {
    const codes = errors[field] ?? [];
    errors[field] = codes.includes(code) ? codes : [...codes, code];
  }
  return errors;
}
