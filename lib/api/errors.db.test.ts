import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSED_AGREEMENTS } from './testing/refusals/agreements.ts';
import { PLAN, REFUSED_CATALOGUE } from './testing/refusals/catalogue.ts';
import { REFUSED_MONEY } from './testing/refusals/money.ts';
import type { Refusal } from './testing/refusals/refusal.ts';
import { type Answered, type Caller, type Loose, openWorld, type World } from './testing/world.ts';

/** The 422, 404 and 405 codes of the contract (section 1.1), each brought about once. */
let world: World;
let firm: Caller;
/** Ids that paths and bodies below name as {name}. */
const known: Record<string, string> = {};

function good({ status, body }: Answered): Loose {
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function make(path: string, root: string, attributes: Loose): Promise<Loose> {
  return good(await firm.post(path, { [root]: attributes }))[root];
}

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  const metric = { name: 'M', code: 'sum', aggregation_type: 'sum_agg', field_name: 'n' };
  known.sum = (await make('/billable_metrics', 'billable_metric', metric)).lago_id;
  const counting = { name: 'C', code: 'count', aggregation_type: 'count_agg' };
  known.count = (await make('/billable_metrics', 'billable_metric', counting)).lago_id;
  await make('/plans', 'plan', { ...PLAN, code: 'p' });
  await make('/taxes', 'tax', { name: 'T', code: 't', rate: 10 });
  await make('/add_ons', 'add_on', { name: 'A', code: 'a', amount_cents: 5000, amount_currency: 'EUR' });
  for (const external_id of ['c', 'd'])
    await make('/customers', 'customer', { external_id, currency: 'EUR' });
  const coupon = {
    name: 'K',
    code: 'k',
    coupon_type: 'fixed_amount',
    amount_cents: 100,
    amount_currency: 'EUR',
  };
  const ends = { frequency: 'once', expiration: 'no_expiration' };
  await make('/coupons', 'coupon', { ...coupon, ...ends, reusable: false });
  await make('/applied_coupons', 'applied_coupon', { external_customer_id: 'c', coupon_code: 'k' });
  await make('/coupons', 'coupon', { ...coupon, ...ends, code: 'usd', amount_currency: 'USD' });
  const wallet = { external_customer_id: 'c', rate_amount: '1', currency: 'EUR', name: 'W' };
  known.wallet = (await make('/wallets', 'wallet', { ...wallet, granted_credits: '5' })).lago_id;
  known.ended = (await make('/wallets', 'wallet', { ...wallet, name: 'X' })).lago_id;
  good(await firm.remove(`/wallets/${known.ended}`));
  await make('/subscriptions', 'subscription', {
    external_customer_id: 'c',
    plan_code: 'p',
    external_id: 's',
  });
  const bill = () =>
    make('/invoices', 'invoice', {
      external_customer_id: 'c',
      currency: 'EUR',
      fees: [{ add_on_code: 'a' }],
    });
  const invoice = await bill();
  known.invoice = invoice.lago_id;
  known.fee = invoice.fees[0].lago_id;
  known.paid = (await bill()).lago_id;
  await make('/payments', 'payment', { invoice_id: known.paid, amount_cents: 5000, reference: 'r' });
  known.voided = (await bill()).lago_id;
  good(await firm.post(`/invoices/${known.voided}/void`));
  const items = [{ fee_id: (await bill()).fees[0].lago_id, amount_cents: 100 }];
  const billed = good(await firm.get(`/fees/${items[0]?.fee_id}`)).fee.lago_invoice_id;
  const credit_note = { invoice_id: billed, credit_amount_cents: 100, items };
  known.note = (await make('/credit_notes', 'credit_note', credit_note)).lago_id;
  good(await firm.put(`/credit_notes/${known.note}/void`));
  const patient = { external_id: 'g', currency: 'EUR', billing_configuration: { invoice_grace_period: 3 } };
  await make('/customers', 'customer', patient);
  await make('/plans', 'plan', { ...PLAN, code: 'advance', pay_in_advance: true });
  const soon = { external_customer_id: 'g', plan_code: 'advance', external_id: 'g' };
  await make('/subscriptions', 'subscription', soon);
  known.draft = good(await firm.get('/invoices?status=draft')).invoices[0].lago_id;
  const event = { transaction_id: 'e1', external_subscription_id: 's', code: 'count' };
  await make('/events', 'event', event);
});
afterAll(() => world.close());

