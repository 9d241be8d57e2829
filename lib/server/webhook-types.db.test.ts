import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { messageCheck } from '@/lib/api/testing/answer-check';
import { type Answered, type Caller, type Loose, openWorld, type World } from '@/lib/api/testing/world';
import { webhookMessage } from '@/lib/api/webhooks/message';
import { recordPayment } from '@/lib/invoicing/payments';
import { runnerLog } from '@/lib/runners/log';
import { dispatchRound } from '@/lib/runners/webhooks/dispatch';
import { tellEventErrors } from '@/lib/runners/webhooks/event-errors';
import { readClock } from '@/lib/schedule/clock';
import { WEBHOOK_OBJECTS, type WebhookType } from '@/lib/schedule/outbox';

let world: World;
let firm: Caller;
let drift: ReturnType<typeof messageCheck>;
/** What was delivered, by type: the object under its name. */
let told: Map<string, Loose[]>;

function good({ status, body }: Answered): Loose {
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const post = async (path: string, body: unknown) => good(await firm.post(path, body));
const put = async (path: string, body: unknown) => good(await firm.put(path, body));
const clock = (now: string) => put('/sandbox/clock', { clock: { now } });
const list = async (path: string): Promise<Loose> => good(await firm.get(path));

async function customer(external_id: string, more: Record<string, unknown> = {}) {
  return (
    await post('/customers', { customer: { external_id, currency: 'EUR', name: external_id, ...more } })
  ).customer;
}

function plan(code: string, more: Record<string, unknown> = {}) {
  const base = { name: code, code, interval: 'monthly', amount_cents: 3_000, amount_currency: 'EUR' };
  return post('/plans', { plan: { ...base, pay_in_advance: false, ...more } });
}

const subscribe = (external_customer_id: string, plan_code: string, more: Record<string, unknown> = {}) =>
  post('/subscriptions', {
    subscription: { external_customer_id, plan_code, external_id: `${external_customer_id}-s`, ...more },
  });

const use = (external_subscription_id: string, code: string, amount: number) =>
  post('/events', {
    event: {
      transaction_id: `${external_subscription_id}-${code}-${amount}`,
      external_subscription_id,
      code,
      properties: { amount },
    },
  });

async function oneOff(external_customer_id: string): Promise<string> {
  const fees = [{ add_on_code: 'setup', units: 1 }];
  return (await post('/invoices', { invoice: { external_customer_id, currency: 'EUR', fees } })).invoice
    .lago_id;
}

/** A provider's word that it could not collect. */
async function failPayment(invoiceId: string): Promise<void> {
  const { organizationId } = firm;
  await withTenant(world.databases, organizationId, async (tx) => {
    const { now } = await readClock(tx, organizationId);
    await recordPayment(
      { tx, organizationId, now, mode: 'apply' },
      {
        invoiceId,
        kind: 'provider',
        amountMinor: 1_000n,
        paymentStatus: 'failed',
        failureReason: 'card_declined',
        providerCode: 'cards',
        providerPaymentId: `try-${invoiceId}`,
      },
    );
  });
}

/** Some months of a firm in which everything happens that the world is told of. */
async function play(): Promise<void> {
  await catalogue();
  await customer('zoe');
  await customer('zoe', { name: 'Zoë & Sons' });
  await subscriptions();
  await wallets();
  await money();
  await clock('2024-07-01T10:00:00Z');
  await endings();
}

async function catalogue(): Promise<void> {
  const metric = { name: 'Units', code: 'units', aggregation_type: 'sum_agg', field_name: 'amount' };
  const { billable_metric } = await post('/billable_metrics', { billable_metric: metric });
  await put('/billable_metrics/units', { billable_metric: { description: 'What is used' } });
  await post('/billable_metrics', { billable_metric: { ...metric, code: 'spare' } });
  good(await firm.remove('/billable_metrics/spare'));
  await post('/add_ons', {
    add_on: { name: 'Setup', code: 'setup', amount_cents: 10_000, amount_currency: 'EUR' },
  });
  const charge = (more: Record<string, unknown>) => ({
    billable_metric_id: billable_metric.lago_id,
    charge_model: 'standard',
    properties: { amount: '1' },
    ...more,
  });
  await plan('basic', { charges: [charge({})], usage_thresholds: [{ amount_cents: 5_000 }] });
  await plan('ahead', { charges: [charge({ pay_in_advance: true, invoiceable: false })] });
  await plan('trial', { trial_period: 10, pay_in_advance: true });
  await put('/plans/trial', { plan: { description: 'With days to try it' } });
  await plan('gone');
  good(await firm.remove('/plans/gone'));
  await post('/features', { feature: { name: 'Seats', code: 'seats', privileges: [] } });
  await put('/features/seats', { feature: { description: 'Chairs' } });
  good(await firm.remove('/features/seats'));
}

async function subscriptions(): Promise<void> {
  await subscribe('zoe', 'basic', { ending_at: '2024-05-20T10:00:00Z' });
  await put('/subscriptions/zoe-s', { subscription: { name: 'Main' } });
  await post('/subscriptions/zoe-s/alerts', {
    alert: {
      alert_type: 'current_usage_amount',
      code: 'much',
      thresholds: [{ value: '1000', code: 'soft' }],
    },
  });
  await use('zoe-s', 'units', 60);
  await customer('ahead');
  await subscribe('ahead', 'ahead');
  await use('ahead-s', 'units', 7);
  await customer('trier');
  await subscribe('trier', 'trial');
}

async function wallets(): Promise<void> {
  const wallet = async (external_customer_id: string, more: Record<string, unknown>) =>
    (
      await post('/wallets', {
        wallet: { external_customer_id, rate_amount: '1', name: 'Credits', currency: 'EUR', ...more },
      })
    ).wallet;
  const { lago_id } = await wallet('ahead', { granted_credits: '10', paid_credits: '20' });
  await put(`/wallets/${lago_id}`, { wallet: { name: 'Prepaid' } });
  const bought = (await list(`/wallets/${lago_id}/wallet_transactions`)).wallet_transactions.find(
    (one: Loose) => one.transaction_status === 'purchased',
  );
  const { invoices } = await list('/invoices?external_customer_id=ahead&invoice_type=credit');
  await failPayment(invoices[0].lago_id);
  expect(bought.status).toBe('pending');
  await customer('spender');
  const small = await wallet('spender', { granted_credits: '5' });
  await subscribe('spender', 'basic');
  await use('spender-s', 'units', 9);
  await clock('2024-03-06T10:00:00Z');
  good(await firm.remove(`/wallets/${small.lago_id}`));
}

async function money(): Promise<void> {
  const [paid, failed, voided, disputed, credited, asked] = await Promise.all([
    oneOff('zoe'),
    oneOff('zoe'),
    oneOff('zoe'),
    oneOff('zoe'),
    oneOff('zoe'),
    oneOff('trier'),
  ]);
  const pay = (invoice_id: string) =>
    post('/payments', { payment: { invoice_id, amount_cents: 10_000, reference: invoice_id } });
  await pay(paid);
  await pay(credited);
  await failPayment(failed);
  await post(`/invoices/${voided}/void`, {});
  await post(`/invoices/${disputed}/lose_dispute`, {});
  const [fee] = (await list(`/invoices/${credited}`)).invoice.fees;
  const { credit_note } = await post('/credit_notes', {
    credit_note: {
      invoice_id: credited,
      reason: 'other',
      credit_amount_cents: 500,
      items: [{ fee_id: fee.lago_id, amount_cents: 500 }],
    },
  });
  for (const _twice of [1, 2]) {
    await post(`/invoices/${credited}/download`, {});
    await post(`/credit_notes/${credit_note.lago_id}/download`, {});
  }
  await post('/dunning_campaigns', {
    dunning_campaign: {
      code: 'once',
      name: 'Once',
      max_attempts: 1,
      days_between_attempts: 3,
      thresholds: [{ currency: 'EUR', amount_cents: 5_000 }],
    },
  });
  await customer('late');
  await oneOff('late');
  await put('/customers/late/dunning', { dunning: { campaign_code: 'once' } });
  await clock('2024-03-08T10:00:00Z');
  const request = { external_customer_id: 'trier', email: 'a@b.example', lago_invoice_ids: [asked] };
  const { payment_request } = await post('/payment_requests', { payment_request: request });
  await post('/payments', {
    payment: { payment_request_id: payment_request.lago_id, amount_cents: 10_000, reference: 'all of it' },
  });
}

async function endings(): Promise<void> {
  await customer('drafter', { billing_configuration: { invoice_grace_period: 3 } });
  await subscribe('drafter', 'basic');
  good(await firm.remove('/subscriptions/drafter-s'));
  const { invoices } = await list('/invoices?external_customer_id=drafter');
  good(await firm.remove(`/invoices/${invoices[0].lago_id}`));
}

/** Events that cannot count are told once an hour, of live organisations. */
async function badEvents(): Promise<void> {
  const hour = Date.now() - (Date.now() % 3_600_000) + 3_600_000;
  await world.databases.system.execute(
    sql`update organizations set mode = 'live' where id = ${firm.organizationId}`,
  );
  const event = (transaction_id: string, code: string, properties: Record<string, unknown>) =>
    post('/events', { event: { transaction_id, external_subscription_id: 'zoe-s', code, properties } });
  await post('/billable_metrics', {
    billable_metric: {
      name: 'By region',
      code: 'by_region',
      aggregation_type: 'count_agg',
      filters: [{ key: 'region', values: ['eu', 'us'] }],
    },
  });
  await event('bad-code', 'no_such_meter', {});
  await event('no-amount', 'units', { other: 1 });
  await event('odd-amount', 'units', { amount: 'many' });
  await event('odd-region', 'by_region', { region: 'moon' });
  await event('fine', 'by_region', { region: 'eu' });
  await tellEventErrors(world.databases, hour);
  await tellEventErrors(world.databases, hour);
}

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  await post('/webhook_endpoints', { webhook_endpoint: { webhook_url: 'https://hooks.example/in' } });
  await play();
  await badEvents();
  drift = messageCheck(await (await world.request('/api/v1/openapi.json')).json());
  while (await dispatchRound(world.databases, webhookMessage, runnerLog));
  const rows = await world.databases.system.execute<{ type: string; body: string }>(sql`
    select w.webhook_type as type, o.body from webhook_deliveries w
    join outbox o on o.organization_id = w.organization_id and o.id = w.outbox_id
    where w.organization_id = ${firm.organizationId} order by w.id`);
  told = new Map();
  for (const { type, body } of rows) told.set(type, [...(told.get(type) ?? []), JSON.parse(body)]);
}, 120_000);
afterAll(() => world.close());

