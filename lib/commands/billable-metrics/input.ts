import { z } from 'zod';
import { AGGREGATION_TYPES } from '@/lib/billing/metering/registry';
import { parseExpression } from '@/lib/usage/expression';
import { integer, oneOf, optionalFlag, optionalText, text } from '../core/fields.ts';

const filters = z
  .array(
    z.object({
      key: text(),
      values: z.array(text(), { error: 'value_is_mandatory' }).min(1, { error: 'value_is_mandatory' }),
    }),
    { error: 'value_is_invalid' },
  )
  .nullish();

const expression = optionalText().refine((value) => !value || parseExpression(value) !== null, {
  error: 'invalid_expression',
});

/** Inputs of the catalogue speak the wire's member names, so a refusal names the member its caller sent. */
export const metricInput = z.object({
  name: text(),
  code: text(),
  description: optionalText(),
  aggregation_type: oneOf(AGGREGATION_TYPES),
  field_name: optionalText(),
  recurring: optionalFlag(),
  expression,
  rounding_function: z.enum(['round', 'ceil', 'floor'], { error: 'value_is_invalid' }).nullish(),
  rounding_precision: integer(-30, 30).nullish(),
  weighted_interval: z.enum(['seconds'], { error: 'value_is_invalid' }).nullish(),
  filters,
  unit_name: optionalText(40),
});
export type MetricInput = z.infer<typeof metricInput>;

const NEVER_RECURRING = new Set(['count_agg', 'max_agg', 'latest_agg']);

/** Rules between members (API contract 2.1): field → codes. */
export function metricErrors(metric: {
  aggregationType: string;
  fieldName: string | null;
  recurring: boolean;
}): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  if (metric.recurring && NEVER_RECURRING.has(metric.aggregationType)) {
    errors.recurring = ['not_compatible_with_aggregation_type'];
  }
  if (metric.aggregationType !== 'count_agg' && !metric.fieldName) errors.field_name = ['value_is_mandatory'];
  return errors;
}
