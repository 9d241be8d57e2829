import { Exact } from '../money/exact.ts';
import type { FeeResult } from './result.ts';

/** Shares of credits on lines are rounded to this many decimals after each credit (semantics 8.4). */
export const SHARE_SCALE = 5;

/** What is left of a line before tax: its amount less coupon and progressive shares. */
export const netOf = ({ amountMinor, preciseCouponsAmountMinor }: FeeResult): Exact =>
  Exact.of(amountMinor).sub(preciseCouponsAmountMinor);

/** The line with a further discount share, never more than its amount. */
export function discounted(fee: FeeResult, share: Exact): FeeResult {
  const total = fee.preciseCouponsAmountMinor.add(share).min(Exact.of(fee.amountMinor)).round(SHARE_SCALE);
  return { ...fee, preciseCouponsAmountMinor: total };
}

/** What a line still asks for: net amount and unrounded taxes less credit-note shares; never negative. */
export const owedOf = (fee: FeeResult): Exact =>
  netOf(fee).add(fee.taxesPreciseAmountMinor).sub(fee.preciseCreditNotesAmountMinor).max(0);

export const minOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);
