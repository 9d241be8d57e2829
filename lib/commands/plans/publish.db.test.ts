import { afterAll, beforeAll, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { loadPlanGraphs, type PlanGraph } from '@/lib/queries/api/plan-graph';
import { planCards } from '@/lib/queries/console/plans';
import { createAddOn } from '../add-ons/create';
import { createMetric } from '../billable-metrics/create';
import { createTax } from '../taxes/create';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { publishPlan } from './publish';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-03-01T00:00:00Z');
});
afterAll(() => world.close());

const current = (code: string): Promise<PlanGraph> =>
  withTenant(world.databases, world.organizationId, async (tx) => {
    const [card] = await planCards(tx, world.organizationId, Date.parse('2026-03-01T00:00:00Z'), code);
    const [row] = await tx.query.plans.findMany({
      where: (plans, { and, eq }) =>
        and(eq(plans.organizationId, world.organizationId), eq(plans.id, card?.id ?? '')),
    });
    const versionId = row?.currentVersionId ?? '';
    const graph = (await loadPlanGraphs(tx, world.organizationId, [versionId])).get(versionId);
    if (!graph) throw new Error('No such version');
    return graph;
  });

it('a new version changes what was drafted and takes over every other agreement', async () => {
  const tax = { name: 'VAT', code: 'vat', rate: '20', applied_to_organization: false };
  await world.run(createTax, tax);
  await world.run(createAddOn, { name: 'Seats', code: 'seats', amount_cents: 900, amount_currency: 'USD' });
  const metric = { name: 'Minutes', code: 'minutes', aggregation_type: 'sum_agg', field_name: 'minutes' };
  const filters = [{ key: 'region', values: ['eu', 'us'] }];
  const { id: metricId } = await world.run(createMetric, { ...metric, filters });
  await world.plan('crew', {
    interval: 'yearly',
    bill_charges_monthly: true,
    minimum_commitment: { amount_cents: 50_000, tax_codes: ['vat'] },
    usage_thresholds: [{ amount_cents: 20_000 }],
    fixed_charges: [
      {
        add_on_code: 'seats',
        charge_model: 'standard',
        units: '3',
        properties: { amount: '9' },
        tax_codes: ['vat'],
      },
    ],
    charges: [
      {
        billable_metric_id: metricId,
        charge_model: 'standard',
        min_amount_cents: 700,
        properties: { amount: '2', pricing_group_keys: ['team'] },
        filters: [{ values: { region: ['eu'] }, properties: { amount: '3' } }],
        tax_codes: ['vat'],
      },
    ],
  });
  const before = await current('crew');
  const draft = {
    code: 'crew',
    name: 'Crew',
    interval: 'yearly',
    amountMinor: '15000',
    currency: 'USD',
    payInAdvance: true,
    version: 2,
  };
  const carries = before.charges[0]?.row.id;
  const price = { metricId, model: 'standard', properties: { amount: '2.5' }, carries };
  await world.run(publishPlan, { ...draft, charges: [price] }, world.person(['finance']));
  const second = await current('crew');
  expect(second.version).toMatchObject({ version: 2, amountMinor: 15_000n, billChargesMonthly: true });
  expect(second.commitment).toMatchObject({ amountMinor: 50_000n });
  expect(second.commitment?.taxes.map((one) => one.tax.code)).toEqual(['vat']);
  expect(second.thresholds.map(({ amountMinor }) => amountMinor)).toEqual([20_000n]);
  expect(second.fixedCharges).toHaveLength(1);
  expect(second.fixedCharges[0]?.row).toMatchObject({ units: '3', properties: { amount: '9' } });
  expect(second.charges[0]?.row).toMatchObject({
    code: before.charges[0]?.row.code,
    minAmountMinor: 700n,
    properties: { amount: '2.5', pricing_group_keys: ['team'] },
  });
  expect(second.charges[0]?.filters).toMatchObject([
    { values: { region: ['eu'] }, properties: { amount: '3' } },
  ]);
  expect(second.charges[0]?.taxes.map((one) => one.tax.code)).toEqual(['vat']);
  // The version before stands as it was, for those who are on it.
  expect(before.charges[0]?.row.properties).toMatchObject({ amount: '2' });

  // Another model of price leaves the prices per filter behind: they were prices of the former model.
  const packages = { amount: '5', package_size: 100 };
  const next = { metricId, model: 'package', properties: packages, carries: second.charges[0]?.row.id };
  await world.run(publishPlan, { ...draft, version: 3, charges: [next] }, world.person(['finance']));
  const third = await current('crew');
  expect(third.charges[0]?.row).toMatchObject({ chargeModel: 'package', minAmountMinor: 700n });
  expect(third.charges[0]?.filters).toEqual([]);
});