describe('every type of the catalogue that something here causes', () => {
  it('was made without a failure', async () => {
    const odd = await world.databases.system.execute(sql`
      select type, object_type, last_error from outbox where organization_id = ${firm.organizationId}
        and (dispatched_at is null or failures > 0)`);
    expect([...odd]).toEqual([]);
  });

  it.each(Object.entries(WEBHOOK_OBJECTS) as [WebhookType, string][])(
    '%s is delivered with its %s',
    (type, objectType) => {
      const messages = told.get(type) ?? [];
      expect(messages.length, `nothing told of ${type}`).toBeGreaterThan(0);
      for (const message of messages) {
        expect(Object.keys(message)).toEqual(['webhook_type', 'object_type', 'organization_id', objectType]);
        expect(message).toMatchObject({
          webhook_type: type,
          object_type: objectType,
          organization_id: firm.organizationId,
        });
        expect(drift(message)).toBeNull();
      }
    },
  );

  it('carries what its receiver needs', () => {
    const first = (type: WebhookType) => told.get(type)?.[0]?.[WEBHOOK_OBJECTS[type]];
    expect(first('customer.updated')).toMatchObject({ external_id: 'zoe', integration_customers: [] });
    expect(first('subscription.started')).toMatchObject({
      external_id: 'zoe-s',
      plan: { code: 'basic' },
      customer: { external_id: 'zoe' },
      entitlements: [],
    });
    expect(first('subscription.usage_threshold_reached')).toMatchObject({
      usage_threshold: { amount_cents: 5_000 },
      applicable_usage_thresholds: [{ amount_cents: 5_000 }],
    });
    expect(first('invoice.one_off_created')).toMatchObject({
      invoice_type: 'one_off',
      total_amount_cents: 10_000,
      fees: [{ amount_cents: 10_000 }],
      customer: { external_id: expect.any(String) },
    });
    expect(first('invoice.payment_failure')).toMatchObject({
      external_customer_id: 'ahead',
      provider_error: 'card_declined',
    });
    expect(first('invoice.payment_dispute_lost').invoice).toMatchObject({ total_amount_cents: 10_000 });
    expect(first('wallet_transaction.payment_failure')).toMatchObject({
      external_customer_id: 'ahead',
      provider_error: 'card_declined',
    });
    expect(first('wallet_transaction.created')).toMatchObject({ wallet: { currency: 'EUR' } });
    expect(first('credit_note.created')).toMatchObject({
      credit_amount_cents: 500,
      items: [{ amount_cents: 500 }],
      customer: { external_id: 'zoe' },
    });
    // Made once, however often it is asked for.
    for (const type of ['invoice.generated', 'credit_note.generated'] as const) {
      expect(told.get(type)).toHaveLength(1);
      expect(first(type).file_url).toMatch(/\/api\/v1\/files\/[\w-]+$/);
    }
    expect(first('alert.triggered')).toMatchObject({
      alert_code: 'much',
      external_subscription_id: 'zoe-s',
      external_customer_id: 'zoe',
      current_value: '6000.0',
      previous_value: '0.0',
      crossed_thresholds: [{ code: 'soft', value: '1000.0', recurring: false }],
    });
    expect(told.get('events.errors')).toHaveLength(1);
    expect(first('events.errors')).toEqual({
      invalid_code: ['bad-code'],
      missing_aggregation_property: expect.arrayContaining(['no-amount', 'odd-amount']),
      missing_group_key: [],
      invalid_filter_values: ['odd-region'],
    });
    expect(first('dunning_campaign.finished')).toMatchObject({
      dunning_campaign_code: 'once',
      external_customer_id: 'late',
      overdue_balances: [{ currency: 'EUR', amount_cents: 10_000 }],
    });
    expect(first('invoice.deleted')).toMatchObject({ status: 'deleted' });
    expect(first('plan.deleted')).toMatchObject({ code: 'gone' });
  });

  it('reminds of an agreed end 45 and 15 days before it', async () => {
    const reminders = await world.databases.system.execute<{ day: string }>(sql`
      select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day from outbox
      where organization_id = ${firm.organizationId} and type = 'subscription.termination_alert' order by id`);
    expect([...reminders].map(({ day }) => day)).toEqual(['2024-04-05', '2024-05-05']);
  });
});
