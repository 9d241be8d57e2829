import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, type Loose, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;
let other: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  other = await world.organization();
});
afterAll(() => world.close());

const metric = (code: string, more: object = {}) => ({
  billable_metric: { name: code, code, aggregation_type: 'sum_agg', field_name: 'value', ...more },
});

async function newMetric(caller: Caller, code: string, more: object = {}): Promise<string> {
  const { status, body } = await caller.post('/billable_metrics', metric(code, more));
  expect(status, JSON.stringify(body)).toBe(200);
  return body.billable_metric.lago_id;
}

describe('billable metrics', () => {
  it('creates, shows, lists, changes and removes', async () => {
    const created = await firm.post(
      '/billable_metrics',
      metric('calls.v1', { filters: [{ key: 'region', values: ['us', 'eu'] }], unknown_member: 1 }),
    );
    expect(created.body.billable_metric).toMatchObject({
      code: 'calls.v1',
      aggregation_type: 'sum_agg',
      recurring: false,
      weighted_interval: null,
      filters: [{ key: 'region', values: ['eu', 'us'] }],
      created_at: '2024-03-05T10:00:00Z',
      plans_count: 0,
    });
    const shown = await firm.get('/billable_metrics/calls.v1');
    expect(shown.body.billable_metric).not.toHaveProperty('plans_count');
    const changed = await firm.call('PATCH', '/billable_metrics/calls.v1', {
      billable_metric: { name: 'Calls', description: 'x' },
    });
    expect(changed.body.billable_metric).toMatchObject({
      name: 'Calls',
      description: 'x',
      field_name: 'value',
    });
    expect((await other.get('/billable_metrics/calls.v1')).body).toEqual({
      status: 404,
      error: 'Not Found',
      code: 'billable_metric_not_found',
    });
    expect((await firm.remove('/billable_metrics/calls.v1')).status).toBe(200);
    expect((await firm.get('/billable_metrics/calls.v1')).status).toBe(404);
    await newMetric(firm, 'calls.v1');
  });

  it('refuses with codes by field', async () => {
    await newMetric(firm, 'taken');
    const refusals: [object, object][] = [
      [{ name: 'x' }, { code: ['value_is_mandatory'], aggregation_type: ['value_is_invalid'] }],
      [metric('taken').billable_metric, { code: ['value_already_exist'] }],
      [{ ...metric('m').billable_metric, field_name: null }, { field_name: ['value_is_mandatory'] }],
      [
        { ...metric('m').billable_metric, aggregation_type: 'max_agg', recurring: true },
        { recurring: ['not_compatible_with_aggregation_type'] },
      ],
      [{ ...metric('m').billable_metric, expression: 'round(' }, { expression: ['invalid_expression'] }],
      [
        { ...metric('m').billable_metric, filters: [{ key: 'a', values: [] }] },
        { values: ['value_is_mandatory'] },
      ],
    ];
    for (const [attributes, details] of refusals) {
      const answer = await firm.post('/billable_metrics', { billable_metric: attributes });
      expect(answer).toMatchObject({
        status: 422,
        body: { error: 'Unprocessable Entity', code: 'validation_errors' },
      });
      expect(answer.body.error_details).toEqual(details);
    }
  });

  it('evaluates an expression without storing it', async () => {
    const event = { code: 'x', timestamp: 1709596800, properties: { value: 10.4, units: 2 } };
    const expression = 'round(event.properties.value * event.properties.units)';
    const answer = await firm.post('/billable_metrics/evaluate_expression', { expression, event });
    expect(answer.body).toEqual({ expression_result: { value: '21.0' } });
    const bad = await firm.post('/billable_metrics/evaluate_expression', { expression: 'x', event });
    expect(bad.body.error_details).toEqual({ expression: ['invalid_expression'] });
  });
});

