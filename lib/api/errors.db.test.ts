import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const PLAN = { name: 'P', interval: 'monthly', amount_cents: 1000, amount_currency: 'EUR' };

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

type Case = [method: string, path: string, body: Loose, details: Loose];

function refuses(cases: Case[]): void {
  it.each(cases)('%s %s %j', async (method, path, body, details) => {
    const given = body === null ? undefined : JSON.parse(filled(JSON.stringify(body)));
    const answer = await firm.call(method, filled(path), given);
    const expected = { status: 422, error: 'Unprocessable Entity', code: 'validation_errors' };
    expect([answer.status, answer.body]).toEqual([422, { ...expected, error_details: details }]);
  });
}

describe('validation', () => {
  const metric = (more: Loose) => ({
    billable_metric: { name: 'N', code: 'n', aggregation_type: 'sum_agg', field_name: 'n', ...more },
  });
  refuses([
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
  ]);

  const charge = (charge_model: string, properties: Loose, more: Loose = {}) => ({
    plan: {
      ...PLAN,
      code: 'q',
      charges: [{ billable_metric_id: '{sum}', charge_model, properties, ...more }],
    },
  });
  refuses([
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
    [
      'POST',
      '/plans',
      { plan: { ...PLAN, code: 'q', interval: 'daily' } },
      { interval: ['value_is_invalid'] },
    ],
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
  ]);

  const customer = (more: Loose) => ({ customer: { external_id: 'z', ...more } });
  const six = Array.from({ length: 6 }, (_one, n) => ({ key: `k${n}`, value: 'v' }));
  refuses([
    ['POST', '/customers', { customer: { name: 'x' } }, { external_id: ['value_is_mandatory'] }],
    ['POST', '/customers', customer({ country: 'XX' }), { country: ['not_a_valid_country_code'] }],
    ['POST', '/customers', customer({ timezone: 'Mars' }), { timezone: ['invalid_timezone'] }],
    ['POST', '/customers', customer({ currency: 'XXQ' }), { currency: ['value_is_invalid'] }],
    ['POST', '/customers', customer({ email: 'x' }), { email: ['invalid_email_format'] }],
    [
      'POST',
      '/customers',
      customer({ billing_configuration: { document_locale: 'xx' } }),
      { document_locale: ['not_a_valid_language_code'] },
    ],
    ['POST', '/customers', customer({ metadata: six }), { metadata: ['invalid_count'] }],
    [
      'POST',
      '/customers',
      customer({ finalize_zero_amount_invoice: 'x' }),
      { finalize_zero_amount_invoice: ['invalid_value'] },
    ],
    [
      'POST',
      '/customers',
      { customer: { external_id: 'c', currency: 'USD' } },
      { currency: ['currencies_does_not_match'] },
    ],
  ]);

  const subscription = (more: Loose) => ({
    subscription: { external_customer_id: 'c', plan_code: 'p', external_id: 'z', ...more },
  });
  refuses([
    ['POST', '/subscriptions', subscription({ subscription_at: 'x' }), { subscription_at: ['invalid_date'] }],
    [
      'POST',
      '/subscriptions',
      subscription({ ending_at: '2020-01-01T00:00:00Z' }),
      { ending_at: ['invalid_date'] },
    ],
    ...['2024-02-31', 'March 1, 2024', 1709600000, '2024-03-01T25:00:00Z'].map(
      (subscription_at): Case => [
        'POST',
        '/subscriptions',
        subscription({ subscription_at }),
        { subscription_at: ['invalid_date'] },
      ],
    ),
    ['POST', '/subscriptions', subscription({ billing_time: 'x' }), { billing_time: ['value_is_invalid'] }],
    ['POST', '/subscriptions', subscription({ external_id: null }), { external_id: ['value_is_mandatory'] }],
    [
      'POST',
      '/subscriptions',
      subscription({ external_customer_id: '' }),
      { external_customer_id: ['value_is_mandatory'] },
    ],
    [
      'POST',
      '/subscriptions',
      { subscription: { external_customer_id: 'd', plan_code: 'p', external_id: 's' } },
      { external_id: ['value_already_exist'] },
    ],
    [
      'PUT',
      '/subscriptions/s',
      { subscription: { on_termination_credit_note: 'x' } },
      { on_termination_credit_note: ['invalid_value'] },
    ],
    [
      'DELETE',
      '/subscriptions/s?on_termination_invoice=x',
      null,
      { on_termination_invoice: ['invalid_value'] },
    ],
    ['GET', '/subscriptions?status%5B%5D=x', null, { status: ['value_is_invalid'] }],
    [
      'POST',
      '/subscriptions',
      subscription({
        usage_thresholds: [{ amount_cents: 5 }],
        plan_overrides: { usage_thresholds: [{ amount_cents: 6 }] },
      }),
      { usage_thresholds: ['incompatible_params'] },
    ],
    [
      'PUT',
      '/subscriptions/s',
      { subscription: { usage_thresholds: [{ amount_cents: 5 }, { amount_cents: 5 }] } },
      { amount_cents: ['value_is_duplicated'] },
    ],
    [
      'PUT',
      '/subscriptions/s',
      {
        subscription: {
          usage_thresholds: [
            { amount_cents: 5, recurring: true },
            { amount_cents: 6, recurring: true },
          ],
        },
      },
      { usage_thresholds: ['multiple_recurring_thresholds'] },
    ],
  ]);

  const event = (more: Loose) => ({
    event: { transaction_id: 'e2', external_subscription_id: 's', code: 'count', ...more },
  });
  refuses([
    ['POST', '/events', event({ transaction_id: 'e1' }), { transaction_id: ['value_already_exist'] }],
    ['POST', '/events', event({ transaction_id: null }), { transaction_id: ['value_is_mandatory'] }],
    ['POST', '/events', event({ timestamp: '2024-03-05T10:00:00Z' }), { timestamp: ['invalid_format'] }],
    ['POST', '/events', event({ code: null }), { code: ['value_is_mandatory'] }],
    ['POST', '/events/batch', { events: [] }, { events: ['no_events'] }],
    [
      'POST',
      '/events/batch',
      { events: Array.from({ length: 1001 }, (_one, n) => event({ transaction_id: `b${n}` }).event) },
      { events: ['too_many_events'] },
    ],
    [
      'POST',
      '/events/batch',
      { events: [event({}).event, event({ transaction_id: 'e1' }).event] },
      { 1: { transaction_id: ['value_already_exist'] } },
    ],
    [
      'POST',
      '/events/estimate_fees',
      event({ code: 'nothing' }),
      { code: ['does_not_match_an_instant_charge'] },
    ],
  ]);

  const coupon = {
    name: 'K',
    code: 'z',
    coupon_type: 'fixed_amount',
    amount_cents: 1,
    amount_currency: 'EUR',
    frequency: 'once',
  };
  refuses([
    [
      'POST',
      '/coupons',
      { coupon: { ...coupon, expiration: 'time_limit', expiration_at: '2020-01-01T00:00:00Z' } },
      { expiration_at: ['invalid_date'] },
    ],
    [
      'POST',
      '/applied_coupons',
      { applied_coupon: { external_customer_id: 'c', coupon_code: 'k' } },
      { coupon: ['coupon_is_not_reusable'] },
    ],
    [
      'POST',
      '/applied_coupons',
      { applied_coupon: { external_customer_id: 'c', coupon_code: 'usd' } },
      { currency: ['currencies_does_not_match'] },
    ],
    ['GET', '/applied_coupons?status=x', null, { status: ['value_is_invalid'] }],
  ]);

  const wallet = (more: Loose) => ({
    wallet: { external_customer_id: 'c', rate_amount: '1', currency: 'EUR', ...more },
  });
  const moves = (more: Loose) => ({ wallet_transaction: { wallet_id: '{wallet}', ...more } });
  refuses([
    ['POST', '/wallets', wallet({ external_customer_id: 'none' }), { customer: ['customer_not_found'] }],
    [
      'POST',
      '/wallets',
      wallet({ paid_credits: 'x' }),
      { paid_credits: ['invalid_paid_credits', 'invalid_amount'] },
    ],
    [
      'POST',
      '/wallets',
      wallet({ granted_credits: '-1' }),
      { granted_credits: ['invalid_granted_credits', 'invalid_amount'] },
    ],
    [
      'POST',
      '/wallets',
      wallet({ paid_credits: '1', paid_top_up_min_amount_cents: 500 }),
      { paid_credits: ['amount_below_minimum'] },
    ],
    [
      'POST',
      '/wallets',
      wallet({ paid_credits: '9', paid_top_up_max_amount_cents: 500 }),
      { paid_credits: ['amount_above_maximum'] },
    ],
    [
      'POST',
      '/wallets',
      wallet({ expiration_at: '2020-01-01T00:00:00Z' }),
      { expiration_at: ['invalid_date'] },
    ],
    ['POST', '/wallets', wallet({ priority: 51 }), { priority: ['value_is_invalid'] }],
    ['PUT', '/wallets/{ended}', { wallet: { name: 'Y' } }, { wallet_id: ['wallet_is_terminated'] }],
    ['POST', '/wallets/{wallet}/metadata', { metadata: ['x'] }, { metadata: ['invalid_type'] }],
    [
      'POST',
      '/wallets',
      wallet({ applies_to: { fee_types: ['x'] } }),
      { applies_to: ['invalid_limitations'] },
    ],
    [
      'POST',
      '/wallets',
      wallet({ recurring_transaction_rules: [{ trigger: 'x' }] }),
      { recurring_transaction_rules: ['invalid_recurring_rule'] },
    ],
    [
      'POST',
      '/wallets',
      wallet({
        recurring_transaction_rules: [
          { trigger: 'interval', interval: 'monthly' },
          { trigger: 'interval', interval: 'weekly' },
        ],
      }),
      { recurring_transaction_rules: ['invalid_number_of_recurring_rules'] },
    ],
    [
      'POST',
      '/wallet_transactions',
      moves({ wallet_id: '{fee}', granted_credits: '1' }),
      { wallet_id: ['wallet_not_found'] },
    ],
    [
      'POST',
      '/wallet_transactions',
      moves({ wallet_id: '{ended}', granted_credits: '1' }),
      { wallet_id: ['wallet_is_terminated'] },
    ],
    [
      'POST',
      '/wallet_transactions',
      moves({ voided_credits: '99' }),
      { voided_credits: ['insufficient_credits'] },
    ],
    [
      'POST',
      '/wallet_transactions',
      moves({ voided_credits: 'x' }),
      { voided_credits: ['invalid_voided_credits'] },
    ],
  ]);

  const payment = (more: Loose) => ({
    payment: { invoice_id: '{invoice}', amount_cents: 1, reference: 'r', ...more },
  });
  const note = (more: Loose) => ({
    credit_note: {
      invoice_id: '{invoice}',
      credit_amount_cents: 100,
      items: [{ fee_id: '{fee}', amount_cents: 100 }],
      ...more,
    },
  });
  refuses([
    [
      'PUT',
      '/invoices/{invoice}',
      { invoice: { payment_status: 'x' } },
      { payment_status: ['value_is_invalid'] },
    ],
    ['PUT', '/invoices/{invoice}', { invoice: { metadata: six } }, { metadata: ['invalid_count'] }],
    ['POST', '/invoices/{invoice}/payment_url', null, { base: ['no_linked_payment_provider'] }],
    ['GET', '/invoices?amount_from=x', null, { amount_from: ['value_is_invalid'] }],
    ['GET', '/invoices?issuing_date_to=x', null, { issuing_date_to: ['invalid_date'] }],
    [
      'POST',
      '/payments',
      { payment: { amount_cents: 1, reference: 'r' } },
      { invoice_id: ['value_is_mandatory'] },
    ],
    [
      'POST',
      '/invoices/{paid}/void',
      { generate_credit_note: true, refund_amount: 5001 },
      { credit_refund_amount: ['total_amount_exceeds_invoice_amount'] },
    ],
    [
      'POST',
      '/invoices/{invoice}/void',
      { generate_credit_note: true, refund_amount: 1 },
      { refund_amount_cents: ['cannot_refund_unpaid_invoice'] },
    ],
    ['POST', '/payments', payment({ amount_cents: 0 }), { amount_cents: ['invalid_value'] }],
    ['POST', '/payments', payment({ amount_cents: 5001 }), { amount_cents: ['invalid_value'] }],
    ['POST', '/payments', payment({ amount_cents: -1 }), { amount_cents: ['invalid_value'] }],
    ['POST', '/payments', payment({ amount_cents: 1.5 }), { amount_cents: ['invalid_value'] }],
    ['POST', '/payments', payment({ amount_cents: null }), { amount_cents: ['invalid_value'] }],
    ['POST', '/payments', payment({ paid_at: 'x' }), { paid_at: ['invalid_date'] }],
    ['POST', '/payments', payment({ reference: '' }), { reference: ['value_is_mandatory'] }],
    ['POST', '/payments', payment({ reference: 'r'.repeat(41) }), { reference: ['value_is_too_long'] }],
    ['POST', '/credit_notes', note({ items: 'x' }), { items: ['must_be_an_array'] }],
    [
      'POST',
      '/credit_notes',
      note({ items: [{ fee_id: '{fee}', amount_cents: -1 }] }),
      { amount_cents: ['invalid_value'] },
    ],
    [
      'POST',
      '/credit_notes',
      note({ credit_amount_cents: 6000, items: [{ fee_id: '{fee}', amount_cents: 6000 }] }),
      {
        amount_cents: ['higher_than_remaining_fee_amount'],
        base: ['higher_than_remaining_invoice_amount'],
        credit_amount_cents: ['higher_than_remaining_invoice_amount'],
      },
    ],
    ['POST', '/credit_notes', note({ credit_amount_cents: 50 }), { base: ['does_not_match_item_amounts'] }],
    [
      'POST',
      '/credit_notes',
      note({ credit_amount_cents: 0, refund_amount_cents: 100 }),
      { refund_amount_cents: ['cannot_refund_unpaid_invoice'] },
    ],
    ['GET', '/fees?fee_type=x', null, { fee_type: ['value_is_invalid'] }],
    ['GET', '/fees?payment_status=x', null, { payment_status: ['value_is_invalid'] }],
    ['GET', '/fees?created_at_from=x', null, { created_at_from: ['invalid_date'] }],
    ['GET', '/customers/c/past_usage', null, { external_subscription_id: ['value_is_mandatory'] }],
  ]);
});

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
