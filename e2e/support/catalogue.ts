import type { Api } from './api.ts';

/** Units that cost nothing, then a price for each further one. */
const included = (units: number, price: string) => ({
  charge_model: 'graduated',
  properties: {
    graduated_ranges: [
      { from_value: 0, to_value: units, per_unit_amount: '0', flat_amount: '0' },
      { from_value: units + 1, to_value: null, per_unit_amount: price, flat_amount: '0' },
    ],
  },
});

/** Solo $24, Crew $140, Studio $640 a month, at the start of it, after 30 free days; minutes and storage on top. */
const PLANS = [
  { code: 'solo', name: 'Solo', cents: 2_400, minutes: included(300, '0.04'), storage: included(5, '0.15') },
  {
    code: 'crew',
    name: 'Crew',
    cents: 14_000,
    minutes: included(3_000, '0.02'),
    storage: included(50, '0.15'),
  },
  {
    code: 'studio',
    name: 'Studio',
    cents: 64_000,
    minutes: included(20_000, '0.018'),
    storage: included(500, '0.15'),
  },
] as const;

const METERS = [
  { code: 'minutes', name: 'Minutes', field_name: 'minutes', unit_name: 'minute' },
  { code: 'storage', name: 'Storage', field_name: 'gigabytes', unit_name: 'GB' },
] as const;

/** Makes the meters and the plans over the API. */
export async function makeCatalogue(api: Api): Promise<void> {
  const [minutes, storage] = await Promise.all(
    METERS.map((meter) =>
      api.post<{ billable_metric: { lago_id: string } }>('/billable_metrics', {
        billable_metric: { ...meter, aggregation_type: 'sum_agg' },
      }),
    ),
  );
  const charge = (metric: typeof minutes, code: string, price: ReturnType<typeof included>) => ({
    billable_metric_id: metric?.billable_metric.lago_id,
    code,
    ...price,
  });
  await Promise.all(
    PLANS.map((plan) =>
      api.post('/plans', {
        plan: {
          code: plan.code,
          name: plan.name,
          interval: 'monthly',
          amount_cents: plan.cents,
          amount_currency: 'USD',
          pay_in_advance: true,
          trial_period: 30,
          charges: [charge(minutes, 'minutes', plan.minutes), charge(storage, 'storage', plan.storage)],
        },
      }),
    ),
  );
}
