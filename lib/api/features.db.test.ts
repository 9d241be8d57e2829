import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

const SEATS = {
  code: 'seats',
  name: 'Seats',
  description: 'People who may sign in',
  privileges: [
    { code: 'max', name: 'Most', value_type: 'integer' },
    { code: 'root', value_type: 'boolean' },
    { code: 'sso', value_type: 'select', config: { select_options: ['google', 'okta'] } },
  ],
};

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
  await firm.post('/features', { feature: SEATS });
  await firm.post('/features', { feature: { code: 'export' } });
  const plan = { name: 'Pro', code: 'pro', interval: 'monthly', amount_cents: 0, amount_currency: 'EUR' };
  await firm.post('/plans', { plan });
  await firm.post('/subscriptions', {
    subscription: { external_customer_id: 'acme', plan_code: 'pro', external_id: 'sub.1' },
  });
});
afterAll(() => world.close());

describe('features', () => {
  it('answers what was made, without an id', async () => {
    expect((await firm.get('/features/seats')).body).toEqual({
      feature: {
        code: 'seats',
        name: 'Seats',
        description: 'People who may sign in',
        privileges: [
          { code: 'max', name: 'Most', value_type: 'integer', config: {} },
          { code: 'root', name: null, value_type: 'boolean', config: {} },
          { code: 'sso', name: null, value_type: 'select', config: { select_options: ['google', 'okta'] } },
        ],
        created_at: '2024-03-05T10:00:00Z',
      },
    });
    const { body } = await firm.get('/features?search_term=SEA');
    expect(body.features.map(({ code }: { code: string }) => code)).toEqual(['seats']);
    expect(body.meta.total_count).toBe(1);
  });

  it('merges privileges on update and keeps the code', async () => {
    await firm.post('/features', { feature: { ...SEATS, code: 'merge' } });
    const { body } = await firm.put('/features/merge', {
      feature: {
        code: 'other',
        name: 'Merged',
        privileges: [
          { code: 'sso', config: { select_options: ['okta', 'azure'] } },
          { code: 'new', value_type: 'string' },
        ],
      },
    });
    expect(body.feature).toMatchObject({ code: 'merge', name: 'Merged', description: SEATS.description });
    expect(body.feature.privileges).toHaveLength(4);
    expect(body.feature.privileges[2].config).toEqual({ select_options: ['google', 'okta', 'azure'] });
    const less = await firm.remove('/features/merge/privileges/new');
    expect(less.body.feature.privileges).toHaveLength(3);
    expect((await firm.remove('/features/merge')).body.feature.code).toBe('merge');
    expect((await firm.get('/features/merge')).body.code).toBe('feature_not_found');
  });

  it('loses neither of two changes made at once', async () => {
    await firm.post('/features', { feature: { code: 'busy' } });
    const codes = Array.from({ length: 6 }, (_, index) => `p${index}`);
    await Promise.all(
      codes.map((code) =>
        firm.put('/features/busy', { feature: { privileges: [{ code, value_type: 'string' }] } }),
      ),
    );
    const { body } = await firm.remove('/features/busy');
    expect(body.feature.privileges.map(({ code }: { code: string }) => code).sort()).toEqual(codes);
  });

  it.each([
    [{ name: 'x' }, { code: ['value_is_mandatory'] }],
    [{ code: 'seats' }, { code: ['value_already_exist'] }],
    [{ code: 'x', privileges: [{}] }, { 'privilege.code': ['value_is_mandatory'] }],
    [
      { code: 'x', privileges: [{ code: 'a' }, { code: 'a' }] },
      { 'privilege.code': ['value_is_duplicated'] },
    ],
    [
      { code: 'x', privileges: [{ code: 'a', value_type: 'map' }] },
      { 'privilege.value_type': ['value_is_invalid'] },
    ],
    [
      { code: 'x', privileges: [{ code: 'a', value_type: 'select' }] },
      { 'privilege.config': ['value_is_mandatory'] },
    ],
  ])('refuses %j', async (feature, details) => {
    const { status, body } = await firm.post('/features', { feature });
    expect([status, body.code, body.error_details]).toEqual([422, 'validation_errors', details]);
  });
});

