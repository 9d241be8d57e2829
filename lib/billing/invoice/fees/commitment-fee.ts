import { Exact } from '../../money/exact.ts';
import { periodRule } from '../../periods/boundaries.ts';
import { dayCount, fullPeriodDays } from '../../periods/days.ts';
import type { SubscriptionBillFacts } from '../facts.ts';
import type { FeeResult } from '../result.ts';
import { majorText, newFee, newWorking, pricedAsOne, scheduleOf } from './new-fee.ts';

/**
 * What is missing to the plan's minimum over the period it reconciles, or null. The minimum is scaled to the days that
 * were billed and rounded; lines of this bill count when they fall into that period, lines of earlier bills stand in
 * `commitmentSpentMinor` (semantics 7.1).
 */
export function commitmentFee(
  bill: SubscriptionBillFacts,
  lines: readonly FeeResult[],
  timezone: string,
): FeeResult | null {
  const { plan, history } = bill;
  const window = history.commitmentWindow;
  if (!plan.commitment || !window) return null;
  const rule = periodRule(scheduleOf(bill, timezone));
  const ofDays = fullPeriodDays({ ...rule, at: window.from });
  const days = dayCount(window.from, window.to, timezone);
  const minimum = Exact.ratio(plan.commitment.amountMinor * BigInt(days), BigInt(ofDays));
  const rounded = Exact.of(minimum.roundToBigInt());

  const spentHere = lines
    .filter(({ from, to }) => from !== null && to !== null && from <= window.to && to >= window.from)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const spent = history.commitmentSpentMinor + spentHere;
  const missing = rounded.sub(spent);
  if (!missing.isPositive()) return null;

  const { currency } = plan;
  const rounding = rounded.sub(minimum);
  return newFee({
    key: `commitment:${bill.subscriptionId}`,
    kind: 'commitment',
    subscriptionId: bill.subscriptionId,
    itemId: bill.subscriptionId,
    itemCode: plan.code,
    itemName: plan.name,
    displayName: plan.commitment.displayName ?? 'Minimum commitment - True up',
    units: Exact.ONE,
    ...pricedAsOne(currency, missing),
    working: newWorking(currency, {
      kind: 'commitment',
      period: { from: window.from, to: window.to },
      prorated: days !== ofDays,
      units: '1',
      rows: [
        {
          kind: 'minimum',
          rate: majorText(plan.commitment.amountMinor, currency),
          days,
          ofDays,
          amount: majorText(minimum, currency),
        },
        ...(rounding.isZero() ? [] : [{ kind: 'rounding', amount: majorText(rounding, currency) }]),
        { kind: 'used', amount: majorText(-spent, currency) },
      ],
    }),
    from: window.from,
    to: window.to,
  });
}
