import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { billableMetrics, charges } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { findMetric, type MetricRow } from './find.ts';

const input = z.object({ code: text() });

/** Removes a metric with the charges that use it (Lago's contract). Issued bills stay; drafts are worked out again. */
export const deleteMetric = defineCommand<z.infer<typeof input>, MetricRow>({
  name: 'billable-metrics/delete',
  input,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const metric = await findMetric(tx, organizationId, code);
    const deletedAt = new Date(now);
    await tx
      .update(charges)
      .set({ deletedAt })
      .where(
        and(
          eq(charges.organizationId, organizationId),
          eq(charges.billableMetricId, metric.id),
          isNull(charges.deletedAt),
        ),
      );
    await tx
      .update(billableMetrics)
      .set({ deletedAt })
      .where(and(eq(billableMetrics.organizationId, organizationId), eq(billableMetrics.id, metric.id)));
    await flagDrafts(ctx, 'all');
    await announce(tx, organizationId, now, {
      type: 'billable_metric.deleted',
      objectId: metric.id,
    });
    return {
      result: metric,
      title: `Remove the meter "${metric.name}"`,
      subject: { type: 'billable_metric', id: metric.id },
      before: metric,
    };
  },
});
