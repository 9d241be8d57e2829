import { taxOn } from '../invoice/taxes.ts';
import { Exact } from '../money/exact.ts';
import type { CreditableFee, CreditableInvoice, NoteItem, NoteTax } from './note.ts';

/** An item with its coupon share and what is left of it for tax. */
export interface WeighedItem extends NoteItem {
  fee: CreditableFee;
  couponPart: Exact;
  base: Exact;
}

/** Throws RangeError when an item names a line that is not on the invoice. */
export function weigh({ fees }: Pick<CreditableInvoice, 'fees'>, items: readonly NoteItem[]): WeighedItem[] {
  return items.map((item) => {
    const fee = fees.find(({ id }) => id === item.feeId);
    if (!fee) throw new RangeError(`Line ${item.feeId} is not on the invoice`);
    const couponPart =
      fee.amountMinor === 0n
        ? Exact.ZERO
        : fee.preciseCouponsAmountMinor.mul(item.preciseAmountMinor).div(fee.amountMinor);
    return { ...item, fee, couponPart, base: item.preciseAmountMinor.sub(couponPart) };
  });
}

/** Unrounded figures of some items (semantics 11.3). */
export interface NoteSums {
  items: Exact;
  coupons: Exact;
  subTotal: Exact;
  taxes: Exact;
  lines: NoteTax[];
  /** What each tax is taken of, unrounded. */
  bases: { tax: NoteTax['tax']; base: Exact }[];
}

export function sumItems(weighed: readonly WeighedItem[]): NoteSums {
  const bases = new Map<string, { tax: NoteTax['tax']; base: Exact }>();
  for (const { fee, base } of weighed) {
    for (const tax of fee.taxes) {
      const known = bases.get(tax.id)?.base ?? Exact.ZERO;
      bases.set(tax.id, { tax, base: known.add(base) });
    }
  }
  const taxed = [...bases.values()];
  return {
    items: Exact.sum(weighed.map(({ preciseAmountMinor }) => preciseAmountMinor)),
    coupons: Exact.sum(weighed.map(({ couponPart }) => couponPart)),
    subTotal: Exact.sum(weighed.map(({ base }) => base)),
    taxes: Exact.sum(taxed.map(({ tax, base }) => taxOn(base, tax.rate))),
    bases: taxed,
    lines: taxed.map(({ tax, base }) => ({
      tax,
      baseAmountMinor: base.roundToBigInt(),
      amountMinor: taxOn(base, tax.rate).roundToBigInt(),
    })),
  };
}

/** What earlier notes left of every line; never negative. */
export function remainingItems({ fees, notes }: Pick<CreditableInvoice, 'fees' | 'notes'>): NoteItem[] {
  return fees.map(({ id, amountMinor }) => ({
    feeId: id,
    preciseAmountMinor: Exact.of(amountMinor).sub(creditedOn(id, notes)).max(0),
  }));
}

/** Σ of earlier items on a line. */
export function creditedOn(feeId: string, notes: CreditableInvoice['notes']): Exact {
  const items = notes.flatMap((note) => note.items).filter((item) => item.feeId === feeId);
  return Exact.sum(items.map(({ preciseAmountMinor }) => preciseAmountMinor));
}
