import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, openWorld, type World } from '@/lib/api/testing/world';
import { sweepApi } from '@/lib/runners/api-sweep';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
});
afterAll(() => world.close());

it('removes what is old and over, and nothing else', async () => {
  await firm.get('/taxes');
  const keys = { Authorization: `Bearer ${firm.key}` };
  for (const key of ['over', 'kept']) {
    await world.request('/api/v1/taxes', {
      method: 'POST',
      headers: { ...keys, 'Idempotency-Key': key },
      body: '{}',
    });
  }
  await world.databases.system.execute(
    sql`update api_answers set expires_at = now() - interval '1 second' where key = 'over'`,
  );
  const logged = async () =>
    (await firm.get('/api_logs?http_methods[]=get&http_methods[]=post')).body.meta.total_count as number;
  const before = await logged();
  expect(before).toBeGreaterThan(2);
  expect(await sweepApi(world.databases, Date.now() - 60_000)).toBe(false);
  expect(await logged()).toBeGreaterThanOrEqual(before);
  const answers = await world.databases.system.execute<{ key: string }>(sql`select key from api_answers`);
  expect(answers.map(({ key }) => key)).toEqual(['kept']);
  await sweepApi(world.databases, Date.now() + 60_000);
  // Only the calls made since are there.
  expect(await logged()).toBeLessThan(before);
});
