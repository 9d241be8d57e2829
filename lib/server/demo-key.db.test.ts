import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { organizations } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { CACHE_MS, findApiKey } from '@/lib/auth/api-keys';
import { NOW, openWorld, type World } from '@/lib/auth/testing/world';
import { keepDemoKey } from './demo-key.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it("is exactly the demo organisation's key, also after it changed and changed back", async () => {
  const { databases } = world;
  await keepDemoKey(databases, 'first', NOW);
  expect(await findApiKey(databases, 'first', NOW)).toBeNull();

  const demo = await world.organization('Demo');
  await world.organization('Somebody');
  await withSystem(databases, (tx) =>
    tx
      .update(organizations)
      .set({ settings: { demo: true } })
      .where(eq(organizations.id, demo)),
  );
  let now = NOW;
  for (const [key, other] of [
    ['first', 'second'],
    ['second', 'first'],
    ['first', 'second'],
  ] as const) {
    now += CACHE_MS + 1;
    await keepDemoKey(databases, key, now);
    expect(await findApiKey(databases, key, now)).toMatchObject({ organizationId: demo, scopes: null });
    expect(await findApiKey(databases, other, now)).toBeNull();
  }
});