describe('taxes and add-ons', () => {
  it('applies a tax to the organisation and takes it away', async () => {
    const { body } = await firm.post('/taxes', {
      tax: { name: 'VAT', code: 'vat', rate: '20.50', applied_to_organization: true },
    });
    expect(body.tax).toMatchObject({ rate: 20.5, applied_to_organization: true, add_ons_count: 0 });
    expect(body.tax.applied_to_billing_entities_codes).toEqual(['default']);
    const changed = await firm.put('/taxes/vat', { tax: { applied_to_organization: false, rate: 19 } });
    expect(changed.body.tax).toMatchObject({ rate: 19, applied_to_organization: false });
    expect(
      (await firm.post('/taxes', { tax: { name: 'x', code: 'vat', rate: 1 } })).body.error_details,
    ).toEqual({
      code: ['value_already_exist'],
    });
    expect((await firm.post('/taxes', { tax: { name: 'x', code: 'y' } })).body.error_details).toEqual({
      rate: ['value_is_mandatory'],
    });
    expect((await other.get('/taxes/vat')).body.code).toBe('tax_not_found');
  });

  it('keeps add-ons with their taxes', async () => {
    await firm.post('/taxes', { tax: { name: 'T', code: 't', rate: 10 } });
    const addOn = {
      name: 'Setup',
      code: 'setup',
      amount_cents: 5000,
      amount_currency: 'EUR',
      tax_codes: ['t'],
    };
    const created = await firm.post('/add_ons', { add_on: addOn });
    expect(created.body.add_on).toMatchObject({ amount_cents: 5000, taxes: [{ code: 't', rate: 10 }] });
    expect((await firm.get('/add_ons')).body.add_ons[0].taxes).toHaveLength(1);
    const changed = await firm.put('/add_ons/setup', { add_on: { amount_cents: 1, tax_codes: [] } });
    expect(changed.body.add_on).toMatchObject({ amount_cents: 1, name: 'Setup', taxes: [] });
    expect(
      (await firm.post('/add_ons', { add_on: { ...addOn, code: 's2', tax_codes: ['no'] } })).body.code,
    ).toBe('tax_not_found');
    expect((await firm.remove('/add_ons/setup')).status).toBe(200);
    expect((await firm.get('/add_ons/setup')).body.code).toBe('add_on_not_found');
  });
});

const plan = (code: string, more: object = {}) => ({
  plan: {
    name: code,
    code,
    interval: 'monthly',
    amount_cents: 1000,
    amount_currency: 'EUR',
    pay_in_advance: false,
    ...more,
  },
});

