import { and, asc, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { alertThresholds, usageAlerts } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';

export type AlertRow = typeof usageAlerts.$inferSelect;
export type AlertThresholdRow = typeof alertThresholds.$inferSelect;

/** What an alert watches: a subscription, by its external id, or a wallet. */
export type Watched = { externalSubscriptionId: string } | { walletId: string };

export function watchedBy(organizationId: string, watched: Watched): SQL | undefined {
  return and(
    eq(usageAlerts.organizationId, organizationId),
    'walletId' in watched
      ? eq(usageAlerts.walletId, watched.walletId)
      : eq(usageAlerts.externalSubscriptionId, watched.externalSubscriptionId),
    isNull(usageAlerts.deletedAt),
  );
}

/** Throws not_found. */
export async function findAlert(
  tx: Tx,
  organizationId: string,
  watched: Watched,
  code: string,
): Promise<AlertRow> {
  const [row] = await tx
    .select()
    .from(usageAlerts)
    .where(and(watchedBy(organizationId, watched), eq(usageAlerts.code, code)));
  return row ?? notFound('alert');
}

/** The thresholds of alerts: fixed ones by value, then the recurring one. */
export async function thresholdsOf(
  tx: Tx,
  organizationId: string,
  alertIds: string[],
): Promise<(alertId: string) => AlertThresholdRow[]> {
  const rows =
    alertIds.length === 0
      ? []
      : await tx
          .select()
          .from(alertThresholds)
          .where(
            and(
              eq(alertThresholds.organizationId, organizationId),
              inArray(alertThresholds.alertId, alertIds),
            ),
          )
          .orderBy(asc(alertThresholds.recurring), asc(alertThresholds.value), asc(alertThresholds.id));
  return (alertId) => rows.filter((row) => row.alertId === alertId);
}
