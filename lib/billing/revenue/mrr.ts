import type { IntervalName } from '../invoice/facts.ts';
import { Exact } from '../money/exact.ts';

/**
 * Monthly recurring revenue by its stated definition (operator dashboard 3.11): fixed recurring prices × quantity of
 * running subscriptions outside a trial, plus the part of a minimum above them; a year counts as a twelfth. No usage, no
 * one-offs, no tax. Amounts are minor units.
 */

/** How much of one bill falls on an average month: a week × 365.25 / 84. */
const PER_MONTH: Record<IntervalName, Exact> = {
  weekly: Exact.ratio(36_525n, 8_400n),
  monthly: Exact.ONE,
  quarterly: Exact.ratio(1n, 3n),
  semiannual: Exact.ratio(1n, 6n),
  yearly: Exact.ratio(1n, 12n),
};

export function monthlyValue(amountMinor: bigint, interval: IntervalName): Exact {
  return Exact.of(amountMinor).mul(PER_MONTH[interval]);
}

export interface RevenueSubscription {
  id: string;
  planId: string;
  interval: IntervalName;
  /** The plan's fee at list or customer price. */
  amountMinor: bigint;
  /** Fixed charges of one period at their present units. */
  fixedAmountMinor: bigint;
  commitmentMinor: bigint;
  trialEndsAt: number | null;
  paused: boolean;
}

/** List MRR of one subscription at an instant (epoch milliseconds), rounded half away from zero. 0 in a trial or pause. */
export function listMrr(subscription: RevenueSubscription, at: number): bigint {
  const inTrial = subscription.trialEndsAt !== null && subscription.trialEndsAt > at;
  if (inTrial || subscription.paused) return 0n;
  const fixed = subscription.amountMinor + subscription.fixedAmountMinor;
  const minimum = subscription.commitmentMinor > fixed ? subscription.commitmentMinor : fixed;
  return monthlyValue(minimum, subscription.interval).roundToBigInt();
}

export interface RevenueDiscount {
  type: 'fixed_amount' | 'percentage';
  amountMinor: bigint | null;
  percentageRate: string | null;
  /** Bills it was given for; null for ever. One-bill discounts do not lower MRR. */
  bills: number | null;
  /** Empty when it applies to everything. */
  planIds: string[];
}

export interface SubscriptionRevenue {
  id: string;
  planId: string;
  listMinor: bigint;
  netMinor: bigint;
}

/**
 * List MRR and MRR of a customer's subscriptions: discounts in force that last more than one bill are taken off at their
 * monthly value, in the order given, never below zero.
 */
export function revenueOf(
  subscriptions: RevenueSubscription[],
  discounts: RevenueDiscount[],
  at: number,
): SubscriptionRevenue[] {
  const lasting = discounts.filter((discount) => discount.bills === null || discount.bills > 1);
  const left = new Map(lasting.map((discount) => [discount, discount.amountMinor ?? 0n]));
  return subscriptions.map((subscription) => {
    const listMinor = listMrr(subscription, at);
    let netMinor = listMinor;
    for (const discount of lasting) {
      if (discount.planIds.length > 0 && !discount.planIds.includes(subscription.planId)) continue;
      const off = takenOff(discount, left, netMinor, subscription.interval);
      netMinor -= off;
    }
    return { id: subscription.id, planId: subscription.planId, listMinor, netMinor };
  });
}

function takenOff(
  discount: RevenueDiscount,
  left: Map<RevenueDiscount, bigint>,
  netMinor: bigint,
  interval: IntervalName,
): bigint {
  if (discount.type === 'percentage') {
    const off = Exact.of(netMinor)
      .mul(Exact.of(discount.percentageRate ?? '0'))
      .div(100n)
      .roundToBigInt();
    return off > netMinor ? netMinor : off;
  }
  // A fixed amount comes off each bill once, whatever the number of subscriptions on it.
  const off = monthlyValue(left.get(discount) ?? 0n, interval).roundToBigInt();
  const taken = off > netMinor ? netMinor : off;
  if (taken > 0n) left.set(discount, 0n);
  return taken;
}
