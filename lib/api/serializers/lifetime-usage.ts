import { z } from 'zod';
import { Exact } from '@/lib/billing/money/exact';
import type { LifetimeUsageObject } from '@/lib/queries/api/lifetime-usage';
import { float, ts, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

export const lifetimeUsageSchema = resource('LifetimeUsage', {
  lago_id: is.uuid,
  lago_subscription_id: is.uuid,
  external_subscription_id: is.str,
  external_historical_usage_amount_cents: is.cents,
  invoiced_usage_amount_cents: is.cents,
  current_usage_amount_cents: is.cents,
  from_datetime: is.ts.nullable(),
  to_datetime: is.ts,
  usage_thresholds: z
    .array(z.object({ amount_cents: is.cents, completion_ratio: is.float, reached_at: is.ts.nullable() }))
    .optional(),
});

/**
 * API contract, section 4. A threshold's completion counts from the one before it; a recurring one counts its running
 * step beyond the last fixed one.
 */
export function lifetimeUsageWire(object: LifetimeUsageObject): Wire<typeof lifetimeUsageSchema> {
  const { subscription, historicalMinor, invoicedMinor, currentMinor, thresholds } = object;
  const totalMinor = historicalMinor + invoicedMinor + currentMinor;
  let beforeMinor = 0n;
  const wired = thresholds.map(({ threshold, reachedAt }) => {
    const { amountMinor, recurring } = threshold;
    const beyond = totalMinor > beforeMinor ? totalMinor - beforeMinor : 0n;
    const done = recurring ? beyond % amountMinor : beyond;
    const size = recurring ? amountMinor : amountMinor - beforeMinor;
    const ratio = size > 0n ? Exact.of(done).div(size).min(1).round(4) : Exact.ONE;
    const steps = recurring ? (beyond / amountMinor) * amountMinor + amountMinor : 0n;
    const shown = recurring ? beforeMinor + steps : amountMinor;
    if (!recurring) beforeMinor = amountMinor;
    return { amount_cents: shown, completion_ratio: float(ratio), reached_at: tsOrNull(reachedAt) };
  });
  return {
    lago_id: object.id,
    lago_subscription_id: subscription.id,
    external_subscription_id: subscription.externalId,
    external_historical_usage_amount_cents: historicalMinor,
    invoiced_usage_amount_cents: invoicedMinor,
    current_usage_amount_cents: currentMinor,
    from_datetime: tsOrNull(subscription.subscriptionAt),
    to_datetime: ts(object.now),
    ...(thresholds.length > 0 ? { usage_thresholds: wired } : {}),
  };
}
