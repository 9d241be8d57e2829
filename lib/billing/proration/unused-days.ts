import { Exact } from '../money/exact.ts';
import { type Instant, localEpochDay } from '../periods/zone.ts';

export interface UnusedDaysInput {
  /** The plan's price when it was billed. */
  planAmountMinor: bigint;
  /** Days of the period that contains the termination. */
  periodDays: number;
  /** Its exclusive end. */
  periodEnd: Instant;
  terminatedAt: Instant;
  timezone: string;
  /** The switch day of an upgrade is given back; otherwise the last day is consumed. */
  upgraded: boolean;
  trialEndsAt: Instant | null;
  lastFeeAmountMinor: bigint;
  /** Σ earlier credit-note items on that fee. */
  alreadyCreditedMinor: Exact;
}

/**
 * The credit for days paid in advance and not used, before taxes and coupon shares, truncated at 5 decimals; null
 * when nothing is left to credit (semantics 4.4).
 */
export function unusedDaysCredit(input: UnusedDaysInput): { preciseAmountMinor: Exact; days: number } | null {
  const { terminatedAt, trialEndsAt, timezone, upgraded } = input;
  const lastDay = localEpochDay(input.periodEnd - 1, timezone);
  const consumed = localEpochDay(terminatedAt, timezone) - (upgraded ? 1 : 0);
  const inTrial = trialEndsAt !== null && trialEndsAt > terminatedAt;
  const consumedUntil = inTrial ? Math.min(lastDay, localEpochDay(trialEndsAt, timezone) - 1) : consumed;
  const days = Math.max(0, lastDay - consumedUntil);
  const unused = Exact.ratio(input.planAmountMinor * BigInt(days), BigInt(input.periodDays));
  const base = unused.min(Exact.of(input.lastFeeAmountMinor)).sub(input.alreadyCreditedMinor).trunc(5);
  return base.isPositive() ? { preciseAmountMinor: base, days } : null;
}
