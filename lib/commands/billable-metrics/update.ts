import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { billableMetrics } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { findMetric, isAttached, type MetricRow } from './find.ts';
import { metricErrors, metricInput } from './input.ts';

const input = z.object({ code: text(), changes: metricInput.partial() });

/**
 * Changes a metric in place (Lago's contract). Once a plan charges by it only its name, description, filters and unit
 * word change; the other members are left as they are.
 */
export const updateMetric = defineCommand<z.infer<typeof input>, MetricRow>({
  name: 'billable-metrics/update',
  input,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const { tx, organizationId, now } = ctx;
    const before = await findMetric(tx, organizationId, code);
    const free = {
      name: changes.name ?? before.name,
      description: changes.description === undefined ? before.description : changes.description,
      filters: changes.filters === undefined ? before.filters : (changes.filters ?? []),
      unitName: changes.unit_name === undefined ? before.unitName : changes.unit_name,
    };
    const aggregationType = changes.aggregation_type ?? before.aggregationType;
    const counting = (await isAttached(tx, organizationId, before.id))
      ? {}
      : {
          code: changes.code ?? before.code,
          aggregationType,
          fieldName: aggregationType === 'count_agg' ? null : changes.field_name || before.fieldName,
          recurring: changes.recurring ?? before.recurring,
          expression: changes.expression === undefined ? before.expression : changes.expression || null,
          roundingFunction:
            changes.rounding_function === undefined ? before.roundingFunction : changes.rounding_function,
          roundingPrecision:
            changes.rounding_precision === undefined ? before.roundingPrecision : changes.rounding_precision,
          weightedInterval:
            aggregationType === 'weighted_sum_agg' ? (changes.weighted_interval ?? 'seconds') : null,
        };
    const errors = metricErrors({ ...before, ...counting });
    if (Object.keys(errors).length > 0) invalid(errors);
    const [after] = await tx
      .update(billableMetrics)
      .set({ ...free, ...counting })
      .where(and(eq(billableMetrics.organizationId, organizationId), eq(billableMetrics.id, before.id)))
      .returning();
    await flagDrafts(ctx, 'all');
    await announce(tx, organizationId, now, { type: 'billable_metric.updated', objectId: before.id });
    return {
      result: after ?? before,
      title: `Change the meter "${before.name}"`,
      subject: { type: 'billable_metric', id: before.id },
      before,
      after,
    };
  },
});
