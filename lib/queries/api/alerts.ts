import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { alertThresholds, billableMetrics, usageAlerts, wallets } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type AlertRow = typeof usageAlerts.$inferSelect;

/** An alert with what its wire object needs. */
export interface AlertObject {
  alert: AlertRow;
  thresholds: (typeof alertThresholds.$inferSelect)[];
  metric: typeof billableMetrics.$inferSelect | null;
  walletCode: string | null;
}

/** Objects of any number of alerts, in the order given; a fixed number of queries. */
export async function loadAlertObjects(
  tx: Tx,
  organizationId: string,
  rows: AlertRow[],
): Promise<AlertObject[]> {
  if (rows.length === 0) return [];
  const thresholds = await tx
    .select()
    .from(alertThresholds)
    .where(
      and(
        eq(alertThresholds.organizationId, organizationId),
        inArray(
          alertThresholds.alertId,
          rows.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(alertThresholds.recurring, alertThresholds.value, alertThresholds.id);
  const metricIds = rows.flatMap(({ billableMetricId }) => billableMetricId ?? []);
  const metrics =
    metricIds.length === 0
      ? []
      : await tx
          .select()
          .from(billableMetrics)
          .where(
            and(eq(billableMetrics.organizationId, organizationId), inArray(billableMetrics.id, metricIds)),
          );
  const walletIds = rows.flatMap(({ walletId }) => walletId ?? []);
  const walletRows =
    walletIds.length === 0
      ? []
      : await tx
          .select({ id: wallets.id, code: wallets.code })
          .from(wallets)
          .where(and(eq(wallets.organizationId, organizationId), inArray(wallets.id, walletIds)));
  return rows.map((alert) => ({
    alert,
    thresholds: thresholds.filter(({ alertId }) => alertId === alert.id),
    metric: metrics.find(({ id }) => id === alert.billableMetricId) ?? null,
    walletCode: walletRows.find(({ id }) => id === alert.walletId)?.code ?? null,
  }));
}

/** Alerts that watch one subscription (by its external id) or one wallet, newest first. */
export async function listAlerts(
  tx: Tx,
  organizationId: string,
  watched: { externalSubscriptionId: string } | { walletId: string },
  window: PageWindow,
): Promise<Listed<AlertObject>> {
  const where = and(
    eq(usageAlerts.organizationId, organizationId),
    isNull(usageAlerts.deletedAt),
    'walletId' in watched
      ? eq(usageAlerts.walletId, watched.walletId)
      : eq(usageAlerts.externalSubscriptionId, watched.externalSubscriptionId),
  );
  const totalCount = await tx.$count(usageAlerts, where);
  const rows = await tx
    .select()
    .from(usageAlerts)
    .where(where)
    .orderBy(desc(usageAlerts.createdAt), desc(usageAlerts.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { totalCount, rows: await loadAlertObjects(tx, organizationId, rows) };
}
