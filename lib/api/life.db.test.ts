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

async function ok(answer: Promise<{ status: number; body: Loose }>): Promise<Loose> {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function planWithUsage(caller: Caller, code: string, more: object = {}): Promise<Loose> {
  const metric = { name: code, code: `m_${code}`, aggregation_type: 'sum_agg', field_name: 'value' };
  const { billable_metric } = await ok(caller.post('/billable_metrics', { billable_metric: metric }));
  const { plan } = await ok(
    caller.post('/plans', {
      plan: {
        name: code,
        code,
        interval: 'monthly',
        amount_cents: 1000,
        amount_currency: 'EUR',
        pay_in_advance: false,
        charges: [
          {
            billable_metric_id: billable_metric.lago_id,
            code: 'usage',
            charge_model: 'standard',
            properties: { amount: '2' },
          },
        ],
        ...more,
      },
    }),
  );
  return plan;
}

describe('customers', () => {
  it('upserts on the external id: absent members keep, null clears', async () => {
    const created = await ok(
      firm.post('/customers', {
        customer: {
          external_id: 'acme.1',
          name: 'Acme',
          country: 'fr',
          timezone: 'Europe/Paris',
          billing_configuration: { invoice_grace_period: 3, payment_provider: 'stripe' },
          metadata: [{ key: 'a', value: 'b', display_in_invoice: true }],
          shipping_address: { city: 'Paris' },
        },
      }),
    );
    expect(created.customer).toMatchObject({
      external_id: 'acme.1',
      sequential_id: 1,
      country: 'FR',
      applicable_timezone: 'Europe/Paris',
      billing_configuration: {
        invoice_grace_period: 3,
        payment_provider: 'stripe',
        provider_customer_id: null,
      },
      shipping_address: { city: 'Paris', country: null },
      metadata: [{ key: 'a', value: 'b', display_in_invoice: true }],
      taxes: [],
      integration_customers: [],
      error_details: [],
    });
    expect(created.customer.slug).toMatch(/-001$/);
    const changed = await ok(
      firm.post('/customers', { customer: { external_id: 'acme.1', email: 'a@b.c', country: null } }),
    );
    expect(changed.customer).toMatchObject({ name: 'Acme', email: 'a@b.c', country: null });
    expect(changed.customer.lago_id).toBe(created.customer.lago_id);
    expect((await other.get('/customers/acme.1')).body.code).toBe('customer_not_found');
  });

  it('refuses with Lago’s codes', async () => {
    const refusals: [object, object][] = [
      [{ name: 'x' }, { external_id: ['value_is_mandatory'] }],
      [{ external_id: 'x', country: 'XYZ' }, { country: ['not_a_valid_country_code'] }],
      [{ external_id: 'x', currency: 'ABC' }, { currency: ['value_is_invalid'] }],
      [{ external_id: 'x', timezone: 'Mars/Base' }, { timezone: ['invalid_timezone'] }],
      [{ external_id: 'x', email: 'nonsense' }, { email: ['invalid_email_format'] }],
      [
        { external_id: 'x', metadata: Array.from({ length: 6 }, (_, i) => ({ key: `${i}`, value: 'v' })) },
        { metadata: ['invalid_count'] },
      ],
    ];
    for (const [customer, details] of refusals) {
      const answer = await firm.post('/customers', { customer });
      expect(answer.status).toBe(422);
      expect(answer.body.error_details).toEqual(details);
    }
    const elsewhere = { external_id: 'x', billing_entity_code: 'nowhere' };
    expect((await firm.post('/customers', { customer: elsewhere })).body.code).toBe(
      'billing_entity_not_found',
    );
  });

  it('filters its list', async () => {
    const own = await world.organization();
    for (const [id, country] of [
      ['one', 'DE'],
      ['two', 'FR'],
      ['three', 'FR'],
    ]) {
      await ok(own.post('/customers', { customer: { external_id: id, name: `Firm ${id}`, country } }));
    }
    const ids = async (query: string) =>
      (await ok(own.get(`/customers?${query}`))).customers.map((customer: Loose) => customer.external_id);
    expect(await ids('countries%5B%5D=FR')).toEqual(['three', 'two']);
    expect(await ids('search_term=FIRM%20o')).toEqual(['one']);
    expect(await ids('search_term=100%25')).toEqual([]);
    expect(await ids('external_id=two')).toEqual(['two']);
    expect(await ids('has_customer_type=false&search_term=null')).toHaveLength(3);
  });

  it('gives racing callers one customer', async () => {
    const own = await world.organization();
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => own.post('/customers', { customer: { external_id: 'same' } })),
    );
    expect(new Set(answers.map(({ body }) => body.customer?.lago_id)).size).toBe(1);
  });
});

