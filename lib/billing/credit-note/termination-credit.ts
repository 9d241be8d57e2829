import { Exact } from '../money/exact.ts';
import { dayCount } from '../periods/days.ts';
import { type BillingTime, type Interval, periodContaining } from '../periods/interval.ts';
import { epochDay, type Instant, localEpochDay } from '../periods/zone.ts';
import { creditedOn, sumItems, weigh } from './amounts.ts';
import { computeCreditNote, type NoteKind } from './compute-credit-note.ts';
import { type CreditableFee, type CreditableInvoice, type CreditNoteResult, NOTE_SCALE } from './note.ts';

export interface TerminationFacts {
  interval: Interval;
  billingTime: BillingTime;
  /** `subscription_at` */
  anchor: Instant;
  timezone: string;
  terminatedAt: Instant;
  trialEndsAt: Instant | null;
  /** The day of an upgrade belongs to the new plan and is given back too. */
  upgraded: boolean;
  /** The plan's price when the fee was billed (`amount_details.plan_amount_cents`); null where a person set the line's. */
  planAmountMinor: bigint | null;
  /** The last fee of the plan, on `invoice`, with the window it paid. */
  feeId: string;
  feeFrom: Instant;
  feeTo: Instant;
  invoice: CreditableInvoice;
}

interface Days {
  unused: number;
  used: number;
  ofDays: number;
  /** Days the fee itself paid. */
  billed: number;
}

/** Days of the fee's window that were used and that were not; the day of termination is used (semantics 4.4). */
export function terminationDays(facts: TerminationFacts): Days {
  const { timezone, terminatedAt, trialEndsAt, upgraded, feeFrom, feeTo } = facts;
  const period = periodContaining({ ...facts, at: terminatedAt });
  const lastDay = epochDay(period.endDateExclusive) - 1;
  const onDay = localEpochDay(terminatedAt, timezone) - (upgraded ? 1 : 0);
  const freeUntil = trialEndsAt === null ? onDay : localEpochDay(trialEndsAt, timezone) - 1;
  const unused = lastDay - Math.min(Math.max(onDay, freeUntil), lastDay);
  const billed = dayCount(feeFrom, feeTo, timezone);
  return { unused, used: Math.max(0, billed - unused), ofDays: period.days, billed };
}

/** Days at the day price with their coupon share and tax. */
function worthWithTax(facts: TerminationFacts, fee: CreditableFee, amountMinor: Exact): Exact {
  const capped = amountMinor.min(fee.amountMinor);
  const { subTotal, taxes } = sumItems(weigh(facts.invoice, [{ feeId: fee.id, preciseAmountMinor: capped }]));
  return subTotal.add(taxes);
}

/**
 * The note for the unused days of a fee paid in advance, or null when nothing is left to give back (semantics 4.4). The
 * choice splits it (11.6): `credit` gives all as credit; `refund` pays back what was paid beyond the used days and credits
 * the rest; `offset` takes that rest off the invoice instead.
 */
export function terminationCredit(facts: TerminationFacts, choice: NoteKind): CreditNoteResult | null {
  const { invoice, planAmountMinor } = facts;
  const fee = invoice.fees.find(({ id }) => id === facts.feeId);
  if (!fee) throw new RangeError(`Line ${facts.feeId} is not on the invoice`);
  const { unused, used, ofDays, billed } = terminationDays(facts);
  // A price that a person set is for the days of its own line, not for a whole period.
  const [price, priced] = planAmountMinor === null ? [fee.amountMinor, billed] : [planAmountMinor, ofDays];
  const priceOf = (days: number): Exact => Exact.ratio(price * BigInt(days), BigInt(Math.max(1, priced)));
  const base = priceOf(unused).min(fee.amountMinor).sub(creditedOn(fee.id, invoice.notes)).trunc(NOTE_SCALE);
  if (!base.isPositive()) return null;

  const note = computeCreditNote({
    invoice,
    items: [{ feeId: fee.id, preciseAmountMinor: base }],
    amounts: 'credit',
  });
  if (choice === 'credit' || note.totalMinor <= 0n) return note;
  const ofFee = worthWithTax(facts, fee, Exact.of(fee.amountMinor));
  const paid = Exact.of(invoice.totalPaidMinor)
    .mul(ofFee)
    .div(invoice.totalAmountMinor > 0n ? invoice.totalAmountMinor : 1n);
  const overpaid = paid.sub(worthWithTax(facts, fee, priceOf(used)));
  const refundMinor = overpaid.max(0).min(note.totalMinor).roundToBigInt();
  const rest = note.totalMinor - refundMinor;
  return choice === 'refund'
    ? { ...note, refundMinor, creditMinor: rest }
    : { ...note, refundMinor, creditMinor: 0n, offsetMinor: rest };
}
