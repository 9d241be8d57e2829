import { Exact } from '../money/exact.ts';

export interface TrueUp {
  amountMinor: bigint;
  preciseAmountMinor: Exact;
  /** The minimum for the days of the window. */
  proratedMinimumMinor: Exact;
}

/**
 * The fee that lifts a charge to its minimum: the minimum for the days of the window less everything the charge
 * billed over all filters and groups. Null when the minimum is reached (semantics 6.9).
 */
export function trueUp(input: {
  minAmountMinor: bigint;
  usedMinor: bigint;
  /** D'(charges_from, charges_to) */
  days: number;
  periodDays: number;
}): TrueUp | null {
  const proratedMinimumMinor = Exact.ratio(
    input.minAmountMinor * BigInt(input.days),
    BigInt(input.periodDays),
  );
  const preciseAmountMinor = proratedMinimumMinor.sub(input.usedMinor);
  if (!preciseAmountMinor.isPositive()) return null;
  return { amountMinor: preciseAmountMinor.roundToBigInt(), preciseAmountMinor, proratedMinimumMinor };
}
