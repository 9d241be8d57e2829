import type { Loose } from '../world.ts';
import type { Refusal } from './refusal.ts';

/** A plan that nothing is wrong with, but for its code. */
export const PLAN = { name: 'P', interval: 'monthly', amount_cents: 1000, amount_currency: 'EUR' };

const metric = (more: Loose) => ({
  billable_metric: { name: 'N', code: 'n', aggregation_type: 'sum_agg', field_name: 'n', ...more },
});
const METRICS: Refusal[] = [
  ['POST', '/billable_metrics', metric({ name: '' }), { name: ['value_is_mandatory'] }],
  ['POST', '/billable_metrics', metric({ code: 'sum' }), { code: ['value_already_exist'] }],
  [
    'POST',
    '/billable_metrics',
    metric({ aggregation_type: 'x' }),
    { aggregation_type: ['value_is_invalid'] },
  ],
  ['POST', '/billable_metrics', metric({ field_name: null }), { field_name: ['value_is_mandatory'] }],
  [
    'POST',
    '/billable_metrics',
    metric({ recurring: true, aggregation_type: 'max_agg' }),
    { recurring: ['not_compatible_with_aggregation_type'] },
  ],
  ['POST', '/billable_metrics', metric({ expression: '1 +' }), { expression: ['invalid_expression'] }],
  [
    'POST',
    '/billable_metrics/evaluate_expression',
    { expression: '1 +', event: {} },
    { expression: ['invalid_expression'] },
  ],
  ['POST', '/billable_metrics/evaluate_expression', { expression: '1 + 1' }, { event: ['invalid_event'] }],
];

const charge = (charge_model: string, properties: Loose, more: Loose = {}) => ({
  plan: {
    ...PLAN,
    code: 'q',
    charges: [{ billable_metric_id: '{sum}', charge_model, properties, ...more }],
  },
});
const CHARGES: Refusal[] = [
  ['POST', '/plans', charge('standard', { amount: 'x' }), { amount: ['invalid_amount'] }],
  [
    'POST',
    '/plans',
    charge('package', { amount: '1', package_size: 0, free_units: 1 }),
    { package_size: ['invalid_package_size'] },
  ],
  [
    'POST',
    '/plans',
    charge('package', { amount: '1', package_size: 1, free_units: -1 }),
    { free_units: ['invalid_free_units'] },
  ],
  ['POST', '/plans', charge('percentage', { rate: 'x' }), { rate: ['invalid_rate'] }],
  [
    'POST',
    '/plans',
    charge('standard', { amount: '1', pricing_group_keys: 'region', presentation_group_keys: [{}] }),
    { pricing_group_keys: ['invalid_type'], presentation_group_keys: ['invalid_type'] },
  ],
  [
    'POST',
    '/plans',
    charge('percentage', { rate: '1', fixed_amount: 'x' }),
    { fixed_amount: ['invalid_fixed_amount'] },
  ],
  [
    'POST',
    '/plans',
    charge('percentage', { rate: '1', free_units_per_events: -1 }),
    { free_units_per_events: ['invalid_free_units_per_events'] },
  ],
  [
    'POST',
    '/plans',
    charge('percentage', { rate: '1', free_units_per_total_aggregation: 'x' }),
    { free_units_per_total_aggregation: ['invalid_free_units_per_total_aggregation'] },
  ],
  [
    'POST',
    '/plans',
    charge('percentage', { rate: '1', per_transaction_min_amount: '5', per_transaction_max_amount: '1' }),
    { per_transaction_max_amount: ['per_transaction_max_lower_than_per_transaction_min'] },
  ],
  [
    'POST',
    '/plans',
    charge('graduated', { graduated_ranges: [] }),
    { graduated_ranges: ['missing_graduated_ranges'] },
  ],
  [
    'POST',
    '/plans',
    charge('graduated', {
      graduated_ranges: [{ from_value: 1, to_value: null, per_unit_amount: '1', flat_amount: '0' }],
    }),
    { graduated_ranges: ['invalid_graduated_ranges'] },
  ],
  ['POST', '/plans', charge('volume', { volume_ranges: [] }), { volume_ranges: ['missing_volume_ranges'] }],
  [
    'POST',
    '/plans',
    charge('graduated_percentage', { graduated_percentage_ranges: [] }),
    { graduated_percentage_ranges: ['missing_graduated_percentage_ranges'] },
  ],
  [
    'POST',
    '/plans',
    charge(
      'volume',
      { volume_ranges: [{ from_value: 0, to_value: null, per_unit_amount: '1', flat_amount: '0' }] },
      { pay_in_advance: true },
    ),
    { pay_in_advance: ['invalid_aggregation_type_or_charge_model'] },
  ],
  [
    'POST',
    '/plans',
    charge('standard', { amount: '1' }, { prorated: true }),
    { prorated: ['invalid_billable_metric_or_charge_model'] },
  ],
  [
    'POST',
    '/plans',
    charge('standard', { amount: '1' }, { pay_in_advance: true, min_amount_cents: 5 }),
    { min_amount_cents: ['not_compatible_with_pay_in_advance'] },
  ],
  [
    'POST',
    '/plans',
    charge('standard', { amount: '1' }, { invoiceable: false }),
    { invoiceable: ['must_be_true_unless_pay_in_advance'] },
  ],
  [
    'POST',
    '/plans',
    charge('standard', { amount: '1' }, { regroup_paid_fees: 'invoice' }),
    { regroup_paid_fees: ['only_compatible_with_pay_in_advance_and_non_invoiceable'] },
  ],
  [
    'POST',
    '/plans',
    charge('standard', { amount: '1' }, { filters: [{ properties: { amount: '1' }, values: {} }] }),
    { values: ['value_is_mandatory'] },
  ],
  ['POST', '/plans', { plan: { ...PLAN, code: 'q', interval: 'daily' } }, { interval: ['value_is_invalid'] }],
  ['POST', '/plans', { plan: { ...PLAN, code: 'p' } }, { code: ['value_already_exist'] }],
  [
    'POST',
    '/plans',
    { plan: { ...PLAN, code: 'q', trial_period: -1, usage_thresholds: [{ amount_cents: 0 }] } },
    { trial_period: ['value_is_out_of_range'], amount_cents: ['value_is_out_of_range'] },
  ],
  [
    'POST',
    '/plans',
    { plan: { interval: 'monthly', amount_currency: 'EUR' } },
    { name: ['value_is_mandatory'], code: ['value_is_mandatory'], amount_cents: ['value_is_mandatory'] },
  ],
];

/** What plans, meters and charges must not be. */
export const REFUSED_CATALOGUE: Refusal[] = [...METRICS, ...CHARGES];
