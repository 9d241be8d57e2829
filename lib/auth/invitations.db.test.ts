import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invitations, throttles } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import {
  acceptInvitation,
  findInvitation,
  INVITATION_MS,
  invite,
  listInvitations,
  revokeInvitation,
} from './invitations.ts';
import type { Person } from './person.ts';
import { verifySession } from './sessions.ts';
import { endMembership } from './team.ts';
import { NOW, openWorld, PASSWORD, type World } from './testing/world.ts';

let world: World;
let tomas: Person;
let noor: Person;

beforeAll(async () => {
  world = await openWorld();
  tomas = await world.member(await world.organization('Fathomline'), 'tomas@fathomline.example', ['founder']);
  noor = await world.member(await world.organization('Orrery Health'), 'noor@orrery.example', ['founder']);
});
afterAll(() => world.close());

const asked = (email: string, roles = ['support'], person = tomas) =>
  invite(world.databases, person, { email, roles }, NOW);
const accept = (token: string, options: { password?: string; name?: string; now?: number } = {}) =>
  acceptInvitation(
    world.databases,
    { token, name: options.name ?? 'Mira Lund', password: options.password ?? PASSWORD },
    world.visitor(),
    options.now ?? NOW,
  );

describe('an invitation', () => {
  it('makes a member with its roles and signs in, once', async () => {
    const { token } = await asked('Mira@fathomline.example', ['sales', 'growth']);
    const result = await accept(token);
    if (result.kind !== 'signed_in') throw new Error(result.kind);
    const person = await withSystem(world.databases, (tx) => verifySession(tx, result.sessionId, NOW));
    expect(person).toMatchObject({
      email: 'mira@fathomline.example',
      name: 'Mira Lund',
      roles: ['sales', 'growth'],
      organizationId: tomas.organizationId,
    });
    expect(await accept(token)).toEqual({ kind: 'over' });
  });

  it('is used once also when two browsers accept together', async () => {
    const { token } = await asked('pia@fathomline.example');
    const results = await Promise.allSettled([accept(token), accept(token)]);
    const entered = results.filter((each) => each.status === 'fulfilled' && each.value.kind === 'signed_in');
    expect(entered).toHaveLength(1);
  });

  it('stays open when the password is not taken', async () => {
    const { token } = await asked('jonas@fathomline.example');
    await expect(accept(token, { password: 'password123' })).rejects.toMatchObject({ field: 'password' });
    await expect(accept(token, { name: ' ' })).rejects.toMatchObject({ field: 'name' });
    expect((await accept(token)).kind).toBe('signed_in');
  });

  it('ends after a week, when taken back, and when a newer one goes to the same address', async () => {
    const late = await asked('late@fathomline.example');
    expect(await accept(late.token, { now: NOW + INVITATION_MS })).toEqual({ kind: 'over' });
    const back = await asked('back@fathomline.example');
    expect(await revokeInvitation(world.databases, tomas, back.id, NOW)).toBe(true);
    expect(await accept(back.token)).toEqual({ kind: 'over' });
    const first = await asked('twice@fathomline.example');
    const second = await asked('twice@fathomline.example');
    expect(await accept(first.token)).toEqual({ kind: 'over' });
    expect((await accept(second.token)).kind).toBe('signed_in');
  });

  it('asks somebody who is here already for their own password', async () => {
    const { token } = await asked(noor.email);
    expect(await accept(token, { password: 'somebody else entirely' })).toEqual({ kind: 'refused' });
    const result = await accept(token);
    expect(result).toMatchObject({ kind: 'signed_in', userId: noor.userId });
  });

  it('brings a former member back', async () => {
    const kofi = await world.member(tomas.organizationId, 'kofi@fathomline.example');
    await endMembership(world.databases, tomas, kofi.userId, NOW);
    const { token } = await asked(kofi.email, ['finance']);
    expect((await accept(token)).kind).toBe('signed_in');
  });

  it('refuses members, impossible addresses and unknown roles with a way out', async () => {
    await expect(asked(tomas.email)).rejects.toThrow(/member already/);
    await expect(asked('no address')).rejects.toThrow(/ines@example.com/);
    await expect(asked('x@example.com', ['emperor'])).rejects.toThrow(/at least one role/);
  });

  it('belongs to one organisation: another neither sees it nor takes it back', async () => {
    const { id, token } = await asked('secret@fathomline.example');
    const seen = await withTenant(world.databases, noor.organizationId, (tx) =>
      listInvitations(tx, tomas.organizationId, NOW),
    );
    expect(seen).toEqual([]);
    expect(await revokeInvitation(world.databases, noor, id, NOW)).toBe(false);
    expect(await withSystem(world.databases, (tx) => findInvitation(tx, token, NOW))).not.toBeNull();
  });

  it('keeps no token that could be read back, and stops guessing', async () => {
    const { id, token } = await asked('hash@fathomline.example');
    const [row] = await withSystem(world.databases, (tx) =>
      tx.select().from(invitations).where(eq(invitations.id, id)),
    );
    expect(row?.tokenHash).not.toContain(token);
    await withSystem(world.databases, (tx) => tx.delete(throttles));
    for (let round = 0; round < 20; round++) await accept('not a token');
    expect((await accept('not a token')).kind).toBe('stopped');
  });
});
