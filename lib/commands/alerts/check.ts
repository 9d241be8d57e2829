import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { usageAlerts, type wallets } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import type { BillingContext } from '@/lib/invoicing/context';
import type { RunningUsage } from '@/lib/invoicing/running-usage';
import { announce } from '@/lib/schedule/outbox';
import { crossings } from './crossings.ts';
import { type AlertRow, thresholdsOf, watchedBy } from './find.ts';
import { usageValue, walletValue } from './values.ts';

/** Looks at the alerts of a subscription and tells of thresholds its usage has passed since they were last looked at. */
export async function checkUsageAlerts(ctx: BillingContext, running: RunningUsage): Promise<void> {
  const { tx, organizationId } = ctx;
  const { externalId } = running.subscription;
  const alerts = await tx
    .select()
    .from(usageAlerts)
    .where(watchedBy(organizationId, { externalSubscriptionId: externalId }));
  const values = new Map<string, Exact>();
  for (const alert of alerts) values.set(alert.id, await usageValue(ctx, running, alert));
  await tellCrossings(ctx, alerts, values, {
    lago_subscription_id: running.subscription.id,
    external_subscription_id: externalId,
  });
}

/** The same for a wallet's alerts. */
export async function checkWalletAlerts(
  ctx: BillingContext,
  wallet: typeof wallets.$inferSelect,
): Promise<void> {
  const alerts = await ctx.tx
    .select()
    .from(usageAlerts)
    .where(watchedBy(ctx.organizationId, { walletId: wallet.id }));
  const values = new Map(alerts.map((alert) => [alert.id, walletValue(wallet, alert.alertType)]));
  await tellCrossings(ctx, alerts, values, { lago_wallet_id: wallet.id, wallet_code: wallet.code });
}

async function tellCrossings(
  ctx: BillingContext,
  alerts: AlertRow[],
  values: ReadonlyMap<string, Exact>,
  subject: Record<string, string>,
): Promise<void> {
  if (alerts.length === 0) return;
  const { tx, organizationId, now } = ctx;
  const thresholds = await thresholdsOf(
    tx,
    organizationId,
    alerts.map(({ id }) => id),
  );
  for (const alert of alerts) {
    const current = values.get(alert.id) ?? Exact.ZERO;
    const previous = Exact.of(alert.previousValue);
    const crossed = crossings(thresholds(alert.id), { direction: alert.direction, previous, current });
    await tx
      .update(usageAlerts)
      .set({ previousValue: current.toDecimalString(20), lastProcessedAt: new Date(now) })
      .where(and(eq(usageAlerts.organizationId, organizationId), eq(usageAlerts.id, alert.id)));
    if (crossed.length === 0) continue;
    await announce(tx, organizationId, now, {
      type: 'alert.triggered',
      objectId: alert.id,
      payload: {
        lago_id: newId(),
        lago_alert_id: alert.id,
        ...subject,
        alert_type: alert.alertType,
        alert_code: alert.code,
        alert_name: alert.name,
        billable_metric_id: alert.billableMetricId,
        previous_value: previous.toString(),
        current_value: current.toString(),
        crossed_thresholds: crossed.map(({ code, value, recurring }) => ({ code, value, recurring })),
        triggered_at: new Date(now).toISOString(),
      },
    });
  }
}
