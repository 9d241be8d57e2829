import type { ChargeFacts, ChargeUsageFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import { loadUsages, type UsageRequest } from '@/lib/usage/store';
import type { BillingContext } from './context';
import { projectUsage } from './project-usage';

/** Models and metrics that must see events one by one; everything else is priced from a sum. */
export function needsEvents(charge: ChargeFacts): boolean {
  const { metric, properties, filters } = charge;
  if (metric.aggregationType !== 'count_agg' && metric.aggregationType !== 'sum_agg') return true;
  if (charge.prorated || filters.length > 0 || charge.acceptsTargetWallet) return true;
  if (hasGroups(properties)) return true;
  return charge.model === 'percentage' || charge.model === 'dynamic';
}

function hasGroups(properties: Record<string, unknown>): boolean {
  return ['pricing_group_keys', 'grouped_by', 'presentation_group_keys'].some((key) => {
    const keys = properties[key];
    return Array.isArray(keys) && keys.length > 0;
  });
}

/** Usage of each charge of a bill in its window, by charge id: at most two queries. Empty windows need none. */
export async function loadBillUsage(
  ctx: BillingContext,
  bill: SubscriptionBillFacts,
): Promise<Record<string, ChargeUsageFacts>> {
  const { chargesFrom, chargesTo } = bill.windows;
  if (chargesFrom === null || chargesTo === null || chargesTo < chargesFrom) return {};
  const scope = {
    organizationId: ctx.organizationId,
    externalSubscriptionId: bill.externalId,
    watermark: ctx.watermark,
  };
  const requests = bill.plan.charges.map(
    (charge): UsageRequest => ({
      key: charge.id,
      metric: charge.metric,
      from: chargesFrom,
      to: chargesTo,
      needEvents: needsEvents(charge),
      includeHistory: charge.metric.recurring,
    }),
  );
  if (requests.length === 0) return {};
  const usage = Object.fromEntries(await loadUsages(ctx.tx, scope, requests));
  return ctx.projection ? projectUsage(ctx, scope, bill, requests, usage) : usage;
}
