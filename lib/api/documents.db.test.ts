import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '@/lib/adapters/documents/testing/read-text';
import { openDocumentLink, sealDocumentLink } from '@/lib/auth/document-links';
import { formatAmount } from '@/lib/billing/money/amount-text';
import { type Answered, type Caller, type Loose, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

function good({ status, body }: Answered): Loose {
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
const post = async (path: string, body: unknown = {}) => good(await firm.post(path, body));

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  await post('/taxes', { tax: { name: 'VAT', code: 'vat', rate: 23, applied_to_organization: true } });
  await post('/add_ons', {
    add_on: { name: 'Setup', code: 'setup', amount_cents: 10_001, amount_currency: 'EUR' },
  });
  const { billable_metric } = await post('/billable_metrics', {
    billable_metric: { name: 'Calls', code: 'calls', aggregation_type: 'sum_agg', field_name: 'n' },
  });
  await post('/plans', {
    plan: {
      name: 'Basic',
      code: 'basic',
      interval: 'monthly',
      amount_cents: 3_100,
      amount_currency: 'EUR',
      pay_in_advance: false,
      charges: [
        {
          billable_metric_id: billable_metric.lago_id,
          charge_model: 'graduated',
          properties: {
            graduated_ranges: [
              { from_value: 0, to_value: 100, per_unit_amount: '0.1', flat_amount: '0' },
              { from_value: 101, to_value: null, per_unit_amount: '0.05', flat_amount: '2' },
            ],
          },
        },
      ],
    },
  });
});
afterAll(() => world.close());

const customer = (external_id: string, more: Record<string, unknown> = {}) =>
  post('/customers', { customer: { external_id, currency: 'EUR', name: external_id, ...more } });

const oneOff = async (external_customer_id: string, more: Record<string, unknown> = {}): Promise<Loose> =>
  (
    await post('/invoices', {
      invoice: {
        external_customer_id,
        currency: 'EUR',
        fees: [{ add_on_code: 'setup', units: '2' }],
        ...more,
      },
    })
  ).invoice;

const open = (url: string) => world.request(new URL(url).pathname);

