import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeys } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import {
  CACHE_MS,
  createApiKey,
  findApiKey,
  keyMay,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
  rotateApiKey,
} from './api-keys.ts';
import { NOW, openWorld, type World } from './testing/world.ts';

let world: World;
let fathomline: string;
let orrery: string;

beforeAll(async () => {
  world = await openWorld();
  fathomline = await world.organization('Fathomline');
  orrery = await world.organization('Orrery Health');
});
afterAll(() => world.close());

const make = (options: Partial<NewApiKey> = {}, organizationId = fathomline) =>
  withTenant(world.databases, organizationId, (tx) =>
    createApiKey(tx, { organizationId, name: 'Producer', live: true, ...options }, NOW),
  );
const find = (key: string, now = NOW) => findApiKey(world.databases, key, now);
const rowOf = async (id: string) => {
  const rows = await withSystem(world.databases, (tx) => tx.select().from(apiKeys).where(eq(apiKeys.id, id)));
  return rows[0];
};

describe('an API key', () => {
  it('names its organisation, and is kept as a hash only', async () => {
    const { id, key } = await make();
    expect(key).toMatch(/^cf_live_[\w-]{43}$/);
    expect((await make({ live: false })).key).toMatch(/^cf_test_/);
    expect(await find(key)).toMatchObject({ organizationId: fathomline, id, scopes: null });
    const row = await rowOf(id);
    expect(row?.lastFour).toBe(key.slice(-4));
    expect(JSON.stringify(row)).not.toContain(key);
  });

  it('is unknown with a letter changed', async () => {
    const { key } = await make();
    expect(await find(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
    expect(await find('')).toBeNull();
  });

  it('ends when it is over, also out of memory', async () => {
    const { key } = await make({ expiresAt: NOW + 2_000 });
    expect(await find(key)).not.toBeNull();
    expect(await find(key, NOW + 2_000)).toBeNull();
    expect(await find(key, NOW + 60_000)).toBeNull();
  });

  it('ends when it is revoked: here at once, in another process when its memory is five seconds old', async () => {
    const { id, key } = await make();
    expect(await find(key)).not.toBeNull();
    const revoke = (organizationId: string) =>
      withTenant(world.databases, organizationId, (tx) => revokeApiKey(tx, organizationId, id, NOW));
    expect(await revoke(orrery)).toBe(false);
    expect(await find(key)).not.toBeNull();
    expect(await revoke(fathomline)).toBe(true);
    expect(await find(key)).toBeNull();

    const elsewhere = await make();
    await find(elsewhere.key);
    await withSystem(world.databases, (tx) =>
      tx
        .update(apiKeys)
        .set({ revokedAt: new Date(NOW) })
        .where(eq(apiKeys.id, elsewhere.id)),
    );
    expect(await find(elsewhere.key, NOW + CACHE_MS)).toBeNull();
  });

  it('is replaced by one like it, and works on beside it for a day', async () => {
    const { id, key } = await make();
    const rotate = (organizationId: string, now = NOW) =>
      withTenant(world.databases, organizationId, (tx) =>
        rotateApiKey(tx, { organizationId, id, live: true }, now),
      );
    await find(key);
    expect(await rotate(orrery)).toBeNull();
    const made = await rotate(fathomline);
    expect(made).toMatchObject({ key: expect.stringMatching(/^cf_live_/), oldEndsAt: NOW + 86_400_000 });
    expect(await find(made!.key)).toMatchObject({ organizationId: fathomline, id: made!.id, scopes: null });
    expect(await find(key, NOW + 86_399_999)).toMatchObject({ id });
    expect(await find(key, NOW + 86_400_000)).toBeNull();
    expect(await rotate(fathomline, NOW + 86_400_000)).toBeNull();
  });

  it('is replaced at once by one that ends by itself, and may do no more than it could', async () => {
    const { id, key } = await make({ scopes: { event: ['write'] }, requestsPerMinute: 60 });
    const made = await withTenant(world.databases, fathomline, (tx) =>
      rotateApiKey(
        tx,
        { organizationId: fathomline, id, live: true, overlapMs: 0, expiresAt: NOW + 5_000 },
        NOW,
      ),
    );
    expect(await find(key)).toBeNull();
    expect(await find(made!.key)).toMatchObject({ scopes: { event: ['write'] }, requestsPerMinute: 60 });
    expect(await find(made!.key, NOW + 5_000)).toBeNull();
  });

  it('writes when it was last used, at most once a minute', async () => {
    const { id, key } = await make();
    await find(key, NOW);
    await find(key, NOW + 30_000);
    expect((await rowOf(id))?.lastUsedAt?.getTime()).toBe(NOW);
    await find(key, NOW + 61_000);
    expect((await rowOf(id))?.lastUsedAt?.getTime()).toBe(NOW + 61_000);
  });

  it('can be given, again and again for one organisation and never for two', async () => {
    const value = 'the key the demo was asked to have';
    const first = await make({ value });
    expect(await make({ value })).toEqual(first);
    expect(await find(value)).toMatchObject({ organizationId: fathomline });
    await expect(make({ value }, orrery)).rejects.toThrow();
  });

  it('is not listed to another organisation, nor is a revoked one to its own', async () => {
    const seen = await withTenant(world.databases, orrery, (tx) => listApiKeys(tx, fathomline));
    expect(seen).toEqual([]);
    const { id } = await make();
    await withTenant(world.databases, fathomline, (tx) => revokeApiKey(tx, fathomline, id, NOW));
    const own = await withTenant(world.databases, fathomline, (tx) => listApiKeys(tx, fathomline));
    expect(own.map((key) => key.id)).not.toContain(id);
  });

  it('may do what its scopes say', () => {
    expect(keyMay(null, 'invoices', 'write')).toBe(true);
    expect(keyMay({ events: ['write'] }, 'events', 'write')).toBe(true);
    expect(keyMay({ events: ['write'] }, 'events', 'read')).toBe(false);
    expect(keyMay({ events: ['write'] }, 'invoices', 'read')).toBe(false);
  });
});