const filled = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_match, name: string) => known[name] ?? name);

function refuses(cases: Refusal[]): void {
  it.each(cases)('%s %s %j', async (method, path, body, details) => {
    const given = body === null ? undefined : JSON.parse(filled(JSON.stringify(body)));
    const answer = await firm.call(method, filled(path), given);
    const expected = { status: 422, error: 'Unprocessable Entity', code: 'validation_errors' };
    expect([answer.status, answer.body]).toEqual([422, { ...expected, error_details: details }]);
  });
}

describe('validation', () => refuses([...REFUSED_CATALOGUE, ...REFUSED_AGREEMENTS, ...REFUSED_MONEY]));

describe('what is not there', () => {
  it.each([
    ['/customers/none', 'customer'],
    ['/plans/none', 'plan'],
    ['/plans/p/charges/none', 'charge'],
    ['/plans/p/fixed_charges/none', 'fixed_charge'],
    ['/plans/p/entitlements/none', 'entitlement'],
    ['/billable_metrics/none', 'billable_metric'],
    ['/add_ons/none', 'add_on'],
    ['/taxes/none', 'tax'],
    ['/coupons/none', 'coupon'],
    ['/features/none', 'feature'],
    ['/subscriptions/none', 'subscription'],
    ['/subscriptions/none/lifetime_usage', 'lifetime_usage'],
    ['/subscriptions/s/alerts/none', 'alert'],
    ['/events/none', 'event'],
    ['/fees/none', 'fee'],
    ['/fees/{invoice}', 'fee'],
    ['/invoices/none', 'invoice'],
    ['/credit_notes/{invoice}', 'credit_note'],
    ['/wallets/none', 'wallet'],
    ['/wallets?external_customer_id=none', 'customer'],
    ['/wallet_transactions/none', 'wallet_transaction'],
    ['/customers/c/wallets/none', 'wallet'],
    ['/customers/none/invoices', 'customer'],
    ['/customers/none/current_usage?external_subscription_id=s', 'customer'],
    ['/payments/none', 'payment'],
    ['/payment_requests/none', 'payment_request'],
    ['/payment_receipts/none', 'invoice'],
    ['/billing_entities/none', 'billing_entity'],
    ['/activity_logs/none', 'activity_log'],
    ['/nothing/at/all', 'resource'],
  ])('GET %s', async (path, resource) => {
    const { status, body } = await firm.get(filled(path));
    expect([status, body]).toMatchObject([
      404,
      { status: 404, error: 'Not Found', code: `${resource}_not_found` },
    ]);
  });

  it.each([
    [
      '/plans',
      {
        plan: {
          ...PLAN,
          code: 'q',
          charges: [{ billable_metric_id: '{fee}', charge_model: 'standard', properties: { amount: '1' } }],
        },
      },
      'billable_metrics',
    ],
    [
      '/plans',
      {
        plan: {
          ...PLAN,
          code: 'q',
          fixed_charges: [{ add_on_code: 'none', charge_model: 'standard', properties: { amount: '1' } }],
        },
      },
      'add_ons',
    ],
    ['/plans', { plan: { ...PLAN, code: 'q', tax_codes: ['none'] } }, 'tax'],
    ['/invoices', { invoice: { external_customer_id: 'c', currency: 'EUR', fees: [] } }, 'fees'],
    [
      '/invoices',
      { invoice: { external_customer_id: 'c', currency: 'EUR', fees: [{ add_on_code: 'none' }] } },
      'add_on',
    ],
    ['/applied_coupons', { applied_coupon: { external_customer_id: 'c', coupon_code: 'none' } }, 'coupon'],
    [
      '/subscriptions',
      { subscription: { external_customer_id: 'c', plan_code: 'none', external_id: 'z' } },
      'plan',
    ],
    ['/payments', { payment: { invoice_id: '{fee}', amount_cents: 1, reference: 'r' } }, 'invoice'],
    ['/credit_notes', { credit_note: { invoice_id: '{fee}', items: [] } }, 'invoice'],
    [
      '/coupons',
      {
        coupon: {
          name: 'K',
          code: 'z',
          coupon_type: 'fixed_amount',
          amount_cents: 1,
          amount_currency: 'EUR',
          frequency: 'once',
          expiration: 'no_expiration',
          applies_to: { plan_codes: ['none'] },
        },
      },
      'plans',
    ],
  ])('POST %s %j', async (path, body, resource) => {
    const answer = await firm.post(path, JSON.parse(filled(JSON.stringify(body))));
    expect([answer.status, answer.body.code]).toEqual([404, `${resource}_not_found`]);
  });
});