describe('plans', () => {
  it('publishes one with everything on it and answers it whole', async () => {
    const own = await world.organization();
    const id = await newMetric(own, 'units', { filters: [{ key: 'region', values: ['us', 'eu'] }] });
    await own.post('/taxes', { tax: { name: 'T', code: 't', rate: 10 } });
    const addOn = await own.post('/add_ons', {
      add_on: { name: 'desk', code: 'desk', amount_cents: 1, amount_currency: 'EUR' },
    });
    const { status, body } = await own.post(
      '/plans',
      plan('p', {
        trial_period: 3.5,
        tax_codes: ['t'],
        bill_charges_monthly: true,
        metadata: { a: 'b' },
        minimum_commitment: { amount_cents: 900, tax_codes: ['t'] },
        usage_thresholds: [{ amount_cents: 100, threshold_display_name: 'one' }],
        charges: [
          {
            billable_metric_id: id,
            charge_model: 'standard',
            properties: { amount: '0.10', grouped_by: ['user'] },
            filters: [
              { invoice_display_name: 'US', properties: { amount: '2' }, values: { region: ['us'] } },
            ],
            tax_codes: ['t'],
          },
          {
            billable_metric_id: id,
            charge_model: 'package',
            properties: { amount: '1', package_size: 10, free_units: 0 },
          },
        ],
        fixed_charges: [
          {
            add_on_id: addOn.body.add_on.lago_id,
            charge_model: 'standard',
            units: 10,
            properties: { amount: '5' },
          },
        ],
      }),
    );
    expect(status, JSON.stringify(body)).toBe(200);
    const made: Loose = body.plan;
    expect(made).toMatchObject({
      amount_cents: 1000,
      trial_period: 3.5,
      bill_charges_monthly: null,
      parent_id: null,
      pending_deletion: false,
      metadata: { a: 'b' },
      minimum_commitment: { amount_cents: 900, plan_code: 'p', interval: 'monthly', taxes: [{ code: 't' }] },
      taxes: [{ code: 't' }],
      usage_thresholds: [{ amount_cents: 100, threshold_display_name: 'one', recurring: false }],
      entitlements: [],
      fixed_charges: [{ units: '10.0', add_on_code: 'desk', code: 'desk' }],
    });
    expect(made.charges.map((charge: Loose) => charge.code)).toEqual(['units', 'units_2']);
    expect(made.charges[0]).toMatchObject({
      properties: { amount: '0.10', pricing_group_keys: ['user'], grouped_by: ['user'] },
      filters: [{ invoice_display_name: 'US', values: { region: ['us'] }, charge_code: 'units' }],
      taxes: [{ code: 't' }],
      lago_parent_id: null,
    });
    const list = (await own.get('/plans')).body;
    expect(list.plans[0]).not.toHaveProperty('fixed_charges');
    expect(list.plans[0].charges).toHaveLength(2);
  });

  it('refuses impossible charges with Lago’s codes', async () => {
    const own = await world.organization();
    const id = await newMetric(own, 'm');
    const refusals: [object, object][] = [
      [{ charge_model: 'standard', properties: { amount: 'x' } }, { amount: ['invalid_amount'] }],
      [
        {
          charge_model: 'volume',
          pay_in_advance: true,
          properties: {
            volume_ranges: [{ from_value: 0, to_value: null, per_unit_amount: '1', flat_amount: '0' }],
          },
        },
        { pay_in_advance: ['invalid_aggregation_type_or_charge_model'] },
      ],
      [
        { charge_model: 'standard', prorated: true, properties: { amount: '1' } },
        { prorated: ['invalid_billable_metric_or_charge_model'] },
      ],
      [
        {
          charge_model: 'standard',
          properties: { amount: '1' },
          filters: [{ properties: { amount: '1' }, values: { no: ['x'] } }],
        },
        { values: ['value_is_invalid'] },
      ],
      [{ charge_model: 'nonsense' }, { charge_model: ['value_is_invalid'] }],
    ];
    for (const [charge, details] of refusals) {
      const answer = await own.post(
        '/plans',
        plan('p', { charges: [{ billable_metric_id: id, ...charge }] }),
      );
      expect(answer.status).toBe(422);
      expect(answer.body.error_details).toEqual(details);
    }
    const unknownMetric = plan('p', {
      charges: [{ billable_metric_id: '00000000-0000-0000-0000-000000000000', charge_model: 'standard' }],
    });
    expect((await own.post('/plans', unknownMetric)).body.code).toBe('billable_metrics_not_found');
    const empty = await own.post('/plans', { plan: { name: '' } });
    expect(empty.body.error_details).toMatchObject({
      name: ['value_is_mandatory'],
      code: ['value_is_mandatory'],
      interval: ['value_is_invalid'],
      amount_cents: ['value_is_mandatory'],
    });
    expect((await own.get('/plans')).body.meta.total_count).toBe(0);
  });

  it('changes in place: charges by id, missing ones removed, an empty commitment removes it', async () => {
    const own = await world.organization();
    const id = await newMetric(own, 'm');
    const charge = { billable_metric_id: id, charge_model: 'standard', properties: { amount: '1' } };
    const { body } = await own.post(
      '/plans',
      plan('p', { charges: [charge, charge], minimum_commitment: { amount_cents: 5 } }),
    );
    const [first] = body.plan.charges;
    const changed = await own.put('/plans/p', {
      plan: {
        amount_cents: 2000,
        minimum_commitment: {},
        charges: [{ id: first.lago_id, properties: { amount: '3' } }],
      },
    });
    expect(changed.body.plan.amount_cents).toBe(2000);
    expect(changed.body.plan).not.toHaveProperty('minimum_commitment');
    expect(changed.body.plan.charges).toHaveLength(1);
    expect(changed.body.plan.charges[0]).toMatchObject({
      lago_id: first.lago_id,
      properties: { amount: '3' },
    });
    expect((await other.put('/plans/p', { plan: { name: 'x' } })).body.code).toBe('plan_not_found');
  });

  it('changes charges and filters one by one', async () => {
    const own = await world.organization();
    const id = await newMetric(own, 'm', { filters: [{ key: 'region', values: ['us', 'eu'] }] });
    const charge = {
      billable_metric_id: id,
      code: 'c',
      charge_model: 'standard',
      properties: { amount: '10' },
      filters: [{ invoice_display_name: 'A', properties: { amount: '5' }, values: { region: ['us'] } }],
    };
    const { body } = await own.post('/plans', plan('p', { charges: [charge] }));
    const filterId = body.plan.charges[0].filters[0].lago_id;
    const put = await own.put('/plans/p/charges/c', {
      charge: { charge_model: 'standard', properties: { amount: '20' }, min_amount_cents: 100 },
    });
    expect(put.body.charge).toMatchObject({ properties: { amount: '20' }, min_amount_cents: 100 });
    expect(put.body.charge.filters).toHaveLength(1);
    const changed = await own.put(`/plans/p/charges/c/filters/${filterId}`, {
      filter: { invoice_display_name: 'B', properties: { amount: '25' } },
    });
    expect(changed.body.filter).toMatchObject({
      lago_id: filterId,
      invoice_display_name: 'B',
      charge_code: 'c',
    });
    const added = await own.post('/plans/p/charges/c/filters', {
      filter: { invoice_display_name: 'C', properties: { amount: '30' }, values: { region: ['eu'] } },
    });
    expect((await own.get('/plans/p/charges/c/filters')).body.filters).toHaveLength(2);
    await own.remove(`/plans/p/charges/c/filters/${added.body.filter.lago_id}`);
    expect((await own.get('/plans/p/charges/c')).body.charge.filters).toHaveLength(1);
    const second = await own.post('/plans/p/charges', { charge: { ...charge, code: 'd', filters: [] } });
    expect(second.body.charge.code).toBe('d');
    expect((await own.get('/plans/p/charges')).body.meta.total_count).toBe(2);
    await own.remove('/plans/p/charges/d');
    expect((await own.get('/plans/p/charges/d')).body.code).toBe('charge_not_found');
  });
});
