import type { ForecastBill, Outlook, PreviewResult } from '@/lib/commands/preview/types';

const BILLS_A_YEAR: Record<string, bigint> = {
  weekly: 52n,
  monthly: 12n,
  quarterly: 4n,
  semiannual: 2n,
  yearly: 1n,
};

export interface DiscountCost {
  minor: bigint;
  /** False as soon as a bill it lowers is an estimate, or lies beyond the bills that were worked out. */
  exact: boolean;
  /** How many bills it lowers; null for one without an end, whose cost is that of a year. */
  bills: number | null;
  /** How many of them were worked out. */
  known: number;
}

const offOf = (bill: ForecastBill | undefined): bigint =>
  (bill?.lines ?? []).reduce(
    (sum, { kind, amountMinor }) => (kind === 'discount' ? sum - BigInt(amountMinor) : sum),
    0n,
  );

const nameOf = ({ title, billsLeft }: Outlook['discounts'][number]) => `${title} ${billsLeft}`;

/** The discount that is there after and was not before; null when there is none. */
function newDiscount({ before, after }: PreviewResult): Outlook['discounts'][number] | null {
  const old = before.discounts.map(nameOf);
  for (const discount of after.discounts) {
    const at = old.indexOf(nameOf(discount));
    if (at === -1) return discount;
    old.splice(at, 1);
  }
  return null;
}

/**
 * What a discount takes off in all: on the bills that were worked out exactly what they say, on those beyond them as much
 * as on the last of them. Null when nothing new discounts.
 */
export function discountCost(preview: PreviewResult): DiscountCost | null {
  const { before, after } = preview;
  const discount = newDiscount(preview);
  if (!discount) return null;
  const lowered = after.nextBills
    .map((bill, index) => ({ bill, off: offOf(bill) - offOf(before.nextBills[index]) }))
    .filter(({ off }) => off > 0n);
  const bills = discount.billsLeft;
  const wanted = bills === null ? (BILLS_A_YEAR[after.plan?.interval ?? 'monthly'] ?? 12n) : BigInt(bills);
  const known = lowered.slice(0, Number(wanted));
  const last = known.at(-1)?.off ?? 0n;
  const beyond = wanted - BigInt(known.length);
  return {
    minor: known.reduce((sum, { off }) => sum + off, 0n) + last * beyond,
    exact: beyond === 0n && known.every(({ bill }) => bill.exact),
    bills,
    known: known.length,
  };
}
