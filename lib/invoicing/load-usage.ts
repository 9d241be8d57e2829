import type { ChargeFacts, ChargeUsageFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { UsageRequest } from '@/lib/usage/store';
import type { BillingContext } from './context';
import { type Handover, loadHandovers, ownUsage, sharesAnInstant } from './handover';
import { projectUsage, readOnce } from './project-usage';

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

/**
 * Usage of each charge of each bill in its window, by charge id, in the order of the bills: at most three queries for all.
 * Empty windows need none.
 */
export async function loadBillUsages(
  ctx: BillingContext,
  bills: SubscriptionBillFacts[],
): Promise<Record<string, ChargeUsageFacts>[]> {
  const handovers = await loadHandovers(ctx, bills);
  const requests = bills.flatMap((bill, place) => requestsOf(bill, place, handovers.get(place)));
  if (requests.length === 0) return bills.map(() => ({}));
  const read = await readOnce(ctx, requests);
  const found = ctx.projection ? await projectUsage(ctx, requests, read) : read;
  return bills.map((bill, place) =>
    Object.fromEntries(
      bill.plan.charges.flatMap((charge) => {
        const usage = found.get(usageKey(place, charge.id));
        return usage ? [[charge.id, ownUsage(usage, bill, charge, handovers.get(place))]] : [];
      }),
    ),
  );
}

/** Names a charge of the bill at this place. */
export const usageKey = (place: number, chargeId: string): string => `${place}:${chargeId}`;

function requestsOf(
  { plan, windows, externalId }: SubscriptionBillFacts,
  place: number,
  handover: Handover | undefined,
): UsageRequest[] {
  const { chargesFrom, chargesTo } = windows;
  if (chargesFrom === null || chargesTo === null || chargesTo < chargesFrom) return [];
  return plan.charges.map((charge) => ({
    key: usageKey(place, charge.id),
    externalSubscriptionId: externalId,
    metric: charge.metric,
    from: chargesFrom,
    to: chargesTo,
    needEvents: needsEvents(charge) || sharesAnInstant(handover),
    includeHistory: charge.metric.recurring,
  }));
}
