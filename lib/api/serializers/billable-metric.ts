import { z } from 'zod';
import type { billableMetrics } from '@/db/schema';
import { AGGREGATION_TYPES } from '@/lib/billing/metering/registry';
import { ts } from '../wire.ts';
import { is, resource, type Wire, word } from '../wire-schema.ts';

export const metricSchema = resource('BillableMetric', {
  lago_id: is.uuid,
  name: is.str,
  code: is.str,
  description: is.str.nullable(),
  aggregation_type: word(AGGREGATION_TYPES),
  weighted_interval: word(['seconds']).nullable(),
  recurring: is.bool,
  rounding_function: z.enum(['round', 'ceil', 'floor']).nullable(),
  rounding_precision: is.int.nullable(),
  created_at: is.ts,
  field_name: is.str.nullable(),
  expression: is.str.nullable(),
  active_subscriptions_count: is.int.optional(),
  draft_invoices_count: is.int.optional(),
  plans_count: is.int.optional(),
  filters: z.array(z.object({ key: is.str, values: is.texts })),
});

/** API contract 2.1. The legacy counters stand everywhere but on show. */
export function metricWire(
  metric: typeof billableMetrics.$inferSelect,
  options: { counters: boolean },
): Wire<typeof metricSchema> {
  return {
    lago_id: metric.id,
    name: metric.name,
    code: metric.code,
    description: metric.description,
    aggregation_type: metric.aggregationType,
    weighted_interval: metric.weightedInterval,
    recurring: metric.recurring,
    rounding_function: metric.roundingFunction,
    rounding_precision: metric.roundingPrecision,
    created_at: ts(metric.createdAt),
    field_name: metric.fieldName,
    expression: metric.expression,
    ...(options.counters ? { active_subscriptions_count: 0, draft_invoices_count: 0, plans_count: 0 } : {}),
    filters: metric.filters.map(({ key, values }) => ({ key, values: [...values].sort() })),
  };
}
