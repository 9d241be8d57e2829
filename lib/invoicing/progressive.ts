import { and, asc, eq, isNull, or } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { appliedUsageThresholds, usageThresholds } from '@/db/schema';
import { crossedThresholds } from '@/lib/billing/progressive/thresholds';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import { issueInvoice } from './issue';
import { historicalUsage, invoicedUsage } from './lifetime';
import type { SubscriptionRow } from './load-bill';
import type { RunningUsage } from './running-usage';

export type ThresholdRow = typeof usageThresholds.$inferSelect;

/** The thresholds that hold for a subscription, the lowest first: its own, else its plan's (semantics 7.2). */
export async function applicableThresholds(
  { tx, organizationId }: BillingContext,
  subscription: Pick<SubscriptionRow, 'id' | 'planVersionId'>,
): Promise<ThresholdRow[]> {
  const rows = await tx
    .select()
    .from(usageThresholds)
    .where(
      and(
        eq(usageThresholds.organizationId, organizationId),
        isNull(usageThresholds.deletedAt),
        or(
          eq(usageThresholds.subscriptionId, subscription.id),
          eq(usageThresholds.planVersionId, subscription.planVersionId),
        ),
      ),
    )
    .orderBy(asc(usageThresholds.recurring), asc(usageThresholds.amountMinor));
  const own = rows.filter((row) => row.subscriptionId === subscription.id);
  return own.length > 0 ? own : rows;
}

/**
 * Bills the period's usage early when it has passed thresholds over the agreement's lifetime: one invoice for everything
 * passed, less what earlier ones of the period billed, then a notice per threshold (semantics 7.2).
 */
export async function billProgressively(ctx: BillingContext, running: RunningUsage): Promise<void> {
  const { subscription, bill, unbilled, progressive } = running;
  if (subscription.progressiveBillingDisabled || subscription.status !== 'active') return;
  const thresholds = await applicableThresholds(ctx, subscription);
  if (thresholds.length === 0) return;
  const usage = {
    currentMinor: unbilled.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    progressivelyBilledMinor: progressive?.feesAmountMinor ?? 0n,
    invoicedMinor:
      (await historicalUsage(ctx, subscription)) + (await invoicedUsage(ctx, subscription)).amountMinor,
  };
  const crossed = crossedThresholds(thresholds, usage);
  if (crossed.length === 0) return;
  const { invoiceId } = await issueInvoice(ctx, {
    customerId: subscription.customerId,
    type: 'progressive_billing',
    bills: [{ ...bill, reason: 'progressive_billing' }],
    currency: bill.plan.currency,
    billedAt: ctx.now,
    recurring: false,
    immediate: true,
    billingEntityId: subscription.billingEntityId,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
  });
  await tellCrossed(ctx, invoiceId, subscription, crossed, usage.invoicedMinor + usage.currentMinor);
}

async function tellCrossed(
  { tx, organizationId, now }: BillingContext,
  invoiceId: string,
  subscription: SubscriptionRow,
  crossed: ThresholdRow[],
  lifetimeUsageAmountMinor: bigint,
): Promise<void> {
  await tx.insert(appliedUsageThresholds).values(
    crossed.map((threshold) => ({
      organizationId,
      id: newId(),
      invoiceId,
      subscriptionId: subscription.id,
      usageThresholdId: threshold.id,
      thresholdAmountMinor: threshold.amountMinor,
      recurring: threshold.recurring,
      lifetimeUsageAmountMinor,
      createdAt: new Date(now),
    })),
  );
  for (const threshold of crossed) {
    await announce(tx, organizationId, now, {
      type: 'subscription.usage_threshold_reached',
      objectId: subscription.id,
      payload: { usageThresholdId: threshold.id },
    });
  }
}
