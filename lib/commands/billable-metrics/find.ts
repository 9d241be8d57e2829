import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billableMetrics, charges } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';

export type MetricRow = typeof billableMetrics.$inferSelect;

/** Throws not_found. */
export async function findMetric(tx: Tx, organizationId: string, code: string): Promise<MetricRow> {
  const [row] = await tx
    .select()
    .from(billableMetrics)
    .where(
      and(
        eq(billableMetrics.organizationId, organizationId),
        eq(billableMetrics.code, code),
        isNull(billableMetrics.deletedAt),
      ),
    );
  return row ?? notFound('billable_metric');
}

/** Whether a plan charges by this metric: from then on what it counts stays as it is. */
export async function isAttached(tx: Tx, organizationId: string, metricId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: charges.id })
    .from(charges)
    .where(
      and(
        eq(charges.organizationId, organizationId),
        eq(charges.billableMetricId, metricId),
        isNull(charges.deletedAt),
      ),
    )
    .limit(1);
  return rows.length > 0;
}
