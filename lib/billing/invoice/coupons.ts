import { Exact } from '../money/exact.ts';
import type { AppliedCouponFacts, SubscriptionBillFacts } from './facts.ts';
import type { CouponCreditResult, FeeResult } from './result.ts';
import { discounted, minOf, netOf } from './spread.ts';

export interface CouponStep {
  fees: FeeResult[];
  credits: CouponCreditResult[];
  amountMinor: bigint;
}

const isLimited = ({ metricIds, planIds }: AppliedCouponFacts): boolean =>
  metricIds.length > 0 || planIds.length > 0;

const limitRank = ({ metricIds, planIds }: AppliedCouponFacts): number =>
  metricIds.length > 0 ? 0 : planIds.length > 0 ? 1 : 2;

/** Limited to metrics first, then to plans, then the rest; each by age (semantics 8.2). */
export function couponOrder(a: AppliedCouponFacts, b: AppliedCouponFacts): number {
  return limitRank(a) - limitRank(b) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

function isUsable(coupon: AppliedCouponFacts, currency: string): boolean {
  if (coupon.type === 'fixed_amount' && coupon.currency !== currency) return false;
  return coupon.frequency !== 'recurring' || (coupon.frequencyDurationRemaining ?? 0) > 0;
}

/** Whether the coupon discounts the line: usage on its metrics, or every line of its plans (semantics 8.3). */
function targeting(
  { metricIds, planIds }: AppliedCouponFacts,
  bills: readonly SubscriptionBillFacts[],
): (fee: FeeResult) => boolean {
  if (metricIds.length > 0) {
    return ({ kind, metricId }) => kind === 'charge' && metricId !== null && metricIds.includes(metricId);
  }
  if (planIds.length === 0) return () => true;
  const subscriptionIds = new Set(
    bills.filter(({ plan }) => planIds.includes(plan.id)).map(({ subscriptionId }) => subscriptionId),
  );
  return ({ subscriptionId }) => subscriptionId !== null && subscriptionIds.has(subscriptionId);
}

/** The discount before the cap by what the invoice has left (semantics 8.3). Minor units. */
function worth(
  { type, percentageRate, amountMinor, frequency, usedMinor }: AppliedCouponFacts,
  base: Exact,
): bigint {
  if (type === 'percentage') {
    const share = base
      .mul(Exact.of(percentageRate ?? '0'))
      .pow10(-2)
      .roundToBigInt();
    return minOf(share, base.roundToBigInt());
  }
  const left = frequency === 'once' ? (amountMinor ?? 0n) - usedMinor : (amountMinor ?? 0n);
  return minOf(left, base.roundToBigInt());
}

/**
 * Applies coupons in their order to `leftMinor`, the sub-total after progressive credits. Each sees what the former left;
 * a coupon that finds nothing to discount is not used (semantics 8.2 to 8.4).
 */
export function applyCoupons(
  fees: readonly FeeResult[],
  leftMinor: bigint,
  {
    coupons,
    subscriptions,
    currency,
  }: {
    coupons: readonly AppliedCouponFacts[];
    subscriptions: readonly SubscriptionBillFacts[];
    currency: string;
  },
): CouponStep {
  let lines = [...fees];
  let left = leftMinor;
  const credits: CouponCreditResult[] = [];
  for (const coupon of coupons.filter((one) => isUsable(one, currency)).sort(couponOrder)) {
    if (left <= 0n) break;
    const targets = targeting(coupon, subscriptions);
    const base = isLimited(coupon) ? Exact.sum(lines.filter(targets).map(netOf)) : Exact.of(left);
    if (!base.isPositive()) continue;
    const amountMinor = minOf(worth(coupon, base), left);
    if (amountMinor <= 0n) continue;
    lines = lines.map((fee) =>
      targets(fee) ? discounted(fee, Exact.of(amountMinor).mul(netOf(fee)).div(base)) : fee,
    );
    left -= amountMinor;
    credits.push({ appliedCouponId: coupon.id, amountMinor });
  }
  return { fees: lines, credits, amountMinor: leftMinor - left };
}
