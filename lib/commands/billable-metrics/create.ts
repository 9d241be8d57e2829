import { newId } from '@/db/ids';
import { billableMetrics } from '@/db/schema';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { orTaken } from '../core/taken.ts';
import type { MetricRow } from './find.ts';
import { type MetricInput, metricErrors, metricInput } from './input.ts';

/** Adds a billable metric to the catalogue. On screen: "Add a meter". */
export const createMetric = defineCommand<MetricInput, MetricRow>({
  name: 'billable-metrics/create',
  input: metricInput,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, input) {
    const aggregationType = input.aggregation_type;
    const values = {
      organizationId,
      id: newId(),
      code: input.code,
      name: input.name,
      description: input.description ?? null,
      aggregationType,
      fieldName: aggregationType === 'count_agg' ? null : input.field_name || null,
      recurring: input.recurring ?? false,
      expression: input.expression || null,
      roundingFunction: input.rounding_function ?? null,
      roundingPrecision: input.rounding_precision ?? null,
      weightedInterval:
        aggregationType === 'weighted_sum_agg' ? (input.weighted_interval ?? 'seconds') : null,
      filters: input.filters ?? [],
      unitName: input.unit_name ?? null,
      createdAt: new Date(now),
    };
    const errors = metricErrors(values);
    if (Object.keys(errors).length > 0) invalid(errors);
    const metric = orTaken(await tx.insert(billableMetrics).values(values).onConflictDoNothing().returning());
    await announce(tx, organizationId, now, { type: 'billable_metric.created', objectId: metric.id });
    return {
      result: metric,
      title: `Add the meter "${metric.name}"`,
      subject: { type: 'billable_metric', id: metric.id },
      after: metric,
    };
  },
});