it('takes no authorization on a card, and no entity that is not there', async () => {
  const subscription = { external_customer_id: 'c', plan_code: 'p', external_id: 'z' };
  const held = { subscription, authorization: { amount_cents: 100, amount_currency: 'EUR' } };
  const answer = await firm.post('/subscriptions', held);
  expect([answer.status, answer.body.code]).toEqual([422, 'stripe_required']);
  const gated = { ...subscription, activation_rules: [{ type: 'payment', timeout_hours: 24 }] };
  const waits = await firm.post('/subscriptions', { subscription: gated });
  expect([waits.status, waits.body.code]).toEqual([403, 'feature_not_available']);
  const elsewhere = await firm.post('/subscriptions', {
    subscription: { ...subscription, billing_entity_id: 'x' },
  });
  expect([elsewhere.status, elsewhere.body.code]).toEqual([404, 'billing_entity_not_found']);
});

describe('what its state forbids', () => {
  it.each([
    ['GET', '/customers/d/current_usage?external_subscription_id=s', null, 'no_active_subscription'],
    ['DELETE', '/invoices/{invoice}', null, 'not_deletable'],
    ['POST', '/invoices/{voided}/void', null, 'not_voidable'],
    ['POST', '/invoices/{draft}/lose_dispute', null, 'not_disputable'],
    ['POST', '/invoices/{draft}/void', null, 'not_voidable'],
    [
      'PUT',
      '/invoices/{draft}',
      { invoice: { payment_status: 'succeeded' } },
      'payment_status_update_on_draft_invoice',
    ],
    [
      'PUT',
      '/invoices/{draft}',
      { invoice: { metadata: [{ key: 'a', value: 'b' }] } },
      'metadata_on_draft_invoice',
    ],
    ['PUT', '/invoices/{voided}', { invoice: { payment_status: 'succeeded' } }, 'update_on_voided_invoice'],
    ['PUT', '/credit_notes/{note}/void', null, 'no_voidable_amount'],
    ['POST', '/invoices/{invoice}/retry', null, 'invalid_status'],
    ['POST', '/invoices/{paid}/retry_payment', null, 'invalid_status'],
    ['PUT', '/fees/{fee}', { fee: { payment_status: 'succeeded' } }, 'invoiced_fee'],
    ['DELETE', '/fees/{fee}', null, 'invoiced_fee'],
    [
      'POST',
      '/payment_requests',
      {
        payment_request: { external_customer_id: 'c', email: 'a@b.example', lago_invoice_ids: ['{invoice}'] },
      },
      'invoices_not_overdue',
    ],
    [
      'POST',
      '/coupons',
      {
        coupon: {
          name: 'K',
          code: 'z',
          coupon_type: 'fixed_amount',
          amount_cents: 1,
          amount_currency: 'EUR',
          frequency: 'once',
          expiration: 'no_expiration',
          applies_to: { plan_codes: ['p'], billable_metric_codes: ['sum'] },
        },
      },
      'only_one_limitation_type_per_coupon_allowed',
    ],
  ])('%s %s', async (method, path, body, code) => {
    const given = body === null ? undefined : JSON.parse(filled(JSON.stringify(body)));
    const answer = await firm.call(method, filled(path), given);
    expect([answer.status, answer.body]).toMatchObject([
      405,
      { status: 405, error: 'Method Not Allowed', code },
    ]);
  });
});