describe('subscriptions, usage and bills', () => {
  it('starts one, meters it, bills the month and ends it', async () => {
    const own = await world.organization();
    await planWithUsage(own, 'basic');
    const { subscription } = await ok(
      own.post('/subscriptions', {
        subscription: { external_customer_id: 'new', external_id: 's', plan_code: 'basic' },
      }),
    );
    expect(subscription).toMatchObject({
      status: 'active',
      plan_code: 'basic',
      plan_amount_cents: 1000,
      external_customer_id: 'new',
      started_at: '2024-03-05T10:00:00.000Z',
      current_billing_period_started_at: '2024-03-05T00:00:00Z',
      current_billing_period_ending_at: '2024-03-31T23:59:59Z',
      plan: { code: 'basic', parent_id: null },
      entitlements: [],
      payment_method: { payment_method_type: 'provider' },
    });
    const event = {
      transaction_id: 't1',
      external_subscription_id: 's',
      code: 'm_basic',
      properties: { value: 5 },
    };
    const stored = await ok(own.post('/events', { event: { ...event, timestamp: '1709719200.5' } }));
    expect(stored.event).toMatchObject({ timestamp: '2024-03-06T10:00:00.500Z', lago_customer_id: null });
    expect((await own.post('/events', { event })).body.error_details).toEqual({
      transaction_id: ['value_already_exist'],
    });
    const batch = await own.post('/events/batch', {
      events: [
        { ...event, transaction_id: 't2' },
        event,
        { ...event, transaction_id: 't3', timestamp: 'x' },
        { ...event, transaction_id: 't2' },
      ],
    });
    expect(batch.body.error_details).toEqual({
      2: { timestamp: ['invalid_format'] },
      3: { transaction_id: ['value_already_exist'] },
    });
    const again = await own.post('/events/batch', { events: [{ ...event, transaction_id: 't2' }, event] });
    expect(again.body.error_details).toEqual({ 1: { transaction_id: ['value_already_exist'] } });
    expect((await own.post('/events/batch', { events: [] })).body.error_details).toEqual({
      events: ['no_events'],
    });
    await ok(own.put('/sandbox/clock', { clock: { now: '2024-03-10T00:00:00Z' } }));
    expect((await ok(own.get('/events'))).events).toMatchObject([
      { transaction_id: 't1', lago_subscription_id: subscription.lago_id },
    ]);
    expect((await other.get('/events/t1')).body.code).toBe('event_not_found');
    const enriched = await own.get('/events_enriched?code=m_basic');
    expect(enriched.headers.get('x-lago-endpoint-status')).toBe('beta');
    expect(enriched.body).toMatchObject({
      events: [
        { transaction_id: 't1', value: '5', decimal_value: '5.0', enriched_at: '2024-03-05T10:00:00.000Z' },
      ],
      meta: { total_count: 1 },
    });

    const { customer_usage } = await ok(own.get('/customers/new/current_usage?external_subscription_id=s'));
    expect(customer_usage).toMatchObject({
      from_datetime: '2024-03-05T10:00:00Z',
      to_datetime: '2024-03-31T23:59:59Z',
      currency: 'EUR',
      amount_cents: 1000,
      charges_usage: [
        {
          units: '5.0',
          events_count: 1,
          amount_cents: 1000,
          charge: { code: 'usage' },
          filters: [],
          grouped_usage: [],
        },
      ],
    });
    expect((await own.get('/customers/new/current_usage?external_subscription_id=none')).body).toEqual({
      status: 405,
      error: 'Method Not Allowed',
      code: 'no_active_subscription',
    });

    await ok(own.put('/sandbox/clock', { clock: { now: '2024-04-01T01:00:00Z' } }));
    const { invoices } = await ok(own.get('/invoices?external_customer_id=new'));
    expect(invoices).toHaveLength(1);
    expect(invoices[0]).toMatchObject({
      status: 'finalized',
      payment_status: 'pending',
      fees_amount_cents: 871 + 1000,
      total_due_amount_cents: 1871,
      customer: { external_id: 'new' },
      version_number: 4,
    });
    const { invoice } = await ok(own.get(`/invoices/${invoices[0].lago_id}`));
    expect(invoice.billing_periods).toMatchObject([
      { external_subscription_id: 's', invoicing_reason: 'subscription_periodic' },
    ]);
    expect(invoice.fees).toMatchObject([
      { item: { type: 'subscription', item_type: 'Subscription' }, amount_cents: 871 },
      {
        item: { type: 'charge', code: 'm_basic', item_type: 'BillableMetric' },
        amount_cents: 1000,
        precise_amount: '10.0',
        precise_unit_amount: '2.0',
        units: '5.0',
      },
    ]);
    expect(invoice.fees[0]).not.toHaveProperty('applied_taxes');
    const { fees } = await ok(own.get('/fees?external_subscription_id=s&fee_type=charge'));
    expect(fees).toMatchObject([{ lago_id: invoice.fees[1].lago_id, applied_taxes: [] }]);
    expect((await own.get('/fees?fee_type=nonsense')).body.error_details).toEqual({
      fee_type: ['value_is_invalid'],
    });
    for (const path of [`/invoices/${invoice.lago_id}`, `/fees/${fees[0].lago_id}`, '/subscriptions/s']) {
      expect((await other.get(path)).status).toBe(404);
    }
    const past = await ok(own.get('/customers/new/past_usage?external_subscription_id=s'));
    expect(past.usage_periods).toMatchObject([
      { lago_invoice_id: invoice.lago_id, amount_cents: 1000, charges_usage: [{ units: '5.0' }] },
    ]);

    const ended = await ok(own.remove('/subscriptions/s'));
    expect(ended.subscription).toMatchObject({
      status: 'terminated',
      current_billing_period_started_at: null,
    });
    expect((await own.get('/subscriptions/s')).body.code).toBe('subscription_not_found');
    expect((await ok(own.get('/subscriptions/s?status=terminated'))).subscription.status).toBe('terminated');
    expect((await ok(own.get('/subscriptions'))).subscriptions).toEqual([]);
  });

  it('shows own prices as a child plan and keeps the plan as it was', async () => {
    const own = await world.organization();
    const plan = await planWithUsage(own, 'base');
    const [charge] = plan.charges;
    const { subscription } = await ok(
      own.post('/subscriptions', {
        subscription: {
          external_customer_id: 'c',
          external_id: 's',
          plan_code: 'base',
          plan_overrides: {
            amount_cents: 500,
            charges: [{ id: charge.lago_id, properties: { amount: '1' }, invoice_display_name: 'Cheaper' }],
          },
        },
      }),
    );
    expect(subscription.plan_amount_cents).toBe(500);
    expect(subscription.plan).toMatchObject({ parent_id: plan.lago_id, code: 'base', amount_cents: 500 });
    expect(subscription.plan.lago_id).not.toBe(plan.lago_id);
    const [own1] = subscription.plan.charges;
    expect(own1).toMatchObject({ lago_parent_id: charge.lago_id, properties: { amount: '1' } });
    const put = await ok(
      own.put('/subscriptions/s/charges/usage', { charge: { properties: { amount: '3' } } }),
    );
    expect(put.charge).toMatchObject({ lago_id: own1.lago_id, invoice_display_name: 'Cheaper' });
    const other2 = await own.put('/subscriptions/s/charges/usage', { charge: { charge_model: 'package' } });
    expect(other2.body).toMatchObject({ status: 403, code: 'cannot_override_charge_model' });
    expect((await ok(own.get('/plans/base'))).plan.charges[0].properties.amount).toBe('2');
    expect((await ok(own.get('/subscriptions?overridden=true'))).subscriptions).toHaveLength(1);
    expect((await ok(own.get('/subscriptions?overridden=false'))).subscriptions).toHaveLength(0);

    await ok(
      own.put('/plans/base', {
        plan: {
          cascade_updates: false,
          amount_cents: 2000,
          charges: [{ id: charge.lago_id, properties: { amount: '9' } }],
        },
      }),
    );
    const after = (await ok(own.get('/subscriptions/s'))).subscription;
    expect(after.plan_amount_cents).toBe(500);
    expect(after.plan.charges[0].properties.amount).toBe('3');
  });

  it('refuses what cannot be subscribed to', async () => {
    const own = await world.organization();
    await planWithUsage(own, 'p');
    const post = (subscription: object) => own.post('/subscriptions', { subscription });
    expect((await post({ external_id: 's', plan_code: 'p' })).body.error_details).toEqual({
      external_customer_id: ['value_is_mandatory'],
    });
    expect((await post({ external_customer_id: 'c', external_id: 's', plan_code: 'no' })).body.code).toBe(
      'plan_not_found',
    );
    expect((await own.get('/customers/c')).status).toBe(404);
    expect(
      (await post({ external_customer_id: 'c', external_id: 's', plan_code: 'p', ending_at: 'x' })).body
        .error_details,
    ).toEqual({ ending_at: ['invalid_date'] });
    expect((await own.get('/subscriptions?status[]=nonsense')).status).toBe(422);
  });

  it('deletes a plan with its subscriptions, and a customer with theirs', async () => {
    const own = await world.organization();
    await planWithUsage(own, 'p');
    for (const id of ['a', 'b']) {
      await ok(
        own.post('/subscriptions', {
          subscription: { external_customer_id: id, external_id: id, plan_code: 'p' },
        }),
      );
    }
    await ok(own.remove('/customers/a'));
    expect((await own.get('/customers/a')).status).toBe(404);
    expect((await ok(own.get('/subscriptions/a?status=terminated'))).subscription.status).toBe('terminated');
    const { plan } = await ok(own.remove('/plans/p'));
    expect(plan.pending_deletion).toBe(true);
    expect((await ok(own.get('/subscriptions/b?status=terminated'))).subscription.status).toBe('terminated');
    expect((await own.get('/plans/p')).status).toBe(404);
  });
});

