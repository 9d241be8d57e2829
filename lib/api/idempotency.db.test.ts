import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
});
afterAll(() => world.close());

async function send(key: string, body: unknown, { path = '/taxes', as = firm } = {}) {
  const response = await world.request(`/api/v1${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${as.key}`, 'Idempotency-Key': key },
    body: JSON.stringify(body),
  });
  const replayed = response.headers.get('Idempotency-Replayed');
  return { status: response.status, replayed, body: await response.json() };
}
const tax = (code: string) => ({ tax: { name: code, code, rate: 1 } });
const taxes = async () => (await firm.get('/taxes')).body.meta.total_count as number;

describe('an idempotency key', () => {
  it('does a write once and answers it again, refusals too', async () => {
    const first = await send('one', tax('a'));
    expect(first).toMatchObject({ status: 200, replayed: null });
    expect(await send('one', tax('a'))).toEqual({ ...first, replayed: 'true' });
    const refused = await send('two', tax('a'));
    expect(refused).toMatchObject({ status: 422, replayed: null });
    expect(await send('two', tax('a'))).toEqual({ ...refused, replayed: 'true' });
    expect(await taxes()).toBe(1);
  });

  it('refuses another request under it, in words', async () => {
    expect(await send('one', tax('b'))).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused', message: expect.stringContaining('another request') },
    });
    expect(await send('one', tax('a'), { path: '/add_ons' })).toMatchObject({ status: 422 });
    expect(await send('a key', tax('b'))).toMatchObject({ status: 400 });
  });

  it('belongs to its organisation', async () => {
    const other = await world.organization();
    expect(await send('one', tax('a'), { as: other })).toMatchObject({ status: 200, replayed: null });
  });

  it('lets the same request wait for its own answer', async () => {
    const before = await taxes();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('race', tax('race'))));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers.filter(({ replayed }) => replayed === null)).toHaveLength(1);
    expect(await taxes()).toBe(before + 1);
  });

  it('does not repeat what a process did before it died without an answer', async () => {
    const { body } = await send('died', tax('died'));
    const before = await taxes();
    await world.databases.system.execute(sql`
      update api_answers set status = null, body = null, locked_until = now() - interval '1 second'
      where organization_id = ${firm.organizationId} and key = 'died'`);
    expect(await send('died', tax('died'))).toMatchObject({ status: 200, replayed: null, body });
    expect(await taxes()).toBe(before);
  });

  it('says to come again while another process works on it', async () => {
    await send('busy', tax('busy'));
    await world.databases.system.execute(sql`
      update api_answers set status = null, body = null, locked_until = now() + interval '1 minute'
      where organization_id = ${firm.organizationId} and key = 'busy'`);
    expect(await send('busy', tax('busy'))).toMatchObject({
      status: 409,
      body: { code: 'request_in_progress' },
    });
  });

  it('keeps nothing in the clear that is shown only once', async () => {
    const hook = { webhook_endpoint: { webhook_url: 'https://hooks.example.com/in' } };
    const made = await send('hook', hook, { path: '/webhook_endpoints' });
    const secret: string = made.body.webhook_endpoint.signing_secret;
    expect(secret).toMatch(/^whsec_/);
    expect(await send('hook', hook, { path: '/webhook_endpoints' })).toEqual({ ...made, replayed: 'true' });
    const kept = await world.databases.system.execute(sql`
      select body as said from api_answers where organization_id = ${firm.organizationId}
      union all
      select result::text from idempotency_keys where organization_id = ${firm.organizationId}`);
    expect(kept.length).toBeGreaterThan(1);
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  it('is free again when it is over', async () => {
    await world.databases.system.execute(sql`
      update api_answers set expires_at = now() - interval '1 second'
      where organization_id = ${firm.organizationId} and key = 'one'`);
    expect(await send('one', tax('later'))).toMatchObject({ status: 200, replayed: null });
  });
});
