import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRows, sessions } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { changePassword } from './account.ts';
import type { Person } from './person.ts';
import {
  createSession,
  listSessions,
  organizationsOf,
  revokeAllSessions,
  revokeSession,
  SESSION_IDLE_MS,
  SESSION_MOST_MS,
  switchOrganization,
  verifySession,
} from './sessions.ts';
import { signInWithPassword } from './sign-in.ts';
import { changeRoles, endMembership, listMembers } from './team.ts';
import { NOW, openWorld, PASSWORD, type World } from './testing/world.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
let world: World;
let fathomline: string;
let orrery: string;
let tomas: Person;
let ines: Person;
let stranger: Person;

beforeAll(async () => {
  world = await openWorld();
  fathomline = await world.organization('Fathomline');
  orrery = await world.organization('Orrery Health');
  tomas = await world.member(fathomline, 'tomas@fathomline.example', ['founder']);
  ines = await world.member(fathomline, 'ines@fathomline.example', ['support']);
  stranger = await world.member(orrery, 'noor@orrery.example', ['founder']);
});
afterAll(() => world.close());

const begin = (person: Person, now = NOW) =>
  withSystem(world.databases, (tx) =>
    createSession(tx, { userId: person.userId, organizationId: person.organizationId }, now),
  );
const verify = (sessionId: string, now = NOW) =>
  withSystem(world.databases, (tx) => verifySession(tx, sessionId, now));

describe('a session', () => {
  it('stands for a person as a member of one organisation', async () => {
    expect(await verify(await begin(ines))).toMatchObject({
      userId: ines.userId,
      roles: ['support'],
      organization: { id: fathomline, name: 'Fathomline', mode: 'live' },
    });
  });

  it('ends when it was idle for 14 days, and after 30 days whatever happens', async () => {
    const idle = await begin(ines);
    expect(await verify(idle, NOW + SESSION_IDLE_MS)).toBeNull();
    const busy = await begin(ines);
    for (let at = NOW; at < NOW + SESSION_MOST_MS; at += 10 * DAY)
      expect(await verify(busy, at)).not.toBeNull();
    expect(await verify(busy, NOW + SESSION_MOST_MS)).toBeNull();
  });

  it('writes when it was last seen, at most once a minute', async () => {
    const id = await begin(ines);
    const seen = async () => {
      const [row] = await withSystem(world.databases, (tx) =>
        tx.select().from(sessions).where(eq(sessions.id, id)),
      );
      return row?.lastSeenAt.getTime();
    };
    await verify(id, NOW + 59_000);
    expect(await seen()).toBe(NOW);
    await verify(id, NOW + 61_000);
    expect(await seen()).toBe(NOW + 61_000);
  });

  it('is revoked at once, by its owner only', async () => {
    const id = await begin(ines);
    const revokeAs = (person: Person) =>
      withSystem(world.databases, (tx) => revokeSession(tx, person.userId, id, NOW));
    expect(await revokeAs(stranger)).toBe(false);
    expect(await verify(id)).not.toBeNull();
    expect(await revokeAs(ines)).toBe(true);
    expect(await verify(id)).toBeNull();
  });

  it('is listed while it lives; all but this one can be ended together', async () => {
    const mira = await world.member(fathomline, 'mira@fathomline.example');
    const kept = await begin(mira, NOW + MINUTE);
    await begin(mira);
    const list = () => withSystem(world.databases, (tx) => listSessions(tx, mira.userId, NOW + MINUTE));
    expect((await list()).map((session) => session.id)[0]).toBe(kept);
    expect(await list()).toHaveLength(3);
    await withSystem(world.databases, (tx) => revokeAllSessions(tx, mira.userId, NOW, kept));
    expect((await list()).map((session) => session.id)).toEqual([kept]);
  });

  it('cannot be turned to an organisation one does not belong to', async () => {
    const moved = await withSystem(world.databases, (tx) => switchOrganization(tx, stranger, fathomline));
    expect(moved).toBe(false);
    const own = await withSystem(world.databases, (tx) => organizationsOf(tx, stranger.userId));
    expect(own.map((organization) => organization.name)).toEqual(['Orrery Health']);
  });
});

describe('a changed password', () => {
  it('needs the present one, is held to the policy, and ends every other session', async () => {
    const pia = await world.member(fathomline, 'pia@fathomline.example');
    const other = await begin(pia);
    const change = (current: string, password: string) =>
      changePassword(world.databases, pia, { current, password }, world.visitor(), NOW);
    await expect(change('not this one', 'four brass telescopes')).rejects.toMatchObject({ field: 'current' });
    await expect(change(PASSWORD, 'pia@fathomline.example')).rejects.toMatchObject({ field: 'password' });
    expect(await change(PASSWORD, 'four brass telescopes')).toBe(1);
    expect(await verify(other)).toBeNull();
    expect(await verify(pia.sessionId)).not.toBeNull();
    const again = { email: pia.email, password: 'four brass telescopes' };
    expect((await signInWithPassword(world.databases, again, world.visitor(), NOW)).kind).toBe('signed_in');
  });
});

describe('the team', () => {
  it('gives other roles from the next request on', async () => {
    const input = { userId: ines.userId, roles: ['sales', 'support', 'emperor'] };
    await changeRoles(world.databases, tomas, input, NOW);
    expect((await verify(await begin(ines)))?.roles).toEqual(['sales', 'support']);
  });

  it('ends a membership and its sessions at once, and leaves a stub', async () => {
    const kofi = await world.member(fathomline, 'kofi@fathomline.example');
    await endMembership(world.databases, tomas, kofi.userId, NOW);
    expect(await verify(kofi.sessionId)).toBeNull();
    const rows = await withTenant(world.databases, fathomline, (tx) => tx.select().from(auditRows));
    expect(rows.map((row) => row.title)).toContain('End the membership of kofi');
    const members = await withTenant(world.databases, fathomline, (tx) => listMembers(tx, fathomline));
    expect(members.map((member) => member.userId)).not.toContain(kofi.userId);
  });

  it('keeps a founder, also when two leave at the same moment', async () => {
    await expect(endMembership(world.databases, tomas, tomas.userId, NOW)).rejects.toThrow(/founder/);
    const second = await world.member(fathomline, 'ruth@fathomline.example', ['founder']);
    const both = await Promise.allSettled([
      endMembership(world.databases, tomas, second.userId, NOW),
      endMembership(world.databases, second, tomas.userId, NOW),
    ]);
    expect(both.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('does not reach into another organisation', async () => {
    await expect(endMembership(world.databases, stranger, ines.userId, NOW)).rejects.toThrow(/not a member/);
    const input = { userId: ines.userId, roles: ['founder'] };
    await expect(changeRoles(world.databases, stranger, input, NOW)).rejects.toThrow(/not a member/);
    const seen = await withTenant(world.databases, orrery, (tx) => listMembers(tx, fathomline));
    expect(seen).toEqual([]);
  });
});
