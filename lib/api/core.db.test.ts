import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabases } from '@/db/clients';
import { withSystem } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';
import { createApi } from './app.ts';
import { permissionOf } from './authenticate.ts';
import { type Caller, NOW, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
});
afterAll(() => world.close());

describe('the door', () => {
  it('answers health and readiness without a key', async () => {
    expect(await (await world.request('/ready')).json()).toEqual({ status: 'ok' });
    expect(await (await world.request('/health')).json()).toMatchObject({ message: 'Success' });
  });

  it('refuses a missing, unknown or half key with 401 and no code', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer nonsense']) {
      const response = await world.request('/api/v1/plans', { headers: { Authorization: authorization } });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ status: 401, error: 'Unauthorized' });
    }
  });

  it('takes the second word of the header whatever the scheme', async () => {
    const response = await world.request('/api/v1/plans', {
      headers: { Authorization: `Token ${firm.key}` },
    });
    expect(response.status).toBe(200);
  });

  it('holds a key to its permissions', async () => {
    const { key } = await withSystem(world.databases, (tx) =>
      createApiKey(
        tx,
        { organizationId: firm.organizationId, name: 'Reader', live: false, scopes: { plan: ['read'] } },
        NOW,
      ),
    );
    const reader = world.as(key);
    expect((await reader.get('/plans')).status).toBe(200);
    expect(await reader.post('/plans', { plan: { name: 'x' } })).toMatchObject({
      status: 403,
      body: { status: 403, error: 'Forbidden', code: 'write_action_not_allowed_for_plan' },
    });
    expect((await reader.get('/customers/x/current_usage')).body.code).toBe(
      'read_action_not_allowed_for_customer_usage',
    );
  });

  it('names the permission a path needs', () => {
    expect(permissionOf('/api/v1/taxes/x')).toBe('tax');
    expect(permissionOf('/api/v1/customers/a/wallets')).toBe('wallet');
    expect(permissionOf('/api/v1/plans/a/charges/b')).toBe('plan');
    expect(permissionOf('/api/v1/billing_entities')).toBe('billing_entity');
  });

  it('answers 404 for paths that are not routed, wrong verbs included', async () => {
    const expected = { status: 404, error: 'Not Found', code: 'resource_not_found' };
    expect(await firm.get('/nothing')).toMatchObject({ status: 404, body: expected });
    expect(await firm.remove('/plans')).toMatchObject({ status: 404, body: expected });
  });

  it('says in words what a body lacks', async () => {
    const text = 'BadRequest: param is missing or the value is empty or invalid: customer';
    for (const body of [{}, { customer: {} }, { customer: 'x' }, undefined]) {
      expect(await firm.post('/customers', body)).toMatchObject({
        status: 400,
        body: { status: 400, error: text },
      });
    }
    expect(await firm.post('/customers', '{"customer":')).toMatchObject({
      status: 400,
      body: { status: 400, error: 'BadRequest: the body is not valid JSON' },
    });
  });

  it('refuses a body that is too large', async () => {
    const answer = await firm.post('/customers', { customer: { external_id: 'x'.repeat(11_000_000) } });
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });

  it('refuses a NUL character instead of failing', async () => {
    const answer = await firm.post('/customers', { customer: { external_id: 'a\u0000b' } });
    expect(answer.status).toBe(400);
  });

  it('answers 503 with Retry-After while the database is away', async () => {
    const away = 'postgres://nobody:nothing@127.0.0.1:9/none';
    const databases = openDatabases({ appUrl: away, systemUrl: away });
    const response = await createApi(databases).request('/api/v1/plans', {
      headers: { Authorization: 'Bearer another-key' },
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('2');
    await databases.close();
  });

  it('pages lists with the contract’s meta', async () => {
    const own = await world.organization();
    expect((await own.get('/taxes')).body).toEqual({
      taxes: [],
      meta: { current_page: 0, next_page: null, prev_page: null, total_pages: 0, total_count: 0 },
    });
    for (const code of ['a', 'b', 'c']) await own.post('/taxes', { tax: { name: code, code, rate: 1 } });
    const { body } = await own.get('/taxes?per_page=2&page=2');
    expect(body.taxes.map((tax: { code: string }) => tax.code)).toEqual(['a']);
    expect(body.meta).toEqual({
      current_page: 2,
      next_page: null,
      prev_page: 1,
      total_pages: 2,
      total_count: 3,
    });
    expect((await own.get('/taxes?per_page=x&page=-1')).body.meta.current_page).toBe(1);
  });
});
