import { Client } from 'lago-javascript-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { checkBooks } from '@/lib/queries/books';
import { type Caller, type Loose, openWorld, type World } from './testing/world.ts';

/** A whole billing life through the published client, unchanged; every figure was worked out by hand. */
let world: World;
let firm: Caller;
let lago: ReturnType<typeof Client>;

const NEIGHBOURS = { next_page: null, prev_page: null };
const ids: Record<string, string> = {};

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  const customFetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return world.request(`${url.pathname}${url.search}`, init);
  };
  lago = Client(firm.key, { baseUrl: 'http://localhost/api/v1', customFetch });
});
afterAll(async () => {
  const { organizationId } = firm;
  const broken = await withTenant(world.databases, organizationId, (tx) => checkBooks(tx, organizationId));
  await world.close();
  expect(broken).toEqual([]);
});

/** The clock is ours, so the client has no call for it. */
async function moveTo(now: string): Promise<void> {
  const { status } = await firm.put('/sandbox/clock', { clock: { now } });
  expect(status).toBe(200);
}

/** Members of an object, in the order asked. */
function pick(object: Loose, ...members: string[]): unknown[] {
  return members.map((member) => object[member]);
}

const TIERS = [
  { from_value: 0, to_value: 10, per_unit_amount: '0.2', flat_amount: '0' },
  { from_value: 11, to_value: null, per_unit_amount: '0.1', flat_amount: '1' },
];

/** Seven models over the same use of 25 units in 3 events: 2.50, 4.50, 12.50, 10.00, 4.00, 5.00 and 3.01. */
const CHARGES: [string, Loose, number][] = [
  ['standard', { amount: '0.1' }, 250],
  ['graduated', { graduated_ranges: TIERS }, 450],
  [
    'volume',
    {
      volume_ranges: [
        { from_value: 0, to_value: 10, per_unit_amount: '1', flat_amount: '0' },
        { from_value: 11, to_value: null, per_unit_amount: '0.5', flat_amount: '0' },
      ],
    },
    1250,
  ],
  ['package', { amount: '5', package_size: 10, free_units: 5 }, 1000],
  ['percentage', { rate: '10', fixed_amount: '0.5' }, 400],
  [
    'graduated_percentage',
    {
      graduated_percentage_ranges: [
        { from_value: 0, to_value: 10, rate: '10', flat_amount: '1' },
        { from_value: 11, to_value: null, rate: '20', flat_amount: '0' },
      ],
    },
    500,
  ],
  ['dynamic', {}, 301],
];
const USAGE_CENTS = 4151;

