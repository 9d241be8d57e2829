import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { checkBooks } from '@/lib/queries/books';
import { type Answered, type Caller, type Loose, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization('sandbox', Date.parse('2024-04-01T10:00:00Z'));
  await good(firm.post('/customers', { customer: { external_id: 'c1', currency: 'EUR' } }));
  await good(
    firm.post('/taxes', { tax: { name: 'VAT', code: 'vat', rate: 20, applied_to_organization: true } }),
  );
  for (const [code, amount_cents, pay_in_advance] of [
    ['start', 3_000, true],
    ['grow', 6_000, true],
    ['after', 1_500, false],
  ]) {
    await good(
      firm.post('/plans', {
        plan: { name: code, code, interval: 'monthly', amount_cents, amount_currency: 'EUR', pay_in_advance },
      }),
    );
  }
});

afterAll(async () => {
  const { organizationId } = firm;
  const broken = await withTenant(world.databases, organizationId, (tx) => checkBooks(tx, organizationId));
  await world.close();
  expect(broken).toEqual([]);
});

async function good(answered: Promise<Answered>): Promise<Loose> {
  const { status, body } = await answered;
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const preview = async (asked: object): Promise<Loose> =>
  (await good(firm.post('/invoices/preview', asked))).invoice;

describe('a bill that is not made yet', () => {
  it('shows what somebody not on file would pay, with coupons, and keeps nothing', async () => {
    const asked = {
      customer: { name: 'Newcomer', currency: 'EUR' },
      coupons: [
        { code: 'half', coupon_type: 'percentage', percentage_rate: '50', frequency: 'once', name: 'Half' },
      ],
    };
    const first = await preview({ ...asked, plan_code: 'start', billing_time: 'calendar' });
    expect(first).toMatchObject({
      lago_id: null,
      status: 'draft',
      issuing_date: '2024-04-01',
      fees_amount_cents: 3_000,
      coupons_amount_cents: 1_500,
      taxes_amount_cents: 300,
      total_amount_cents: 1_800,
      customer: { lago_id: null, external_id: null, name: 'Newcomer' },
      fees: [{ lago_id: null, lago_invoice_id: null, amount_cents: 3_000 }],
    });
    const later = await preview({ ...asked, plan_code: 'after', billing_time: 'anniversary' });
    expect(later).toMatchObject({ issuing_date: '2024-05-01', fees_amount_cents: 1_500 });
    expect((await good(firm.get('/customers'))).meta.total_count).toBe(1);
    expect((await good(firm.get('/coupons'))).meta.total_count).toBe(0);
    expect((await good(firm.get('/invoices'))).meta.total_count).toBe(0);
  });

  it('shows the next, the last and the changed bill of a subscription', async () => {
    await good(
      firm.post('/subscriptions', {
        subscription: { external_customer_id: 'c1', external_id: 's1', plan_code: 'start' },
      }),
    );
    const of = (more: object = {}) =>
      preview({ customer: { external_id: 'c1' }, subscriptions: { external_ids: ['s1'], ...more } });
    expect(await of()).toMatchObject({ issuing_date: '2024-05-01', total_amount_cents: 3_600 });
    // 15 of 30 days are left on the 16th: 3000 / 2 goes back, with its tax; the closing bill itself is empty.
    const ended = await of({ terminated_at: '2024-04-15T12:00:00Z' });
    expect(ended).toMatchObject({ fees_amount_cents: 0, total_amount_cents: 0 });
    // The dearer plan at once: 6000 with tax, less the 3000 paid for this month.
    const dearer = await of({ plan_code: 'grow' });
    expect(dearer).toMatchObject({
      issuing_date: '2024-04-01',
      fees_amount_cents: 6_000,
      credit_notes_amount_cents: 3_600,
      total_amount_cents: 3_600,
    });
    const { subscription } = await good(firm.get('/subscriptions/s1'));
    expect(subscription).toMatchObject({ status: 'active', plan_code: 'start' });
    expect((await good(firm.get('/credit_notes'))).meta.total_count).toBe(0);
  });

  it('refuses what it cannot show', async () => {
    const customer = { external_id: 'c1' };
    const asked = async (body: object) => {
      const { status, body: answer } = await firm.post('/invoices/preview', body);
      return [status, answer.code ?? answer.error];
    };
    expect(await asked({ customer, coupons: 'x' })).toEqual([400, 'coupons_must_be_an_array']);
    expect(await asked({ customer, subscriptions: [] })).toEqual([400, 'subscriptions_must_be_an_object']);
    expect(await asked({ customer: { external_id: 'nobody' }, plan_code: 'start' })).toEqual([
      404,
      'customer_not_found',
    ]);
    expect(await asked({ customer })).toEqual([404, 'plan_not_found']);
    expect(await asked({ customer, subscriptions: { external_ids: ['none'] } })).toEqual([
      404,
      'subscription_not_found',
    ]);
    const late = { external_ids: ['s1'], terminated_at: '2024-03-01T00:00:00Z' };
    expect(await asked({ customer, subscriptions: late })).toEqual([422, 'validation_errors']);
  });
});

describe('a bill under review', () => {
  it('is worked out again as soon as its taxes change', async () => {
    const customer = {
      external_id: 'c2',
      currency: 'EUR',
      billing_configuration: { invoice_grace_period: 3 },
    };
    await good(firm.post('/customers', { customer }));
    await good(firm.post('/taxes', { tax: { name: 'Low', code: 'low', rate: 10 } }));
    await good(
      firm.post('/subscriptions', {
        subscription: { external_customer_id: 'c2', external_id: 's2', plan_code: 'start' },
      }),
    );
    const taxes = async () =>
      (await good(firm.get('/invoices?external_customer_id=c2'))).invoices[0].taxes_amount_cents;
    expect(await taxes()).toBe(600);
    await good(firm.post('/customers', { customer: { external_id: 'c2', tax_codes: ['low'] } }));
    expect(await taxes()).toBe(300);
    await good(firm.put('/taxes/low', { tax: { rate: 5 } }));
    expect(await taxes()).toBe(150);
  });
});

describe('payment requests', () => {
  it('ask for overdue invoices together', async () => {
    const { invoices } = await good(firm.get('/invoices?external_customer_id=c1'));
    const lago_invoice_ids = [invoices[0].lago_id];
    const asked = { external_customer_id: 'c1', email: 'pay@example.com', lago_invoice_ids };
    expect((await firm.post('/payment_requests', { payment_request: asked })).body).toMatchObject({
      status: 405,
      code: 'invoices_not_overdue',
    });
    await good(firm.put('/sandbox/clock', { clock: { now: '2024-04-03T00:00:00Z' } }));
    const { payment_request } = await good(firm.post('/payment_requests', { payment_request: asked }));
    expect(payment_request).toMatchObject({
      amount_cents: 3_600,
      amount_currency: 'EUR',
      payment_status: 'pending',
      customer: { external_id: 'c1' },
      invoices: [{ lago_id: lago_invoice_ids[0] }],
    });
    const found = await good(firm.get(`/payment_requests/${payment_request.lago_id}`));
    expect(found).toEqual({ payment_request });
    const listed = async (filter: string) =>
      (await good(firm.get(`/payment_requests?${filter}`))).meta.total_count;
    expect(await listed('external_customer_id=c1&payment_status=pending&currency=EUR')).toBe(1);
    expect(await listed('payment_status=failed')).toBe(0);
    const unknown = { ...asked, lago_invoice_ids: [payment_request.lago_id] };
    expect((await firm.post('/payment_requests', { payment_request: unknown })).body.code).toBe(
      'invoice_not_found',
    );
  });
});
