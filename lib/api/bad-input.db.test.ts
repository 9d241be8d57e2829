import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSystem, withTenant } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';
import { apiLog } from '@/lib/queries/console/api-log';
import { storeEvents } from '@/lib/usage/ingest';
import { toApiError } from './errors.ts';
import { requestLogOf } from './request-log.ts';
import { type Caller, NOW, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;
let other: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  other = await world.organization();
});
afterAll(() => world.close());

const event = (transaction_id: string) => ({ transaction_id, external_subscription_id: 's', code: 'c' });

describe('bad input', () => {
  it('is refused in words before anything is done', async () => {
    const nest = (depth: number) => `{"tax":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
    for (const [body, words] of [
      [nest(100), 'nested deeper than 64'],
      [nest(500_000), 'nested deeper than 64'],
      ['{"tax":{"rate":1e400}}', 'the number 1e400 cannot be kept exactly; send it as text'],
      ['{"tax":{"rate":12345678901234567890.123}}', 'the number 12345678901234567890.123'],
      ['{"tax":{"rate":9007199254740993}}', 'the number 9007199254740993'],
      ['{"tax":{"rate":NaN}}', 'the body is not valid JSON'],
      ['"tax"', 'the body must be a JSON object'],
      ['{"tax":"\u0000"}', 'the body is not valid JSON'],
    ] as const) {
      const answer = await firm.post('/taxes', body);
      expect(answer.status).toBe(400);
      expect(answer.body.error).toContain(words);
    }
    expect((await firm.get('/taxes')).body.meta.total_count).toBe(0);
  });

  it('keeps numbers that can be kept, however they are written', async () => {
    for (const [code, rate, kept] of [
      ['plain', '12.50', 12.5],
      ['power', '1.5e1', 15],
      ['zeros', '7.50000000000000000000', 7.5],
      ['text', '"0.1234567890123"', 0.1234567890123],
    ] as const) {
      const { status, body } = await firm.post(
        '/taxes',
        `{"tax":{"name":"t","code":"${code}","rate":${rate}}}`,
      );
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.tax.rate).toBe(kept);
    }
  });

  it('names the field of a wrong type', async () => {
    const { status, body } = await firm.post('/taxes', { tax: { name: {}, code: [], rate: 'much' } });
    expect(status).toBe(422);
    expect(Object.keys(body.error_details).sort()).toEqual(['code', 'name', 'rate']);
    for (const [path, sent, codes] of [
      [
        '/wallets',
        { wallet: { applies_to: 'x', transaction_metadata: {} } },
        ['invalid_type', 'must_be_an_array'],
      ],
      ['/payment_requests', { payment_request: { lago_invoice_ids: {} } }, ['value_is_mandatory']],
      ['/credit_notes', { credit_note: { invoice_id: 'x', items: [[]] } }, ['invalid_type']],
      ['/invoices', { invoice: { external_customer_id: 'x', fees: [null] } }, ['invalid_type']],
    ] as const) {
      const { error_details } = (await firm.post(path, sent)).body;
      const found = Object.values<string[]>(error_details).flat();
      expect(found).toEqual(expect.arrayContaining([...codes]));
      expect(found.filter((code) => !/^[a-z_]+$/.test(code))).toEqual([]);
    }
  });

  it('is a number without an end', async () => {
    const endless = `0.${'1'.repeat(20_000)}`;
    const { status, body } = await firm.post('/taxes', { tax: { name: 't', code: 'long', rate: endless } });
    expect(status).toBe(422);
    expect(body.error_details).toEqual({ rate: ['value_is_invalid'] });
    const used = await firm.post('/events', { event: { ...event('long'), properties: { bytes: endless } } });
    expect(used.status).toBe(422);
    expect(used.body.error_details).toEqual({ 'properties.bytes': ['value_is_out_of_range'] });
  });

  it('is not UTF-8', async () => {
    const response = await world.request('/api/v1/taxes', {
      method: 'POST',
      headers: { Authorization: `Bearer ${firm.key}` },
      body: new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect(response.status).toBe(400);
    expect((await response.json()).error).toBe('BadRequest: the body is not valid UTF-8');
  });

  it("is somebody else's id, or a key that is over", async () => {
    await firm.post('/taxes', { tax: { name: 'Own', code: 'own', rate: 1 } });
    expect((await other.get('/taxes/own')).status).toBe(404);
    expect((await other.put('/taxes/own', { tax: { rate: 2 } })).status).toBe(404);
    expect((await other.remove('/taxes/own')).status).toBe(404);
    const now = Date.now();
    const { key } = await withSystem(world.databases, (tx) =>
      createApiKey(
        tx,
        { organizationId: firm.organizationId, name: 'Over', live: false, expiresAt: now - 1 },
        now - 1_000,
      ),
    );
    expect(await world.as(key).get('/taxes')).toMatchObject({ status: 401 });
  });
});

describe('a database that cannot answer now', () => {
  it('is a 503 that says when to come back, with nothing half done', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let stored = () => {};
    const ready = new Promise<void>((resolve) => {
      stored = resolve;
    });
    // Somebody else has written one of the events and neither keeps nor drops it.
    const { organizationId } = firm;
    const holding = withTenant(world.databases, organizationId, async (tx) => {
      const pending = {
        transactionId: 'h2',
        externalSubscriptionId: 's',
        code: 'c',
        timestamp: null,
        properties: {},
        preciseTotalAmountMinor: null,
      };
      await storeEvents(tx, organizationId, NOW, [pending]);
      stored();
      await held;
      throw new Error('dropped');
    });
    await ready;
    const answer = await firm.post('/events/batch', { events: [event('h1'), event('h2')] });
    expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/);
    release();
    await expect(holding).rejects.toThrow('dropped');
    expect((await firm.get('/events')).body.meta.total_count).toBe(0);
    expect((await firm.post('/events/batch', { events: [event('h1'), event('h2')] })).status).toBe(200);
  });

  it('counts a statement cut off, a full disk and a full pool among them', () => {
    for (const code of ['57014', '53100', '53200', '53300', '55P03', '40P01', 'CONNECT_TIMEOUT']) {
      expect(toApiError(Object.assign(new Error(code), { code }))?.status, code).toBe(503);
    }
    expect(toApiError(new Error('a defect'))).toBeNull();
  });
});

describe('the log of calls', () => {
  it('keeps everybody’s calls beside one whose path the database could not keep', async () => {
    await firm.get(`/taxes/${'a'.repeat(499 - '/api/v1/taxes/'.length)}${encodeURIComponent('😀')}`);
    await firm.get('/nowhere/%00');
    await other.get('/plans/beside');
    await requestLogOf(world.databases).flush();
    const paths = async ({ organizationId }: Caller) => {
      const { rows } = await withTenant(world.databases, organizationId, (tx) =>
        apiLog(tx, organizationId, {}),
      );
      return rows.map(({ path }) => path);
    };
    expect(await paths(other)).toContain('/api/v1/plans/beside');
    expect((await paths(firm)).slice(0, 2)).toEqual([
      '/api/v1/nowhere/',
      expect.stringMatching(/^\/api\/v1\/taxes\/a{485}$/),
    ]);
  });

  it('is read page by page and by outcome, path and key, by its own organisation', async () => {
    for (let call = 0; call < 5; call++) await other.get(`/plans/none-${call}`);
    await other.get('/taxes');
    await requestLogOf(world.databases).flush();
    const { organizationId } = other;
    const read = (filter: Parameters<typeof apiLog>[2], after?: string, size?: number) =>
      withTenant(world.databases, organizationId, (tx) => apiLog(tx, organizationId, filter, after, size));
    const first = await read({ text: '/plans/none' }, undefined, 3);
    const second = await read({ text: '/plans/none' }, first.next ?? '', 3);
    expect([...first.rows, ...second.rows].map(({ path }) => path.at(-1)).join('')).toBe('43210');
    expect(second.next).toBeNull();
    expect(first.rows[0]).toMatchObject({
      status: 404,
      keyName: 'Test',
      error: { code: 'plan_not_found' },
    });
    const done = await read({ outcome: 'done' });
    expect(done.rows.every(({ status }) => status < 400)).toBe(true);
    expect((await read({ text: '100%_' })).rows).toEqual([]);
    expect((await read({ apiKeyId: organizationId })).rows).toEqual([]);
    const foreign = await withTenant(world.databases, firm.organizationId, (tx) =>
      apiLog(tx, organizationId, {}),
    );
    expect(foreign.rows).toEqual([]);
  });
});
