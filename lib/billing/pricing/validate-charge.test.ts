import { describe, expect, it } from 'vitest';
import { type ChargeTerms, validateCharge, validateFixedCharge } from './validate-charge.ts';

describe('what may be saved', () => {
  const tiers = (
    field: string,
    ranges: [unknown, unknown, unknown?, unknown?][],
    rate = 'per_unit_amount',
  ) => ({
    [field]: ranges.map(([from_value, to_value, r = '1', flat_amount = '0']) => ({
      from_value,
      to_value,
      [rate]: r,
      flat_amount,
    })),
  });
  const charge = (given: Partial<ChargeTerms>): ChargeTerms => ({
    model: 'standard',
    properties: { amount: '1' },
    metric: { aggregationType: 'sum_agg', recurring: false },
    payInAdvance: false,
    prorated: false,
    minAmountMinor: 0n,
    invoiceable: true,
    regroupPaidFees: null,
    ...given,
  });
  const recurring = { aggregationType: 'sum_agg', recurring: true } as const;

  it.each<[string, Partial<ChargeTerms>, Record<string, string[]>]>([
    ['standard', {}, {}],
    ['no amount', { properties: {} }, { amount: ['invalid_amount'] }],
    ['a negative amount', { properties: { amount: '-1' } }, { amount: ['invalid_amount'] }],
    ['a word for an amount', { properties: { amount: 'ten' } }, { amount: ['invalid_amount'] }],
    [
      'graduated without ranges',
      { model: 'graduated', properties: {} },
      { graduated_ranges: ['missing_graduated_ranges'] },
    ],
    [
      'graduated, classic',
      {
        model: 'graduated',
        properties: tiers('graduated_ranges', [
          [0, 10],
          [11, null],
        ]),
      },
      {},
    ],
    [
      'graduated, adjacent',
      {
        model: 'graduated',
        properties: tiers('graduated_ranges', [
          [0, 10],
          [10, 20],
          [20, null],
        ]),
      },
      {},
    ],
    [
      'graduated, mixed',
      {
        model: 'graduated',
        properties: tiers('graduated_ranges', [
          [0, 10],
          [11, 20],
          [20, null],
        ]),
      },
      { graduated_ranges: ['invalid_graduated_ranges'] },
    ],
    [
      'graduated, closed at the end',
      { model: 'graduated', properties: tiers('graduated_ranges', [[0, 10]]) },
      { graduated_ranges: ['invalid_graduated_ranges'] },
    ],
    [
      'graduated, a bad flat',
      { model: 'graduated', properties: tiers('graduated_ranges', [[0, null, '1', 'x']]) },
      { flat_amount: ['invalid_amount'] },
    ],
    [
      'graduated percentage, adjacent',
      {
        model: 'graduated_percentage',
        properties: tiers(
          'graduated_percentage_ranges',
          [
            [0, 10],
            [10, null],
          ],
          'rate',
        ),
      },
      { graduated_percentage_ranges: ['invalid_graduated_percentage_ranges'] },
    ],
    [
      'graduated percentage, a bad rate',
      {
        model: 'graduated_percentage',
        properties: tiers('graduated_percentage_ranges', [[0, null, '-1']], 'rate'),
      },
      { rate: ['invalid_rate'] },
    ],
    [
      'volume with a gap',
      {
        model: 'volume',
        properties: tiers('volume_ranges', [
          [0, 10],
          [15, null],
        ]),
      },
      { volume_ranges: ['invalid_volume_ranges'] },
    ],
    [
      'package',
      { model: 'package', properties: { amount: '1', package_size: 0, free_units: -1 } },
      { package_size: ['invalid_package_size'], free_units: ['invalid_free_units'] },
    ],
    [
      'percentage',
      {
        model: 'percentage',
        properties: {
          fixed_amount: 'x',
          free_units_per_events: '1.5',
          free_units_per_total_aggregation: '-1',
        },
      },
      {
        rate: ['invalid_rate'],
        fixed_amount: ['invalid_fixed_amount'],
        free_units_per_events: ['invalid_free_units_per_events'],
        free_units_per_total_aggregation: ['invalid_free_units_per_total_aggregation'],
      },
    ],
    [
      'percentage, limits crossed',
      {
        model: 'percentage',
        properties: { rate: '1', per_transaction_min_amount: '2', per_transaction_max_amount: '1' },
      },
      { per_transaction_max_amount: ['per_transaction_max_lower_than_per_transaction_min'] },
    ],
    [
      'dynamic on a count',
      { model: 'dynamic', properties: {}, metric: { aggregationType: 'count_agg', recurring: false } },
      { charge_model: ['invalid_aggregation_type_or_charge_model'] },
    ],
    [
      'volume in advance',
      { model: 'volume', properties: tiers('volume_ranges', [[0, null]]), payInAdvance: true },
      { pay_in_advance: ['invalid_aggregation_type_or_charge_model'] },
    ],
    [
      'a maximum in advance',
      { metric: { aggregationType: 'max_agg', recurring: false }, payInAdvance: true },
      { pay_in_advance: ['invalid_aggregation_type_or_charge_model'] },
    ],
    ['prorated metered', { prorated: true }, { prorated: ['invalid_billable_metric_or_charge_model'] }],
    ['prorated recurring', { prorated: true, metric: recurring }, {}],
    [
      'a minimum in advance',
      { payInAdvance: true, minAmountMinor: 1n },
      { min_amount_cents: ['not_compatible_with_pay_in_advance'] },
    ],
    [
      'not invoiceable in arrears',
      { invoiceable: false },
      { invoiceable: ['must_be_true_unless_pay_in_advance'] },
    ],
    [
      'regrouping invoiceable fees',
      { payInAdvance: true, regroupPaidFees: 'invoice' },
      { regroup_paid_fees: ['only_compatible_with_pay_in_advance_and_non_invoiceable'] },
    ],
  ])('%s', (_, given, errors) => expect(validateCharge(charge(given))).toEqual(errors));

  it('fixed charges', () => {
    const volume = {
      model: 'volume',
      properties: tiers('volume_ranges', [[0, null]]),
      payInAdvance: true,
      prorated: false,
    } as const;
    expect(validateFixedCharge(volume)).toEqual({
      pay_in_advance: ['invalid_aggregation_type_or_charge_model'],
    });
    const graduated = {
      model: 'graduated',
      properties: tiers('graduated_ranges', [[0, null]]),
      payInAdvance: true,
      prorated: true,
    } as const;
    expect(validateFixedCharge(graduated)).toEqual({ prorated: ['invalid_billable_metric_or_charge_model'] });
  });
});