describe('a billing life through the published client', () => {
  it('sets up what is sold', async () => {
    const { data: t } = await lago.taxes.createTax({
      tax: { name: 'VAT', code: 'vat', rate: '20', applied_to_organization: true },
    });
    expect(pick(t.tax, 'name', 'code', 'rate', 'applied_to_organization')).toEqual(['VAT', 'vat', 20, true]);
    const { data: m } = await lago.billableMetrics.createBillableMetric({
      billable_metric: { name: 'Storage', code: 'gb', aggregation_type: 'sum_agg', field_name: 'gb' },
    });
    expect(pick(m.billable_metric, 'code', 'aggregation_type', 'field_name', 'recurring')).toEqual([
      'gb',
      'sum_agg',
      'gb',
      false,
    ]);
    const charges = CHARGES.map(([charge_model, properties]) => ({
      billable_metric_id: m.billable_metric.lago_id,
      code: charge_model,
      charge_model,
      properties,
    })) as Loose[];
    const shared = { interval: 'monthly', amount_currency: 'EUR', pay_in_advance: true } as const;
    const { data: p } = await lago.plans.createPlan({
      plan: { ...shared, name: 'Pro', code: 'pro', amount_cents: 3100, trial_period: 10, charges },
    });
    expect(pick(p.plan, 'code', 'amount_cents', 'amount_currency', 'trial_period', 'interval')).toEqual([
      'pro',
      3100,
      'EUR',
      10,
      'monthly',
    ]);
    expect(p.plan.charges?.map((charge: Loose) => [charge.charge_model, charge.properties])).toEqual(
      CHARGES.map(([model, properties]) => [model, properties]),
    );
    await lago.plans.createPlan({ plan: { ...shared, name: 'Max', code: 'max', amount_cents: 6200 } });
    const { data: c } = await lago.coupons.createCoupon({
      coupon: {
        name: 'Hello',
        code: 'hello',
        coupon_type: 'fixed_amount',
        amount_cents: 500,
        amount_currency: 'EUR',
        frequency: 'once',
        expiration: 'no_expiration',
      },
    });
    expect(pick(c.coupon, 'amount_cents', 'amount_currency', 'percentage_rate', 'reusable')).toEqual([
      500,
      'EUR',
      null,
      true,
    ]);
    const { data: a } = await lago.addOns.createAddOn({
      add_on: { name: 'Setup', code: 'setup', amount_cents: 10_000, amount_currency: 'EUR' },
    });
    expect(pick(a.add_on, 'code', 'amount_cents', 'taxes')).toEqual(['setup', 10_000, []]);
  });

  it('takes a customer with credits and a coupon', async () => {
    const { data } = await lago.customers.createCustomer({
      customer: { external_id: 'acme.io', name: 'Acme', currency: 'EUR', email: 'pay@acme.example' },
    });
    ids.customer = data.customer.lago_id;
    expect(pick(data.customer, 'external_id', 'name', 'sequential_id', 'currency')).toEqual([
      'acme.io',
      'Acme',
      1,
      'EUR',
    ]);
    const { data: applied } = await lago.appliedCoupons.applyCoupon({
      applied_coupon: { external_customer_id: 'acme.io', coupon_code: 'hello' },
    });
    expect(pick(applied.applied_coupon, 'status', 'amount_cents_remaining')).toEqual(['active', 500]);
    const { data: made } = await lago.wallets.createWallet({
      wallet: {
        external_customer_id: 'acme.io',
        name: 'Credits',
        rate_amount: '1',
        currency: 'EUR',
        granted_credits: '5',
        paid_credits: '10',
      },
    });
    ids.wallet = made.wallet.lago_id;
    const { data: bills } = await lago.invoices.findAllInvoices({ invoice_type: 'credit' });
    const [purchase] = bills.invoices as Loose[];
    expect(pick(purchase, 'status', 'payment_status', 'fees_amount_cents', 'total_amount_cents')).toEqual([
      'finalized',
      'pending',
      1000,
      1000,
    ]);
    const { data: paid } = await lago.payments.createPayment({
      payment: { invoice_id: purchase.lago_id, amount_cents: 1000, reference: 'wire 1' },
    });
    expect(paid.payment).toMatchObject({
      invoice_ids: [purchase.lago_id],
      invoice_numbers: [purchase.number],
      lago_payable_id: purchase.lago_id,
      payable_type: 'Invoice',
      amount_cents: 1000,
      payment_status: 'succeeded',
      type: 'manual',
      reference: 'wire 1',
      created_at: '2024-03-05T10:00:00Z',
    });
    const { data: filled } = await lago.wallets.findWallet(ids.wallet!);
    expect(filled.wallet).toMatchObject({
      code: 'credits',
      credits_balance: '15.0',
      balance_cents: 1500,
      ongoing_balance_cents: 1500,
      consumed_credits: '0.0',
    });
    const { data: moves } = await lago.wallets.findAllWalletTransactions(ids.wallet!);
    const kinds = moves.wallet_transactions.map((one: Loose) =>
      pick(one, 'transaction_status', 'amount', 'status'),
    );
    expect(kinds.sort()).toEqual([
      ['granted', '5.0', 'settled'],
      ['purchased', '10.0', 'settled'],
    ]);
  });

  it('starts with a trial and meters use', async () => {
    const { data } = await lago.subscriptions.createSubscription({
      subscription: { external_customer_id: 'acme.io', plan_code: 'pro', external_id: 'sub.1' },
    });
    expect(data.subscription).toMatchObject({
      status: 'active',
      plan_code: 'pro',
      plan_amount_cents: 3100,
      started_at: '2024-03-05T10:00:00.000Z',
      trial_ended_at: null,
      previous_plan_code: null,
      current_billing_period_ending_at: '2024-03-31T23:59:59Z',
    });
    await moveTo('2024-03-06T12:00:00Z');
    const event = (n: number, gb: number, precise_total_amount_cents: string) => ({
      transaction_id: `t${n}`,
      external_subscription_id: 'sub.1',
      code: 'gb',
      timestamp: Date.parse('2024-03-05T12:00:00Z') / 1000 + n,
      properties: { gb },
      precise_total_amount_cents,
    });
    const { data: one } = await lago.events.createEvent({ event: event(1, 5, '100.5') });
    expect(
      pick(one.event, 'transaction_id', 'timestamp', 'precise_total_amount_cents', 'properties'),
    ).toEqual(['t1', '2024-03-05T12:00:01.000Z', '100.5', { gb: 5 }]);
    const { data: more } = await lago.events.createBatchEvents({
      events: [event(2, 8, '200.25'), event(3, 12, '0')],
    });
    expect(more.events.map(({ transaction_id }) => transaction_id)).toEqual(['t2', 't3']);
    const { data: found } = await lago.events.findAllEvents({
      external_subscription_id: 'sub.1',
      per_page: 2,
    });
    expect(found.meta).toEqual({
      ...NEIGHBOURS,
      next_page: 2,
      current_page: 1,
      total_pages: 2,
      total_count: 3,
    });
    const { data: shown } = await lago.events.findEvent('t3');
    expect(pick(shown.event, 'lago_customer_id', 'code')).toEqual([ids.customer, 'gb']);
    const { data: usage } = await lago.customers.findCustomerCurrentUsage('acme.io', {
      external_subscription_id: 'sub.1',
    });
    const { charges_usage, ...totals } = usage.customer_usage as Loose;
    expect(totals).toEqual({
      from_datetime: '2024-03-05T10:00:00Z',
      to_datetime: '2024-03-31T23:59:59Z',
      issuing_date: '2024-03-31',
      currency: 'EUR',
      amount_cents: USAGE_CENTS,
      total_amount_cents: 4981,
      taxes_amount_cents: 830,
      lago_invoice_id: null,
    });
    expect(
      charges_usage.map(({ charge, units, events_count, amount_cents }: Loose) => [
        charge.charge_model,
        units,
        events_count,
        amount_cents,
      ]),
    ).toEqual(CHARGES.map(([model, , cents]) => [model, '25.0', 3, cents]));
  });

  it('bills the rest of the month when the trial is over', async () => {
    await moveTo('2024-03-16T10:00:00Z');
    // 17 of 31 days of 31.00; the coupon before taxes; credits pay the rest.
    expect(await latestInvoice('subscription')).toMatchObject({
      number: expect.stringMatching(/-001-002$/),
      status: 'finalized',
      payment_status: 'succeeded',
      issuing_date: '2024-03-15',
      fees_amount_cents: 1700,
      coupons_amount_cents: 500,
      sub_total_excluding_taxes_amount_cents: 1200,
      taxes_amount_cents: 240,
      sub_total_including_taxes_amount_cents: 1440,
      prepaid_credit_amount_cents: 1440,
      total_amount_cents: 0,
      total_due_amount_cents: 0,
      credits: [{ amount_cents: 500, before_taxes: true, item: { type: 'coupon', code: 'hello' } }],
      applied_taxes: [{ tax_code: 'vat', tax_rate: 20, amount_cents: 240, fees_amount_cents: 1200 }],
    });
  });

  it('upgrades at once, with the unused days back', async () => {
    await moveTo('2024-03-20T10:00:00Z');
    const { data } = await lago.subscriptions.createSubscription({
      subscription: { external_customer_id: 'acme.io', plan_code: 'max', external_id: 'sub.1' },
    });
    expect(pick(data.subscription, 'status', 'plan_code', 'previous_plan_code')).toEqual([
      'active',
      'max',
      'pro',
    ]);
    // 12 of 17 billed days come back: 12.00, less its share of the coupon, 3.53, with 20 % tax.
    const { data: notes } = await lago.creditNotes.findAllCreditNotes({ external_customer_id: 'acme.io' });
    expect(notes.credit_notes).toMatchObject([
      {
        credit_status: 'consumed',
        reason: 'order_cancellation',
        sub_total_excluding_taxes_amount_cents: 847,
        coupons_adjustment_amount_cents: 353,
        taxes_amount_cents: 169,
        total_amount_cents: 1016,
        balance_amount_cents: 0,
      },
    ]);
    // 12 of 31 days of 62.00 and the use until now; the note and the last 0.60 of credits go first.
    const invoice = await latestInvoice('subscription');
    expect(invoice).toMatchObject({
      fees_amount_cents: USAGE_CENTS + 2400,
      taxes_amount_cents: 1310,
      credit_notes_amount_cents: 1016,
      prepaid_credit_amount_cents: 60,
      total_amount_cents: 6785,
      payment_status: 'pending',
    });
    expect(invoice.fees.map(({ item, amount_cents }: Loose) => [item.type, item.code, amount_cents])).toEqual(
      [...CHARGES.map(([, , cents]) => ['charge', 'gb', cents]), ['subscription', 'max', 2400]],
    );
    ids.upgrade = invoice.lago_id;
    const { data: wallet } = await lago.wallets.findWallet(ids.wallet!);
    expect(pick(wallet.wallet, 'credits_balance', 'consumed_credits')).toEqual(['0.0', '15.0']);
    await lago.payments.createPayment({
      payment: { invoice_id: ids.upgrade!, amount_cents: 6785, reference: 'wire 2', paid_at: '2024-03-19' },
    });
    const { data: after } = await lago.invoices.findInvoice(ids.upgrade!);
    expect(
      pick(after.invoice, 'payment_status', 'total_paid_amount_cents', 'total_due_amount_cents'),
    ).toEqual(['succeeded', 6785, 0]);
    const { data: receipts } = await lago.paymentReceipts.findAllPaymentReceipts({ invoice_id: ids.upgrade });
    expect(receipts.payment_receipts).toMatchObject([
      { number: expect.stringMatching(/-001-RCPT-000002$/), payment: { created_at: '2024-03-19T00:00:00Z' } },
    ]);
  });

  it('bills by hand, credits a part and cancels', async () => {
    const { data } = await lago.invoices.createInvoice({
      invoice: {
        external_customer_id: 'acme.io',
        currency: 'EUR',
        fees: [{ add_on_code: 'setup', units: 1 }],
      },
    });
    const invoice = data.invoice as Loose;
    expect(
      pick(invoice, 'invoice_type', 'fees_amount_cents', 'taxes_amount_cents', 'total_amount_cents'),
    ).toEqual(['one_off', 10_000, 2000, 12_000]);
    const items = [{ fee_id: invoice.fees[0].lago_id, amount_cents: 5000 }];
    const { data: estimate } = await lago.creditNotes.estimateCreditNote({
      credit_note: { invoice_id: invoice.lago_id, items },
    });
    expect(estimate.estimated_credit_note).toMatchObject({
      sub_total_excluding_taxes_amount_cents: 5000,
      taxes_amount_cents: 1000,
      precise_taxes_amount_cents: '1000.0',
      max_creditable_amount_cents: 12_000,
      max_refundable_amount_cents: 0,
      coupons_adjustment_amount_cents: 0,
    });
    const { data: note } = await lago.creditNotes.createCreditNote({
      credit_note: { invoice_id: invoice.lago_id, reason: 'other', credit_amount_cents: 6000, items },
    });
    expect(pick(note.credit_note, 'credit_status', 'total_amount_cents', 'balance_amount_cents')).toEqual([
      'available',
      6000,
      6000,
    ]);
    const { data: cancelled } = await lago.creditNotes.voidCreditNote(note.credit_note.lago_id);
    expect(pick(cancelled.credit_note, 'credit_status', 'balance_amount_cents')).toEqual(['voided', 0]);
    const { data: gone } = await lago.invoices.voidInvoice(invoice.lago_id);
    expect(pick(gone.invoice, 'status', 'total_due_amount_cents', 'voided_at')).toEqual([
      'voided',
      0,
      '2024-03-20T10:00:00Z',
    ]);
  });

  it('renews, then ends with the unused days back', async () => {
    await moveTo('2024-04-10T10:00:00Z');
    const april = await latestInvoice('subscription');
    expect(
      pick(april, 'fees_amount_cents', 'taxes_amount_cents', 'total_amount_cents', 'payment_overdue'),
    ).toEqual([6200, 1240, 7440, true]);
    ids.april = april.lago_id;
    const { data } = await lago.subscriptions.destroySubscription('sub.1');
    expect(pick(data.subscription, 'status', 'terminated_at', 'on_termination_credit_note')).toEqual([
      'terminated',
      '2024-04-10T10:00:00Z',
      'credit',
    ]);
    // 20 of 30 days of 62.00, with 20 % tax, as credit for later bills.
    const { data: notes } = await lago.creditNotes.findAllCreditNotes({ per_page: 1 });
    expect(notes.credit_notes).toMatchObject([
      {
        lago_invoice_id: april.lago_id,
        credit_status: 'available',
        sub_total_excluding_taxes_amount_cents: 4133,
        taxes_amount_cents: 827,
        precise_taxes_amount_cents: '826.66667',
        total_amount_cents: 4960,
        balance_amount_cents: 4960,
        credit_amount_cents: 4960,
        items: [{ amount_cents: 4133, amount_currency: 'EUR' }],
      },
    ]);
    const last = await latestInvoice('subscription');
    expect(pick(last, 'fees_amount_cents', 'total_amount_cents', 'payment_status')).toEqual([
      0,
      0,
      'succeeded',
    ]);
  });

  it('finds everything again', async () => {
    const { data: fees } = await lago.fees.findAllFees({ fee_type: 'charge', per_page: 3, page: 2 });
    expect(fees.meta).toEqual({
      current_page: 2,
      next_page: 3,
      prev_page: 1,
      total_pages: 3,
      total_count: 7,
    });
    expect(fees.fees.map(({ amount_cents }: Loose) => amount_cents)).toEqual([1000, 400, 500]);
    const counts: [Promise<{ data: Loose }>, number][] = [
      [lago.invoices.findAllInvoices({ 'statuses[]': ['voided'] }), 1],
      [
        lago.invoices.findAllInvoices({ 'payment_statuses[]': ['succeeded'], invoice_type: 'subscription' }),
        3,
      ],
      [lago.invoices.findAllInvoices({ payment_overdue: true }), 1],
      [lago.invoices.findAllInvoices({ issuing_date_from: '2024-04-01', 'statuses[]': ['finalized'] }), 2],
      [lago.invoices.findAllInvoices({ amount_from: 7000, amount_to: 8000 }), 1],
      [lago.customers.findAllCustomerInvoices('acme.io'), 6],
      [lago.customers.findAllCustomerSubscriptions('acme.io'), 0],
      [lago.subscriptions.findAllSubscriptions({ 'status[]': ['terminated'] }), 2],
      [lago.subscriptions.findAllSubscriptions({ 'status[]': ['terminated'], plan_code: 'max' }), 1],
      [lago.customers.findAllCustomerPayments('acme.io'), 2],
      [lago.fees.findAllFees({ external_subscription_id: 'sub.1', fee_type: 'subscription' }), 3],
      [lago.fees.findAllFees({ billable_metric_code: 'gb', payment_status: 'succeeded' }), 7],
      [lago.appliedCoupons.findAllAppliedCoupons({ status: 'terminated', 'coupon_code[]': ['hello'] }), 1],
      [lago.customers.findAllCustomers({ search_term: 'acme' }), 1],
      [lago.customers.findAllCustomers({ 'currencies[]': ['USD'] }), 0],
    ];
    const found = await Promise.all(counts.map(async ([call]) => (await call).data.meta.total_count));
    expect(found).toEqual(counts.map(([, count]) => count));
  });

  it('adds the figures up', async () => {
    const asked = { currency: 'EUR', months: 3 } as const;
    const nothing = (month: string) => ({ month, amount_cents: null, currency: 'EUR' });
    const [february, march, april] = ['02', '03', '04'].map((month) => `2024-${month}-01T00:00:00.000Z`);
    const { data: gross } = await lago.analytics.findAllGrossRevenues(asked);
    const billed = { currency: 'EUR', billing_entity_id: null };
    expect(gross.gross_revenues).toEqual([
      { ...nothing(february!), ...billed, invoices_count: 0 },
      { ...billed, month: march, amount_cents: 1000 + 6785, invoices_count: 3 },
      { ...billed, month: april, amount_cents: 7440, invoices_count: 2 },
    ]);
    const { data: collection } = await lago.analytics.findAllInvoiceCollections(asked);
    expect(collection.invoice_collections).toEqual([
      { ...nothing(february!), payment_status: null, invoices_count: 0 },
      { month: march, currency: 'EUR', payment_status: 'succeeded', invoices_count: 3, amount_cents: 7785 },
      { month: april, currency: 'EUR', payment_status: 'pending', invoices_count: 1, amount_cents: 7440 },
      { month: april, currency: 'EUR', payment_status: 'succeeded', invoices_count: 1, amount_cents: 0 },
    ]);
    const { data: used } = await lago.analytics.findAllInvoicedUsages(asked);
    expect(used.invoiced_usages).toEqual([
      { ...nothing(february!), code: null },
      { month: march, currency: 'EUR', code: 'gb', amount_cents: USAGE_CENTS },
      { ...nothing(april!), code: null },
    ]);
    const { data: recurring } = await lago.analytics.findAllMrrs(asked);
    expect(recurring.mrrs).toEqual([
      nothing(february!),
      { month: march, currency: 'EUR', amount_cents: 6200 },
      { month: april, currency: 'EUR', amount_cents: 0 },
    ]);
    const { data: overdue } = await lago.analytics.findAllOverdueBalances({
      ...asked,
      external_customer_id: 'acme.io',
    });
    const none = { currency: 'EUR', billing_entity_id: null, amount_cents: null, lago_invoice_ids: [] };
    expect(overdue.overdue_balances).toEqual([
      { ...none, month: february },
      { ...none, month: march },
      { ...none, month: april, amount_cents: 7440, lago_invoice_ids: [ids.april] },
    ]);
    const { data: log } = await lago.activityLogs.findAllActivityLogs({
      'activity_types[]': ['subscription.started', 'customer.created'],
      'activity_sources[]': ['api'],
      external_customer_id: 'acme.io',
    });
    expect(log.activity_logs.map(({ activity_type }) => activity_type)).toEqual([
      'subscription.started',
      'subscription.started',
      'customer.created',
    ]);
    const [last] = log.activity_logs;
    expect(last).toMatchObject({
      resource_type: 'Subscription',
      external_customer_id: 'acme.io',
      user_email: null,
    });
    const { data: shown } = await lago.activityLogs.findActivityLog(last!.activity_id);
    expect(shown.activity_log).toEqual(last);
  });
});

async function latestInvoice(invoice_type: 'subscription'): Promise<Loose> {
  const { data } = await lago.invoices.findAllInvoices({
    external_customer_id: 'acme.io',
    invoice_type,
    per_page: 1,
  });
  return (await lago.invoices.findInvoice(data.invoices[0]!.lago_id)).data.invoice;
}
