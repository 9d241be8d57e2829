import fc from 'fast-check';
import type { ChargeFacts, ChargeModelName, MetricFacts, TaxFacts } from '../../../invoice/facts.ts';
import { charge, metric } from '../../../invoice/testing/facts-builder.ts';
import { properties } from './prices.ts';

/** Random metrics and the charges on them, with filters, groups, minimums and taxes. */

const AGGREGATIONS = [
  'count_agg',
  'sum_agg',
  'max_agg',
  'latest_agg',
  'unique_count_agg',
  'weighted_sum_agg',
] as const;
const AHEAD = ['sum_agg', 'unique_count_agg', 'count_agg'];
const RECURRING = ['sum_agg', 'unique_count_agg', 'weighted_sum_agg'];

const metricOf = (id: string): fc.Arbitrary<MetricFacts> =>
  fc
    .record({
      aggregationType: fc.constantFrom(...AGGREGATIONS),
      recurring: fc.boolean(),
      rounding: fc.option(
        fc.record({
          fn: fc.constantFrom('round' as const, 'ceil' as const, 'floor' as const),
          precision: fc.integer({ min: 0, max: 1 }),
        }),
      ),
    })
    .map(({ recurring, ...rest }) =>
      metric({
        ...rest,
        id,
        code: id,
        fieldName:
          rest.aggregationType === 'count_agg'
            ? null
            : rest.aggregationType === 'unique_count_agg'
              ? 'seat'
              : 'v',
        recurring: recurring && RECURRING.includes(rest.aggregationType),
        filters: { region: ['eu', 'us'], tier: ['a', 'b'] },
      }),
    );

function modelsFor({ aggregationType, recurring }: MetricFacts): ChargeModelName[] {
  const all: ChargeModelName[] = ['standard', 'graduated', 'graduated_percentage', 'package', 'volume'];
  // Prorated steps have most to go wrong.
  const often: ChargeModelName[] = recurring ? ['graduated', 'graduated', 'graduated', 'graduated'] : [];
  if (aggregationType === 'sum_agg') return [...all, ...often, 'percentage', 'dynamic'];
  return aggregationType === 'count_agg' || aggregationType === 'unique_count_agg'
    ? [...all, ...often, 'percentage']
    : all;
}

const TAXES: TaxFacts[] = ['20', '5.5', '0'].map((rate) => ({
  id: `tax-${rate}`,
  code: rate,
  name: rate,
  description: null,
  rate,
}));
export const taxes = fc.subarray(TAXES, { maxLength: 2 });

const filterValues = fc.constantFrom<Record<string, string[]>>(
  { region: ['eu'] },
  { region: ['eu', 'us'] },
  { region: ['__ALL_FILTER_VALUES__'], tier: ['a'] },
  { tier: ['b'] },
);

export const chargeOf = (id: string): fc.Arbitrary<ChargeFacts> =>
  metricOf(`metric-${id}`).chain((of) =>
    fc.constantFrom(...modelsFor(of)).chain((model) =>
      fc
        .record({
          own: properties[model],
          filter: fc.option(fc.tuple(filterValues, properties[model])),
          grouped: fc.boolean(),
          minimum: fc.constantFrom(0n, 0n, 700n, 4321n),
          prorated: fc.constantFrom(true, true, false),
          ahead: fc.constantFrom(true, false, false),
          taxes,
        })
        .map(({ own, filter, grouped, minimum, prorated, ahead, taxes: onIt }) => {
          const mayAhead = AHEAD.includes(of.aggregationType) && model !== 'volume';
          const payInAdvance = ahead && mayAhead;
          const mayProrate =
            of.recurring &&
            of.aggregationType !== 'weighted_sum_agg' &&
            !payInAdvance &&
            ['standard', 'volume', 'graduated'].includes(model);
          return charge({
            id,
            code: id,
            metric: of,
            model,
            payInAdvance,
            prorated: prorated && mayProrate,
            minAmountMinor: payInAdvance ? 0n : minimum,
            properties: grouped ? { ...own, pricing_group_keys: ['tier'] } : own,
            filters: filter
              ? [{ id: `${id}-filter`, displayName: null, values: filter[0], properties: filter[1] }]
              : [],
            taxes: onIt,
          });
        }),
    ),
  );
