import { and, eq } from 'drizzle-orm';
import { subscriptions } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { loadCustomer, lockCustomer } from '@/lib/invoicing/customers';
import { billInAdvance } from '@/lib/invoicing/in-advance';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { activeWallets, refreshOngoing } from '@/lib/invoicing/ongoing';
import { billProgressively } from '@/lib/invoicing/progressive';
import { loadRunningUsage, type RunningUsage } from '@/lib/invoicing/running-usage';
import { checkUsageAlerts, checkWalletAlerts } from '../alerts/check';
import { readSubscription } from '../subscriptions/read';
import { refillWallet } from './top-ups';

interface DueCheck {
  subjectId: string;
  payload: Record<string, unknown>;
}

function transactionIdsOf({ payload }: DueCheck): string[] {
  const ids = payload.transactionIds;
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
}

/**
 * Due: usage has arrived, or was billed, for a subscription. In turn: what is paid event by event, what has passed a
 * threshold, alerts, and what the usage leaves of prepaid credits (semantics 6.11, 7.2, 7.4, 10.7).
 */
export async function usageCheckDue(ctx: BillingContext, item: DueCheck): Promise<void> {
  const { customerId } = await readSubscription(ctx, item.subjectId);
  await lockCustomer(ctx, customerId);
  const transactionIds = transactionIdsOf(item);
  if (transactionIds.length > 0) await billInAdvance(ctx, item.subjectId, transactionIds);
  const subscription = await readSubscription(ctx, item.subjectId);
  if (subscription.status === 'active') {
    const running = await runningUsage(ctx, subscription);
    await billProgressively(ctx, running);
    await checkUsageAlerts(ctx, running);
  }
  await checkWallets(ctx, customerId);
}

async function runningUsage(ctx: BillingContext, subscription: SubscriptionRow): Promise<RunningUsage> {
  const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
  return loadRunningUsage(ctx, billed, subscription);
}

/** Credits serve all of a customer's agreements, so the usage of each of them counts. */
async function checkWallets(ctx: BillingContext, customerId: string): Promise<void> {
  if ((await activeWallets(ctx, customerId)).length === 0) return;
  const rows = await ctx.tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.customerId, customerId),
        eq(subscriptions.status, 'active'),
      ),
    );
  const running: RunningUsage[] = [];
  for (const row of rows) running.push(await runningUsage(ctx, row));
  for (const wallet of await refreshOngoing(ctx, customerId, running)) {
    await refillWallet(ctx, wallet);
    await checkWalletAlerts(ctx, wallet);
  }
}
