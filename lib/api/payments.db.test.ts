import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { checkBooks } from '@/lib/queries/books';
import { type Answered, type Caller, type Loose, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  for (const external_id of ['c1', 'c2']) {
    good(await firm.post('/customers', { customer: { external_id, currency: 'EUR', name: external_id } }));
  }
  const add_on = { name: 'Setup', code: 'setup', amount_cents: 10_000, amount_currency: 'EUR' };
  good(await firm.post('/add_ons', { add_on }));
});
afterAll(async () => {
  const { organizationId } = firm;
  const broken = await withTenant(world.databases, organizationId, (tx) => checkBooks(tx, organizationId));
  await world.close();
  expect(broken).toEqual([]);
});

function good({ status, body }: Answered): Loose {
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function oneOff(units: number): Promise<Loose> {
  const fees = [{ add_on_code: 'setup', units }];
  return good(
    await firm.post('/invoices', { invoice: { external_customer_id: 'c1', currency: 'EUR', fees } }),
  ).invoice;
}

describe('a payment request', () => {
  let invoices: Loose[];
  let request: Loose;

  beforeAll(async () => {
    invoices = [await oneOff(1), await oneOff(2)];
    good(await firm.put('/sandbox/clock', { clock: { now: '2024-03-20T10:00:00Z' } }));
    const asked = {
      external_customer_id: 'c1',
      email: 'pay@c1.example',
      lago_invoice_ids: invoices.map(({ lago_id }) => lago_id),
    };
    request = good(await firm.post('/payment_requests', { payment_request: asked })).payment_request;
  });

  it('is paid whole or not at all', async () => {
    const payment = { payment_request_id: request.lago_id, amount_cents: 29_999, reference: 'w-1' };
    const less = await firm.post('/payments', { payment });
    expect([less.status, less.body.error_details]).toEqual([422, { amount_cents: ['invalid_value'] }]);
    const none = { ...payment, payment_request_id: invoices[0].lago_id };
    expect((await firm.post('/payments', { payment: none })).body.code).toBe('payment_request_not_found');
  });

  it('pays each of its invoices with one payment, once', async () => {
    const given = { payment_request_id: request.lago_id, amount_cents: 30_000, reference: 'w-1' };
    const { payment } = good(await firm.post('/payments', { payment: given }));
    expect(payment).toEqual({
      lago_id: expect.any(String),
      lago_customer_id: request.customer.lago_id,
      external_customer_id: 'c1',
      invoice_ids: expect.arrayContaining(invoices.map(({ lago_id }) => lago_id)),
      invoice_numbers: expect.arrayContaining(invoices.map(({ number }) => number)),
      lago_payable_id: request.lago_id,
      payable_type: 'PaymentRequest',
      amount_cents: 30_000,
      amount_currency: 'EUR',
      status: 'succeeded',
      payment_status: 'succeeded',
      type: 'manual',
      reference: 'w-1',
      payment_provider_code: null,
      payment_provider_type: null,
      external_payment_id: null,
      provider_payment_id: null,
      provider_customer_id: null,
      next_action: {},
      created_at: '2024-03-20T10:00:00Z',
    });
    const shown = good(await firm.get(`/payment_requests/${request.lago_id}`)).payment_request;
    expect(shown.payment_status).toBe('succeeded');
    expect(shown.invoices.map((one: Loose) => [one.payment_status, one.total_due_amount_cents])).toEqual([
      ['succeeded', 0],
      ['succeeded', 0],
    ]);
    const again = await firm.post('/payments', { payment: given });
    expect([again.status, again.body.code]).toEqual([405, 'invalid_status']);
  });

  it('is one payment in every list, with one receipt', async () => {
    for (const path of [
      '/payments',
      '/customers/c1/payments',
      `/payments?invoice_id=${invoices[0].lago_id}`,
      `/customers/c1/payments?invoice_id=${invoices[1].lago_id}`,
    ]) {
      const { payments, meta } = good(await firm.get(path));
      expect([payments.length, meta.total_count, payments[0].amount_cents]).toEqual([1, 1, 30_000]);
    }
    expect(good(await firm.get('/customers/c2/payments')).payments).toEqual([]);
    expect((await firm.get('/customers/none/payments')).body.code).toBe('customer_not_found');
    expect(good(await firm.get('/payments?invoice_id=x')).payments).toEqual([]);
    expect(good(await firm.get('/customers/c1/payment_requests')).payment_requests).toHaveLength(1);
    expect(good(await firm.get('/customers/c2/payment_requests')).payment_requests).toEqual([]);
    const { payments } = good(await firm.get('/payments'));
    const { payment_receipts } = good(await firm.get(`/payment_receipts?invoice_id=${invoices[1].lago_id}`));
    expect(payment_receipts).toEqual([
      {
        lago_id: expect.any(String),
        number: `${request.customer.slug}-RCPT-000001`,
        file_url: null,
        xml_url: null,
        payment: payments[0],
        created_at: '2024-03-20T10:00:00Z',
      },
    ]);
    const [receipt] = payment_receipts;
    expect(good(await firm.get(`/payment_receipts/${receipt.lago_id}`)).payment_receipt).toEqual(receipt);
    expect((await firm.get('/payment_receipts/none')).body.code).toBe('invoice_not_found');
  });
});

describe('a dunning campaign', () => {
  const campaign = {
    code: 'late',
    name: 'Late',
    max_attempts: 2,
    days_between_attempts: 2,
    thresholds: [{ currency: 'EUR', amount_cents: 15_000 }],
  };
  let own: Caller;
  const clock = async (now: string) => good(await own.put('/sandbox/clock', { clock: { now } }));
  const bill = async () =>
    good(
      await own.post('/invoices', {
        invoice: { external_customer_id: 'd1', currency: 'EUR', fees: [{ add_on_code: 'setup', units: 1 }] },
      }),
    ).invoice.lago_id;
  const asked = async (): Promise<number[]> =>
    good(await own.get('/payment_requests?external_customer_id=d1')).payment_requests.map(
      ({ amount_cents }: Loose) => amount_cents,
    );
  const state = async () => good(await own.get('/customers/d1/dunning')).dunning;

  beforeAll(async () => {
    own = await world.organization();
    good(
      await own.post('/customers', {
        customer: { external_id: 'd1', currency: 'EUR', email: 'd@d.example' },
      }),
    );
    const add_on = { name: 'Setup', code: 'setup', amount_cents: 10_000, amount_currency: 'EUR' };
    good(await own.post('/add_ons', { add_on }));
  });

  it('is refused when it asks for nothing or is asked for twice', async () => {
    const refused = async (more: Loose) =>
      (await own.post('/dunning_campaigns', { dunning_campaign: { ...campaign, ...more } })).body
        .error_details;
    expect(await refused({ thresholds: [] })).toEqual({ thresholds: ['value_is_mandatory'] });
    expect(await refused({ max_attempts: 0 })).toEqual({ max_attempts: ['value_is_out_of_range'] });
    const twice = [...campaign.thresholds, ...campaign.thresholds];
    expect(await refused({ thresholds: twice })).toEqual({ thresholds: ['value_is_duplicated'] });
    const { dunning_campaign } = good(await own.post('/dunning_campaigns', { dunning_campaign: campaign }));
    expect(dunning_campaign).toMatchObject(campaign);
    expect(await refused({})).toEqual({ code: ['value_already_exist'] });
    const unknown = await own.put('/billing_entities/default/dunning', {
      dunning: { campaign_code: 'none' },
    });
    expect(unknown.body.code).toBe('dunning_campaign_not_found');
  });

  it('asks for what is overdue once it reaches the threshold, again after the wait, and then no more', async () => {
    good(await own.put('/billing_entities/default/dunning', { dunning: { campaign_code: 'late' } }));
    const first = await bill();
    await clock('2024-03-06T10:00:00Z');
    expect(await asked()).toEqual([]);
    await bill();
    await clock('2024-03-07T00:30:00Z');
    expect(await asked()).toEqual([]);
    await clock('2024-03-07T01:00:00Z');
    expect(await asked()).toEqual([20_000]);
    expect(await state()).toEqual({
      external_customer_id: 'd1',
      campaign_code: 'late',
      inherited: true,
      excluded: false,
      last_attempt_at: '2024-03-07T00:45:00Z',
      attempts: [{ currency: 'EUR', attempts: 1 }],
    });
    // The threshold is held against gross totals, the request is for what is still due.
    good(
      await own.post('/payments', { payment: { invoice_id: first, amount_cents: 9_000, reference: 'part' } }),
    );
    await clock('2024-03-09T01:00:00Z');
    expect(await asked()).toEqual([20_000]);
    await clock('2024-03-09T02:00:00Z');
    expect(await asked()).toEqual([11_000, 20_000]);
    await clock('2024-03-30T00:00:00Z');
    expect(await asked()).toHaveLength(2);
    good(
      await own.post('/payments', { payment: { invoice_id: first, amount_cents: 1_000, reference: 'rest' } }),
    );
    expect((await state()).attempts).toEqual([]);
  });

  it('begins again when it is another, and leaves out who is left out', async () => {
    const other = { ...campaign, code: 'small', thresholds: [{ currency: 'EUR', amount_cents: 1_000 }] };
    good(await own.post('/dunning_campaigns', { dunning_campaign: other }));
    good(await own.put('/customers/d1/dunning', { dunning: { campaign_code: 'small' } }));
    await clock('2024-03-30T02:00:00Z');
    expect(await asked()).toEqual([10_000, 11_000, 20_000]);
    good(await own.put('/customers/d1/dunning', { dunning: { excluded: true } }));
    await clock('2024-04-30T02:00:00Z');
    expect(await asked()).toHaveLength(3);
    expect(await state()).toMatchObject({ campaign_code: null, excluded: true, inherited: false });
    good(await own.remove('/dunning_campaigns/small'));
    good(await own.put('/customers/d1/dunning', { dunning: { excluded: false } }));
    expect(await state()).toMatchObject({ campaign_code: 'late', inherited: true, attempts: [] });
  });
});

describe('what needs a provider or a portal', () => {
  it('says so in the contract’s own codes', async () => {
    const invoice = await oneOff(1);
    const no_provider = { error_details: { base: ['no_linked_payment_provider'] } };
    const of = (path: string) => firm.post(`/invoices/${invoice.lago_id}/${path}`);
    expect(await of('payment_url')).toMatchObject({ status: 422, body: no_provider });
    expect(await of('retry_payment')).toMatchObject({ status: 422, body: no_provider });
    expect(await of('retry')).toMatchObject({ status: 405, body: { code: 'invalid_status' } });
    expect(await firm.post('/customers/c1/checkout_url')).toMatchObject({ status: 422, body: no_provider });
    expect(await firm.get('/customers/c1/portal_url')).toMatchObject({
      status: 403,
      body: { error: 'Forbidden', code: 'feature_not_available', message: expect.any(String) },
    });
    expect(good(await firm.get('/customers/c1/payment_methods')).payment_methods).toEqual([]);
    const method = '/customers/c1/payment_methods/x';
    expect((await firm.put(`${method}/set_as_default`)).body.code).toBe('payment_method_not_found');
    expect((await firm.remove(method)).body.code).toBe('payment_method_not_found');
    for (const path of ['checkout_url', 'portal_url', 'payment_methods']) {
      const verb = path === 'checkout_url' ? 'POST' : 'GET';
      expect((await firm.call(verb, `/customers/none/${path}`)).body.code).toBe('customer_not_found');
    }
    const payment = { invoice_id: invoice.lago_id, amount_cents: 10_000, reference: 'w-2' };
    good(await firm.post('/payments', { payment }));
    expect(await of('payment_url')).toMatchObject({
      body: { error_details: { base: ['invalid_invoice_status_or_payment_status'] } },
    });
    expect(await of('retry_payment')).toMatchObject({ status: 405, body: { code: 'invalid_status' } });
    expect((await firm.post('/invoices/none/retry')).body.code).toBe('invoice_not_found');
  });
});

describe('metadata', () => {
  it('is replaced, merged and cleared on plans, wallets and credit notes', async () => {
    const plan = { name: 'P', code: 'p.1', interval: 'monthly', amount_cents: 1, amount_currency: 'EUR' };
    good(await firm.post('/plans', { plan }));
    const wallet = { external_customer_id: 'c1', rate_amount: '1', currency: 'EUR', name: 'Main' };
    const made = good(await firm.post('/wallets', { wallet })).wallet;
    const invoice = await oneOff(1);
    const items = [{ fee_id: invoice.fees[0].lago_id, amount_cents: 100 }];
    const note = good(
      await firm.post('/credit_notes', {
        credit_note: { invoice_id: invoice.lago_id, credit_amount_cents: 100, items },
      }),
    ).credit_note;
    for (const [root, path] of [
      ['plan', '/plans/p.1'],
      ['wallet', `/wallets/${made.lago_id}`],
      ['wallet', `/customers/c1/wallets/${made.code}`],
      ['credit_note', `/credit_notes/${note.lago_id}`],
    ] as const) {
      const all = `${path}/metadata`;
      const shown = async () => good(await firm.get(path))[root].metadata;
      expect(good(await firm.post(all, { metadata: { a: '1', b: null } }))).toEqual({
        metadata: { a: '1', b: null },
      });
      expect(good(await firm.post(all, { metadata: { a: '2' } }))).toEqual({ metadata: { a: '2' } });
      const merged = { metadata: { a: '2', c: '3' } };
      expect(good(await firm.call('PATCH', all, { metadata: { c: 3 } }))).toEqual(merged);
      expect(await shown()).toEqual(merged.metadata);
      expect(good(await firm.remove(`${all}/a`))).toEqual({ metadata: { c: '3' } });
      expect((await firm.remove(`${all}/a`)).body.code).toBe('metadata_not_found');
      expect(good(await firm.remove(all))).toEqual({ metadata: null });
      expect(await shown()).toBeUndefined();
      expect((await firm.post(all, {})).status).toBe(400);
      expect((await firm.post(all, { metadata: [] })).status).toBe(422);
    }
    expect((await firm.post('/plans/none/metadata', { metadata: {} })).body.code).toBe('plan_not_found');
    expect(good(await firm.get('/customers/c1/credit_notes')).meta.total_count).toBe(1);
    expect(good(await firm.get('/customers/c2/credit_notes')).credit_notes).toEqual([]);
    expect((await firm.get('/customers/none/credit_notes')).body.code).toBe('customer_not_found');
  });
});
