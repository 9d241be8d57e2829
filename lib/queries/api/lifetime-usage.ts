import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { appliedUsageThresholds, lifetimeUsages, subscriptions } from '@/db/schema';
import { loadCustomer } from '@/lib/invoicing/customers';
import { invoicedUsage } from '@/lib/invoicing/lifetime';
import { applicableThresholds, type ThresholdRow } from '@/lib/invoicing/progressive';
import { loadRunningUsage } from '@/lib/invoicing/running-usage';
import { readClock } from '@/lib/schedule/clock';
import { notFound } from '@/lib/schedule/errors';
import { findSubscription } from './subscriptions.ts';

export interface LifetimeUsageObject {
  id: string;
  subscription: typeof subscriptions.$inferSelect;
  /** Minor units of the plan's currency. */
  historicalMinor: bigint;
  invoicedMinor: bigint;
  currentMinor: bigint;
  /** Epoch milliseconds. */
  now: number;
  thresholds: { threshold: ThresholdRow; reachedAt: Date | null }[];
}

/** What an agreement used over its life (semantics 7.3). Throws not_found. */
export async function loadLifetimeUsage(
  tx: Tx,
  organizationId: string,
  externalSubscriptionId: string,
): Promise<LifetimeUsageObject> {
  const { now } = await readClock(tx, organizationId);
  const ctx = { tx, organizationId, now, mode: 'preview' as const };
  const subscription = await findSubscription(tx, organizationId, externalSubscriptionId, ['active']);
  if (!subscription) return notFound('lifetime_usage');
  const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
  const running = await loadRunningUsage(ctx, billed, subscription);
  const [row] = await tx
    .select()
    .from(lifetimeUsages)
    .where(
      and(
        eq(lifetimeUsages.organizationId, organizationId),
        eq(lifetimeUsages.externalSubscriptionId, externalSubscriptionId),
        eq(lifetimeUsages.anchor, subscription.subscriptionAt),
      ),
    );
  const thresholds = await applicableThresholds(ctx, subscription);
  const reached = await reachedAt(tx, organizationId, externalSubscriptionId, thresholds);
  return {
    // A row is only kept once something was told of earlier systems; it takes this id then.
    id: row?.id ?? subscription.id,
    subscription,
    historicalMinor: row?.historicalAmountMinor ?? 0n,
    invoicedMinor: (await invoicedUsage(ctx, subscription)).amountMinor,
    currentMinor: running.usage.amountMinor,
    now,
    thresholds: thresholds.map((threshold) => ({ threshold, reachedAt: reached.get(threshold.id) ?? null })),
  };
}

/** When each threshold was first passed by any subscription of the lineage. */
async function reachedAt(
  tx: Tx,
  organizationId: string,
  externalId: string,
  thresholds: ThresholdRow[],
): Promise<Map<string, Date>> {
  if (thresholds.length === 0) return new Map();
  const rows = await tx
    .select({ id: appliedUsageThresholds.usageThresholdId, at: appliedUsageThresholds.createdAt })
    .from(appliedUsageThresholds)
    .innerJoin(
      subscriptions,
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.id, appliedUsageThresholds.subscriptionId),
      ),
    )
    .where(
      and(
        eq(appliedUsageThresholds.organizationId, organizationId),
        eq(subscriptions.externalId, externalId),
        inArray(
          appliedUsageThresholds.usageThresholdId,
          thresholds.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(appliedUsageThresholds.createdAt));
  const first = new Map<string, Date>();
  for (const { id, at } of rows) if (!first.has(id)) first.set(id, at);
  return first;
}