describe('entitlements', () => {
  it('replaces with POST, merges with PATCH and takes away', async () => {
    const path = '/plans/pro/entitlements';
    await firm.post(path, { entitlements: { export: {} } });
    const replaced = await firm.post(path, { entitlements: { seats: { max: '10', root: true } } });
    expect(replaced.body.entitlements).toEqual([
      {
        code: 'seats',
        name: 'Seats',
        description: 'People who may sign in',
        privileges: [
          { code: 'max', name: 'Most', value_type: 'integer', config: {}, value: 10 },
          { code: 'root', name: null, value_type: 'boolean', config: {}, value: true },
        ],
      },
    ]);
    const merged = await firm.call('PATCH', path, { entitlements: { seats: { sso: 'okta' }, export: null } });
    const values = merged.body.entitlements[0].privileges.map(({ value }: { value: unknown }) => value);
    expect(values).toEqual([10, true, 'okta']);
    expect(merged.body.entitlements[1].code).toBe('export');
    const less = await firm.remove(`${path}/seats/privileges/root`);
    expect(less.body.entitlement.privileges).toHaveLength(2);
    expect((await firm.remove(`${path}/export`)).body.entitlement.code).toBe('export');
    expect((await firm.get(`${path}/export`)).body.code).toBe('entitlement_not_found');
    expect((await firm.get('/plans/pro')).body.plan.entitlements).toHaveLength(1);
    expect((await firm.get('/plans')).body.plans[0].entitlements[0].code).toBe('seats');
  });

  it('lays a subscription’s own values over its plan’s', async () => {
    const path = '/subscriptions/sub.1/entitlements';
    const { body } = await firm.call('PATCH', path, { entitlements: { seats: { max: 15 } } });
    expect(body.entitlements).toMatchObject([
      {
        code: 'seats',
        overrides: { max: 15 },
        privileges: [
          { code: 'max', value: 15, plan_value: 10, override_value: 15 },
          { code: 'sso', value: 'okta', plan_value: 'okta', override_value: null },
        ],
      },
    ]);
    const shown = await firm.get('/subscriptions/sub.1');
    expect(shown.body.subscription.entitlements).toEqual(body.entitlements);
    const less = await firm.remove(`${path}/seats/privileges/sso`);
    expect(less.body.entitlements[0].privileges).toHaveLength(1);
    expect((await firm.remove(`${path}/seats`)).body).toEqual({ entitlements: [] });
    expect((await firm.remove(`${path}/seats`)).body.code).toBe('entitlement_not_found');
    const back = await firm.call('PATCH', path, { entitlements: { seats: {} } });
    expect(back.body.entitlements[0].privileges).toHaveLength(2);
  });

  it('holds over a pause', async () => {
    const path = '/subscriptions/sub.1';
    await firm.call('PATCH', `${path}/entitlements`, { entitlements: { seats: { max: 44 } } });
    const { entitlements } = (await firm.get(path)).body.subscription;
    expect(entitlements[0].privileges[0]).toMatchObject({ code: 'max', value: 44 });
    await firm.post(`${path}/pause`, {});
    expect((await firm.post(`${path}/resume`, {})).status).toBe(200);
    expect((await firm.get(path)).body.subscription.entitlements).toEqual(entitlements);
  });

  it.each([
    ['/plans/none/entitlements', { entitlements: {} }, 404, 'plan_not_found'],
    ['/plans/pro/entitlements', { entitlements: { none: {} } }, 404, 'feature_not_found'],
    ['/plans/pro/entitlements', { entitlements: { seats: { none: 1 } } }, 404, 'privilege_not_found'],
    ['/plans/pro/entitlements', { entitlements: { seats: { max: 'many' } } }, 422, 'validation_errors'],
    ['/plans/pro/entitlements', { entitlements: { seats: { sso: 'x' } } }, 422, 'validation_errors'],
    ['/subscriptions/none/entitlements', { entitlements: {} }, 404, 'subscription_not_found'],
  ])('refuses PATCH %s %j', async (path, body, status, code) => {
    const answer = await firm.call('PATCH', path, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (status === 422)
      expect(answer.body.error_details).toEqual({ 'privilege.value': ['value_is_invalid'] });
  });
});
