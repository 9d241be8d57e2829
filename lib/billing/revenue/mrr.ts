import { Exact } from '../money/exact.ts';
import { allocate } from '../money/money.ts';
import type { Interval } from '../periods/interval.ts';
import type { Instant } from '../periods/zone.ts';

/**
 * Monthly recurring revenue of one customer in one currency, in minor units: recurring fixed prices of paying
 * subscriptions and the part of a minimum above them. No usage, no one-offs, no tax.
 */

export interface RevenueSubscription {
  id: string;
  planId: string;
  interval: Interval;
  /** The plan's price for one interval, at the customer's own price. */
  amountMinor: bigint;
  /** Fixed charges for one interval. */
  fixedAmountMinor: bigint;
  /** The minimum for one interval; 0 without one. */
  commitmentMinor: bigint;
  trialEndsAt: Instant | null;
  paused: boolean;
}

export interface RevenueDiscount {
  type: 'fixed_amount' | 'percentage';
  /** Per bill. */
  amountMinor: bigint | null;
  percentageRate: string | null;
  /** Bills it was given for; null for ever. What lasts one bill does not lower recurring revenue. */
  bills: number | null;
  /** Empty: every plan. */
  planIds: string[];
}

export interface RevenuePart {
  id: string;
  planId: string;
  /** Before discounts. */
  listMinor: bigint;
  /** The headline: list less discounts that last more than one bill, at their monthly value. */
  netMinor: bigint;
}

/** Intervals in a month: a year is 12 of them, a week 84 in 365.25 days. */
const PER_MONTH: Record<Interval, Exact> = {
  weekly: Exact.ratio(36_525n, 8_400n),
  monthly: Exact.ONE,
  quarterly: Exact.ratio(1n, 3n),
  semiannual: Exact.ratio(1n, 6n),
  yearly: Exact.ratio(1n, 12n),
};

/** Unrounded list value of a subscription for one month; zero in a trial or a pause. */
export function listMrr(subscription: RevenueSubscription, at: Instant): Exact {
  const { trialEndsAt, paused, amountMinor, fixedAmountMinor, commitmentMinor, interval } = subscription;
  if (paused || (trialEndsAt !== null && at < trialEndsAt)) return Exact.ZERO;
  const prices = amountMinor + fixedAmountMinor;
  return PER_MONTH[interval].mul(Exact.of(prices).max(commitmentMinor));
}

interface Value {
  subscription: RevenueSubscription;
  net: Exact;
}

const lasts = ({ bills }: RevenueDiscount): boolean => bills === null || bills > 1;

/** Values after one discount; a fixed amount is worth as much a month as the most frequent of its bills makes it. */
function discounted(values: readonly Value[], discount: RevenueDiscount): Value[] {
  const isTarget = ({ subscription, net }: Value): boolean =>
    net.isPositive() && (discount.planIds.length === 0 || discount.planIds.includes(subscription.planId));
  const targets = values.filter(isTarget);
  const total = Exact.sum(targets.map(({ net }) => net));
  if (!total.isPositive()) return [...values];
  const often = targets.reduce(
    (most, { subscription }) => most.max(PER_MONTH[subscription.interval]),
    Exact.ZERO,
  );
  const worth =
    discount.type === 'percentage'
      ? total.mul(Exact.of(discount.percentageRate ?? '0')).pow10(-2)
      : often.mul(discount.amountMinor ?? 0n);
  const left = Exact.ONE.sub(worth.min(total).div(total));
  return values.map((value) => (isTarget(value) ? { ...value, net: value.net.mul(left) } : value));
}

/**
 * List and headline value of each subscription at an instant. Both are rounded once for the customer and shared out by
 * largest remainder, so the parts add up to the customer's figures to the cent. Discounts limited to plans go first.
 */
export function revenueOf(
  subscriptions: readonly RevenueSubscription[],
  discounts: readonly RevenueDiscount[],
  at: Instant,
): RevenuePart[] {
  const lists = subscriptions.map((subscription) => listMrr(subscription, at));
  const lasting = discounts.filter(lasts);
  const ordered = [
    ...lasting.filter(({ planIds }) => planIds.length > 0),
    ...lasting.filter(({ planIds }) => planIds.length === 0),
  ];
  const values = subscriptions.map((subscription, i): Value => ({ subscription, net: lists[i]! }));
  const nets = ordered.reduce(discounted, values).map(({ net }) => net);
  const listParts = allocate(Exact.sum(lists).roundToBigInt(), lists);
  const netParts = allocate(Exact.sum(nets).roundToBigInt(), nets);
  return subscriptions.map(({ id, planId }, i) => ({
    id,
    planId,
    listMinor: listParts[i]!,
    netMinor: netParts[i]!,
  }));
}
