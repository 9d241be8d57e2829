import type { billableMetrics } from '@/db/schema';
import { ts } from '../wire.ts';

/** API contract 2.1. The legacy counters stand everywhere but on show. */
export function metricWire(metric: typeof billableMetrics.$inferSelect, options: { counters: boolean }) {
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