describe('organisations and sandboxes', () => {
  it('describes the organisation and its entities', async () => {
    const own = await world.organization();
    const { organization } = await ok(
      own.put('/organizations', {
        organization: {
          document_numbering: 'per_organization',
          document_number_prefix: 'bent-1',
          billing_configuration: { invoice_grace_period: 2 },
        },
      }),
    );
    expect(organization).toMatchObject({
      document_numbering: 'per_organization',
      document_number_prefix: 'BENT-1',
      billing_configuration: { invoice_grace_period: 2, document_locale: 'en' },
      webhook_url: '',
      taxes: [],
    });
    expect((await ok(own.get('/organizations'))).organization).not.toHaveProperty('taxes');
    await ok(own.post('/taxes', { tax: { name: 'T', code: 't', rate: 7 } }));
    await ok(own.post('/billing_entities', { billing_entity: { code: 'second', name: 'Second' } }));
    const put = await ok(own.put('/billing_entities/second', { billing_entity: { tax_codes: ['t'] } }));
    expect(put.billing_entity).toMatchObject({ is_default: false, taxes: [{ code: 't' }] });
    expect((await ok(own.get('/billing_entities'))).billing_entities).toHaveLength(2);
    expect((await ok(own.get('/taxes/t'))).tax).toMatchObject({
      applied_to_organization: false,
      applied_to_billing_entities_codes: ['second'],
    });
    expect((await other.get('/billing_entities/second')).body.code).toBe('billing_entity_not_found');
  });

  it('makes sandboxes for a live organisation only, each on its own clock', async () => {
    const live = await world.organization('live');
    const attributes = {
      name: 'Trial run',
      default_currency: 'GBP',
      timezone: 'Europe/London',
      now: '2020-02-29T00:00:00Z',
    };
    const { sandbox } = await ok(live.post('/sandboxes', { sandbox: attributes }));
    expect(sandbox.now).toBe('2020-02-29T00:00:00.000Z');
    const inside = world.as(sandbox.api_key);
    expect((await ok(inside.get('/organizations'))).organization).toMatchObject({
      lago_id: sandbox.lago_id,
      default_currency: 'GBP',
      timezone: 'Europe/London',
    });
    expect(await ok(inside.put('/sandbox/clock', { clock: { now: '2020-03-01T00:00:00Z' } }))).toEqual({
      clock: { now: '2020-03-01T00:00:00.000Z' },
    });
    expect((await inside.put('/sandbox/clock', { clock: { now: '2020-02-01T00:00:00Z' } })).status).toBe(422);
    expect((await inside.put('/sandbox/clock', { clock: { now: 'x' } })).body.error_details).toEqual({
      now: ['invalid_date'],
    });
    const refused = await inside.post('/sandboxes', { sandbox: attributes });
    expect(refused).toMatchObject({ status: 403, body: { code: 'live_organization_required' } });
    const made = await Promise.all(
      [1, 2, 3].map(() => live.post('/sandboxes', { sandbox: { name: 'Same' } })),
    );
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
