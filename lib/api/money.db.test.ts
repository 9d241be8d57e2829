import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { checkBooks } from '@/lib/queries/books';
import { type Answered, type Caller, type Loose, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  for (const external_id of ['c1', 'c2', 'c3']) {
    good(await firm.post('/customers', { customer: { external_id, currency: 'EUR', name: external_id } }));
  }
  good(
    await firm.post('/taxes', { tax: { name: 'VAT', code: 'vat', rate: 20, applied_to_organization: true } }),
  );
  good(
    await firm.post('/add_ons', {
      add_on: { name: 'Setup', code: 'setup', amount_cents: 10_000, amount_currency: 'EUR' },
    }),
  );
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

async function oneOff(external_customer_id: string): Promise<Loose> {
  const fees = [{ add_on_code: 'setup', units: '2' }];
  return good(await firm.post('/invoices', { invoice: { external_customer_id, currency: 'EUR', fees } }))
    .invoice;
}

describe('coupons', () => {
  it('go from the catalogue to a customer and back', async () => {
    const { coupon } = good(
      await firm.post('/coupons', {
        coupon: {
          name: 'Spring',
          code: 'spring.24',
          coupon_type: 'fixed_amount',
          amount_cents: 500,
          amount_currency: 'EUR',
          frequency: 'once',
          expiration: 'no_expiration',
        },
      }),
    );
    expect(coupon).toMatchObject({
      amount_cents: 500,
      percentage_rate: null,
      plan_codes: [],
      reusable: true,
    });
    const { applied_coupon } = good(
      await firm.post('/applied_coupons', {
        applied_coupon: { external_customer_id: 'c1', coupon_code: 'spring.24' },
      }),
    );
    expect(applied_coupon).toMatchObject({ status: 'active', amount_cents_remaining: 500 });
    const list = good(await firm.get('/applied_coupons?external_customer_id=c1&coupon_code%5B%5D=spring.24'));
    expect(list).toMatchObject({ applied_coupons: [{ credits: [] }], meta: { total_count: 1 } });
    const path = `/customers/c1/applied_coupons/${applied_coupon.lago_id}`;
    expect(good(await firm.remove(path)).applied_coupon.status).toBe('terminated');
    expect(good(await firm.remove('/coupons/spring.24')).coupon.code).toBe('spring.24');
    expect((await firm.get('/coupons/spring.24')).body.code).toBe('coupon_not_found');
  });
});

describe('invoices made by hand', () => {
  it('are paid in parts, credited, downloaded and voided', async () => {
    const invoice = await oneOff('c1');
    expect(invoice).toMatchObject({
      invoice_type: 'one_off',
      status: 'finalized',
      taxes_amount_cents: 4_000,
      total_amount_cents: 24_000,
      total_due_amount_cents: 24_000,
    });
    const { payment } = good(
      await firm.post('/payments', {
        payment: {
          invoice_id: invoice.lago_id,
          amount_cents: 4_000,
          reference: 'wire 7',
          paid_at: '2024-03-04',
        },
      }),
    );
    expect(payment).toMatchObject({ type: 'manual', invoice_numbers: [invoice.number], reference: 'wire 7' });
    expect(good(await firm.get(`/payments?invoice_id=${invoice.lago_id}`)).meta.total_count).toBe(1);
    const refused = await firm.post('/payments', {
      payment: { invoice_id: invoice.lago_id, amount_cents: 20_001, reference: 'x' },
    });
    expect(refused).toMatchObject({
      status: 422,
      body: { error_details: { amount_cents: ['invalid_value'] } },
    });
    const downloaded = good(await firm.post(`/invoices/${invoice.lago_id}/download`));
    expect(downloaded.invoice).toMatchObject({ lago_id: invoice.lago_id, file_url: invoice.file_url });
    expect(downloaded.invoice.fees).toBeUndefined();
    const updated = good(
      await firm.put(`/invoices/${invoice.lago_id}`, {
        invoice: { metadata: [{ key: 'po', value: '12' }] },
      }),
    );
    expect(updated.invoice.metadata).toMatchObject([{ key: 'po', value: '12' }]);
    const voided = good(await firm.post(`/invoices/${invoice.lago_id}/void`));
    expect(voided.invoice).toMatchObject({ status: 'voided', total_due_amount_cents: 0 });
    expect((await firm.post(`/invoices/${invoice.lago_id}/void`)).body).toMatchObject({
      status: 405,
      code: 'not_voidable',
    });
    expect((await firm.remove(`/invoices/${invoice.lago_id}`)).body.code).toBe('not_deletable');
    good(await firm.post(`/invoices/${invoice.lago_id}/lose_dispute`));
  });
});

describe('credit notes', () => {
  it('are estimated, issued, listed and voided', async () => {
    const invoice = await oneOff('c2');
    const items = [{ fee_id: invoice.fees[0].lago_id, amount_cents: 1_000 }];
    const asked = { invoice_id: invoice.lago_id, items };
    const { estimated_credit_note } = good(await firm.post('/credit_notes/estimate', { credit_note: asked }));
    expect(estimated_credit_note).toMatchObject({
      max_creditable_amount_cents: 24_000,
      max_refundable_amount_cents: 0,
      taxes_amount_cents: 200,
      applied_taxes: [{ tax_code: 'vat' }],
    });
    const { credit_note } = good(
      await firm.post('/credit_notes', {
        credit_note: { ...asked, credit_amount_cents: 1_200, reason: 'other' },
      }),
    );
    expect(credit_note).toMatchObject({
      number: `${invoice.number}-CN001`,
      credit_status: 'available',
      balance_amount_cents: 1_200,
      items: [{ amount_cents: 1_000, precise_amount_cents: '1000.0' }],
    });
    const tooMuch = await firm.post('/credit_notes', {
      credit_note: { ...asked, refund_amount_cents: 1_200 },
    });
    expect(tooMuch.body.error_details.refund_amount_cents).toContain('cannot_refund_unpaid_invoice');
    expect(
      good(await firm.get('/credit_notes?external_customer_id=c2&types%5B%5D=credit')).meta.total_count,
    ).toBe(1);
    const voided = good(await firm.put(`/credit_notes/${credit_note.lago_id}/void`));
    expect(voided.credit_note).toMatchObject({ credit_status: 'voided', balance_amount_cents: 0 });
    expect((await firm.put(`/credit_notes/${credit_note.lago_id}/void`)).body.code).toBe(
      'no_voidable_amount',
    );
  });
});

describe('wallets', () => {
  it('are opened, filled, read both ways and ended', async () => {
    const { wallet } = good(
      await firm.post('/wallets', {
        wallet: {
          external_customer_id: 'c3',
          rate_amount: '2',
          currency: 'EUR',
          name: 'Prepaid usage',
          granted_credits: '10',
          recurring_transaction_rules: [{ trigger: 'threshold', threshold_credits: '5', paid_credits: '20' }],
        },
      }),
    );
    expect(wallet).toMatchObject({
      code: 'prepaid_usage',
      rate_amount: '2.0',
      credits_balance: '10.0',
      balance_cents: 2_000,
      recurring_transaction_rules: [{ trigger: 'threshold', threshold_credits: '5.0' }],
    });
    const made = good(
      await firm.post('/wallet_transactions', {
        wallet_transaction: {
          wallet_id: wallet.lago_id,
          paid_credits: '5',
          voided_credits: '4',
          metadata: [{ key: 'why', value: 'test' }],
        },
      }),
    );
    expect(made.wallet_transactions).toMatchObject([
      { transaction_status: 'purchased', status: 'pending', amount: '10.0' },
      { transaction_status: 'voided', status: 'settled', credit_amount: '4.0' },
    ]);
    const [, voided] = made.wallet_transactions;
    const fundings = good(await firm.get(`/wallet_transactions/${voided.lago_id}/fundings`));
    expect(fundings.wallet_transaction_fundings).toMatchObject([{ amount_cents: 800, credit_amount: '4.0' }]);
    const list = good(
      await firm.get(`/wallets/${wallet.lago_id}/wallet_transactions?metadata%5Bwhy%5D=test`),
    );
    expect(list.meta.total_count).toBe(2);
    const changed = good(
      await firm.put('/customers/c3/wallets/prepaid_usage', { wallet: { name: 'Credits', priority: 3 } }),
    );
    expect(changed.wallet).toMatchObject({ name: 'Credits', priority: 3, credits_balance: '6.0' });
    expect(good(await firm.get('/wallets?external_customer_id=c3')).meta.total_count).toBe(1);
    expect((await firm.get('/wallets?external_customer_id=nobody')).body.code).toBe('customer_not_found');
    expect(good(await firm.remove(`/wallets/${wallet.lago_id}`)).wallet.status).toBe('terminated');
    const late = await firm.post('/wallet_transactions', {
      wallet_transaction: { wallet_id: wallet.lago_id, granted_credits: '1' },
    });
    expect(late.body.error_details).toEqual({ wallet_id: ['wallet_is_terminated'] });
  });

  it('are forfeited when their customer is removed', async () => {
    good(await firm.post('/customers', { customer: { external_id: 'leaver', currency: 'EUR' } }));
    good(
      await firm.post('/wallets', {
        wallet: {
          external_customer_id: 'leaver',
          rate_amount: '1',
          currency: 'EUR',
          granted_credits: '25',
        },
      }),
    );
    good(await firm.remove('/customers/leaver'));
    const { organizationId } = firm;
    const broken = await withTenant(world.databases, organizationId, (tx) => checkBooks(tx, organizationId));
    expect(broken).toEqual([]);
  });
});