async function file(url: string): Promise<Buffer> {
  const response = await open(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  return Buffer.from(await response.arrayBuffer());
}
const wordsOf = async (url: string) => readText(await file(url)).flat();

async function told(type: string): Promise<number> {
  const [row] = await world.databases.system.execute<{ count: number }>(sql`
    select count(*)::int as count from outbox
    where organization_id = ${firm.organizationId} and type = ${type}`);
  return row?.count ?? 0;
}

describe('the PDF of an invoice', () => {
  it('carries the very figures of the invoice: lines, tiers, days, discount, tax, credits and what is due', async () => {
    await customer('zoe', {
      name: 'Żółta Łódź',
      legal_name: 'Żółta Łódź Sp. z o.o.',
      tax_identification_number: 'PL5260001246',
      address_line1: 'ul. Źródlana 17',
      city: 'Gdańsk',
      zipcode: '80-001',
      country: 'PL',
      net_payment_term: 14,
    });
    await post('/coupons', {
      coupon: {
        name: 'Spring',
        code: 'spring',
        coupon_type: 'percentage',
        percentage_rate: '10',
        frequency: 'forever',
        expiration: 'no_expiration',
      },
    });
    await post('/applied_coupons', {
      applied_coupon: { external_customer_id: 'zoe', coupon_code: 'spring' },
    });
    await post('/wallets', {
      wallet: { external_customer_id: 'zoe', rate_amount: '1', currency: 'EUR', granted_credits: '7' },
    });
    await post('/subscriptions', {
      subscription: { external_customer_id: 'zoe', plan_code: 'basic', external_id: 'zoe-s' },
    });
    await post('/events', {
      event: {
        transaction_id: 'e1',
        external_subscription_id: 'zoe-s',
        code: 'calls',
        properties: { n: 250 },
      },
    });
    good(await firm.put('/sandbox/clock', { clock: { now: '2024-04-01T10:00:00Z' } }));
    const [light] = good(
      await firm.get('/invoices?external_customer_id=zoe&invoice_type=subscription'),
    ).invoices;
    const { invoice } = good(await firm.get(`/invoices/${light.lago_id}`));
    const words = await wordsOf(invoice.file_url);
    const money = (minor: number) => formatAmount(BigInt(minor), 'EUR');
    expect(invoice.fees.map(({ amount_cents }: Loose) => amount_cents)).toEqual([2_700, 1_950]);
    for (const fee of invoice.fees) expect(words).toContain(money(fee.amount_cents));
    for (const said of [
      invoice.number,
      'Żółta Łódź Sp. z o.o.',
      'ul. Źródlana 17',
      '80-001 Gdańsk',
      'Poland',
      'Tax number PL5260001246',
      '14 days',
      '5 to 31 March 2024',
      'Above 100',
      '10% off',
      money(-invoice.coupons_amount_cents),
      money(invoice.sub_total_excluding_taxes_amount_cents),
      `VAT, 23% of ${money(invoice.sub_total_excluding_taxes_amount_cents)}`,
      money(invoice.taxes_amount_cents),
      money(invoice.sub_total_including_taxes_amount_cents),
      'Paid from prepaid credits',
      money(-invoice.prepaid_credit_amount_cents),
      money(invoice.total_amount_cents),
      'Amount due, euros',
    ]) {
      expect(words, said).toContain(said);
    }
    expect(words.join(' ')).toContain('27 of them are billed: €31.00 × 27 ÷ 31 = €27.00.');
  });

  it('stays as it was first made, is told of once, and says when it was cancelled', async () => {
    await customer('first');
    const invoice = await oneOff('first');
    const before = await told('invoice.generated');
    const made = await file(invoice.file_url);
    await customer('first', { name: 'Renamed since' });
    await post(`/invoices/${invoice.lago_id}/download`);
    expect((await file(invoice.file_url)).equals(made)).toBe(true);
    expect(await told('invoice.generated')).toBe(before + 1);
    const { invoice: voided } = await post(`/invoices/${invoice.lago_id}/void`);
    const words = await wordsOf(voided.file_url);
    expect(words).toContain('Cancelled');
    expect(words).toContain('first');
  });

  it('names both sides as they were when it was issued, whoever asks when', async () => {
    await customer('renamed', { address_line1: 'Old Quay 1' });
    const { file_url, lago_id, fees } = await oneOff('renamed');
    await customer('renamed', { name: 'Renamed since', address_line1: 'New Quay 2' });
    const words = await wordsOf(file_url);
    expect(words).toContain('renamed');
    expect(words).toContain('Old Quay 1');
    const { credit_note } = await post('/credit_notes', {
      credit_note: {
        invoice_id: lago_id,
        items: [{ fee_id: fees[0].lago_id, amount_cents: 1_000 }],
        credit_amount_cents: 1_230,
      },
    });
    await customer('renamed', { name: 'Renamed again' });
    const answer = await post(`/credit_notes/${credit_note.lago_id}/download`);
    expect(await wordsOf(answer.credit_note.file_url)).toContain('Renamed since');
  });

  it('writes each currency with its own decimals', async () => {
    for (const [currency, units, due] of [
      ['JPY', '3', '¥90,368'],
      ['BHD', '1.5', 'BHD 45.184'],
    ] as const) {
      const code = `one-${currency}`;
      await post('/add_ons', {
        add_on: { name: 'One', code, amount_cents: 24_490, amount_currency: currency },
      });
      await customer(code, { currency });
      const invoice = await oneOff(code, { currency, fees: [{ add_on_code: code, units }] });
      expect(await wordsOf(invoice.file_url)).toContain(due);
    }
  });
});

it('gives a credit note a document of its own', async () => {
  await customer('back');
  const invoice = await oneOff('back');
  const { credit_note } = await post('/credit_notes', {
    credit_note: {
      invoice_id: invoice.lago_id,
      items: [{ fee_id: invoice.fees[0].lago_id, amount_cents: 1_000 }],
      credit_amount_cents: 1_230,
      reason: 'order_change',
      description: 'Two seats fewer',
    },
  });
  const answer = await post(`/credit_notes/${credit_note.lago_id}/download`);
  expect(answer.credit_note.items).toBeUndefined();
  const words = await wordsOf(answer.credit_note.file_url);
  for (const said of ['Credit note', credit_note.number, invoice.number, '€10.00', '€2.30', '€12.30']) {
    expect(words, said).toContain(said);
  }
  expect(words).toContain('€12.30 is kept as credit for the next invoices.');
  expect(words).toContain('Two seats fewer');
  expect(await told('credit_note.generated')).toBe(2);
  good(await firm.put(`/credit_notes/${credit_note.lago_id}/void`, {}));
  const cancelled = await wordsOf(answer.credit_note.file_url);
  expect(cancelled).toContain('Cancelled');
  expect(words).not.toContain('Cancelled');
});

describe('a link to a document', () => {
  it('opens nothing when it was changed, has run out, or names what its organisation does not have', async () => {
    await customer('linked');
    const { file_url, lago_id } = await oneOff('linked');
    const token = new URL(file_url).pathname.split('/').at(-1) ?? '';
    const link = openDocumentLink(token, Date.now());
    expect(link).toMatchObject({ organizationId: firm.organizationId, kind: 'invoice', id: lago_id });
    if (typeof link === 'string') return;
    const at = (other: string) => world.request(`/api/v1/files/${other}`);
    for (let place = 0; place < token.length; place += 7) {
      const other = `${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`;
      expect((await at(other)).status, other).toBe(404);
    }
    for (const other of ['x', token.slice(0, -1), `${token}A`, `${token}=`]) {
      expect((await at(other)).status, other).toBe(404);
    }
    expect((await at(sealDocumentLink({ ...link, until: Date.now() - 1_000 }))).status).toBe(410);
    const rival = await world.organization();
    const stolen = sealDocumentLink({ ...link, organizationId: rival.organizationId });
    expect((await at(stolen)).status).toBe(404);
    expect((await at(sealDocumentLink({ ...link, kind: 'credit_note' }))).status).toBe(404);
    expect((await rival.post(`/invoices/${lago_id}/download`)).status).toBe(404);
  });

  it('is not given while there is nothing to open', async () => {
    await customer('drafts', { billing_configuration: { invoice_grace_period: 3 } });
    await post('/subscriptions', {
      subscription: { external_customer_id: 'drafts', plan_code: 'basic', external_id: 'drafts-s' },
    });
    good(await firm.remove('/subscriptions/drafts-s'));
    const [draft] = good(await firm.get('/invoices?external_customer_id=drafts')).invoices;
    expect(draft).toMatchObject({ status: 'draft', file_url: null });
    expect((await firm.post(`/invoices/${draft.lago_id}/download`)).status).toBe(404);
    const link = { organizationId: firm.organizationId, kind: 'invoice' as const, id: draft.lago_id };
    const forced = sealDocumentLink({ ...link, until: Date.now() + 60_000 });
    expect((await world.request(`/api/v1/files/${forced}`)).status).toBe(404);
  });
});
