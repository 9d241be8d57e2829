import { Exact } from '../money/exact.ts';
import { type NoteSums, remainingItems, sumItems, weigh } from './amounts.ts';
import {
  type CreditableInvoice,
  type CreditNoteResult,
  NOTE_SCALE,
  type NoteAmounts,
  type NoteItem,
} from './note.ts';

export type NoteKind = 'credit' | 'refund' | 'offset';

export interface CreditNoteRequest {
  invoice: CreditableInvoice;
  items: NoteItem[];
  /** One kind for the whole note, or amounts that add up to it within a cent. */
  amounts: NoteKind | NoteAmounts;
}

/**
 * What the whole invoice gives back less what earlier notes gave, rounded as they were. Worked out from the lines and not
 * from the notes' own unrounded figures: those are kept to some decimals, which may tip an exact half.
 */
function leftByNotes(invoice: CreditableInvoice): { subTotal: Exact; taxes: Exact } {
  const all = invoice.fees.map(({ id, amountMinor }) => ({
    feeId: id,
    preciseAmountMinor: Exact.of(amountMinor),
  }));
  const { subTotal, taxes } = sumItems(weigh(invoice, all));
  return {
    subTotal: subTotal.sub(
      Exact.sum(invoice.notes.map((note) => Exact.of(note.subTotalExcludingTaxesMinor))),
    ),
    taxes: taxes.sub(Exact.sum(invoice.notes.map((note) => Exact.of(note.taxesMinor)))),
  };
}

/** The note leaves nothing of any line. */
function exhausts(invoice: CreditableInvoice, items: readonly NoteItem[]): boolean {
  const left = remainingItems(invoice).map(({ preciseAmountMinor }) => preciseAmountMinor);
  const taken = items.map(({ preciseAmountMinor }) => preciseAmountMinor);
  return Exact.sum(left).sub(Exact.sum(taken)).abs().lt(Exact.ratio(1n, 100n));
}

/** The requested split, moved by the cent that keeps it equal to the total: credit absorbs it, else refund, else offset. */
function splitOf(amounts: NoteKind | NoteAmounts, totalMinor: bigint): NoteAmounts {
  const nothing = { creditMinor: 0n, refundMinor: 0n, offsetMinor: 0n };
  if (typeof amounts === 'string') return { ...nothing, [`${amounts}Minor`]: totalMinor };
  const { creditMinor, refundMinor, offsetMinor } = amounts;
  const moved = totalMinor - creditMinor - refundMinor - offsetMinor;
  if (creditMinor > 0n) return { ...amounts, creditMinor: creditMinor + moved };
  if (refundMinor > 0n) return { ...amounts, refundMinor: refundMinor + moved };
  return { ...amounts, offsetMinor: offsetMinor + moved };
}

/** Each rate weighted by its unrounded share of the sub-total, as on invoices (semantics 9.3). */
function weightedRate({ bases, subTotal }: NoteSums): Exact {
  if (subTotal.isZero()) return Exact.ZERO;
  const parts = bases.map(({ tax, base }) => Exact.of(tax.rate).mul(base).div(subTotal));
  return Exact.sum(parts).round(NOTE_SCALE);
}

/**
 * A credit note from its items (semantics 11.3). Sub-total and taxes are rounded each for itself and the total is their
 * sum; the note that exhausts the invoice takes back what earlier notes were rounded up, so that all notes together equal
 * the invoice. Throws RangeError on items of other invoices; limits are checked by `creditNoteErrors`.
 */
export function computeCreditNote({ invoice, items, amounts }: CreditNoteRequest): CreditNoteResult {
  const sums = sumItems(weigh(invoice, items));
  const { subTotal, taxes } = exhausts(invoice, items) ? leftByNotes(invoice) : sums;
  const subTotalExcludingTaxesMinor = subTotal.roundToBigInt();
  const taxesMinor = taxes.roundToBigInt();
  const totalMinor = subTotalExcludingTaxesMinor + taxesMinor;
  return {
    items: items.map((item) => ({ ...item, amountMinor: item.preciseAmountMinor.roundToBigInt() })),
    couponsAdjustmentMinor: sums.coupons.roundToBigInt(),
    preciseCouponsAdjustmentMinor: sums.coupons.round(NOTE_SCALE),
    subTotalExcludingTaxesMinor,
    taxes: sums.lines,
    taxesMinor,
    preciseTaxesMinor: taxes.round(NOTE_SCALE),
    taxesRate: weightedRate(sums),
    totalMinor,
    ...splitOf(amounts, totalMinor),
  };
}

/**
 * Items that give back an amount in proportion to what is left of every line: a total with tax (voiding an invoice,
 * semantics 12.6) or a sub-total before it (what a progressive bill took too much, 7.2). Capped by what is left.
 */
export function proRataItems(
  invoice: CreditableInvoice,
  wanted: { totalMinor: bigint } | { subTotalMinor: bigint },
): NoteItem[] {
  const left = remainingItems(invoice);
  const { subTotal, taxes } = sumItems(weigh(invoice, left));
  const [amount, whole] =
    'totalMinor' in wanted ? [wanted.totalMinor, subTotal.add(taxes)] : [wanted.subTotalMinor, subTotal];
  if (!whole.isPositive()) return [];
  const share = Exact.of(amount).div(whole).min(1);
  return left
    .map(({ feeId, preciseAmountMinor }) => ({
      feeId,
      preciseAmountMinor: preciseAmountMinor.mul(share).round(NOTE_SCALE),
    }))
    .filter(({ preciseAmountMinor }) => preciseAmountMinor.isPositive());
}
