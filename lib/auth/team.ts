import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { memberships, type Role } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { recordTeamAct } from './audit.ts';
import { Refused } from './errors.ts';
import { checkRoles } from './invitations.ts';
import type { Person } from './person.ts';
import { ROLE_NAMES } from './rights.ts';
import { revokeMemberSessions } from './sessions.ts';

export interface Member {
  userId: string;
  name: string;
  email: string;
  title: string | null;
  roles: Role[];
  timezone: string;
  /** Epoch milliseconds. */
  since: number;
}

/** The organisation's members of today, by name. */
export async function listMembers(tx: Tx, organizationId: string): Promise<Member[]> {
  const rows = await tx
    .select()
    .from(memberships)
    .where(and(eq(memberships.organizationId, organizationId), isNull(memberships.endedAt)))
    .orderBy(asc(memberships.name));
  return rows.map(({ userId, name, email, title, roles, timezone, createdAt }) => ({
    userId,
    name,
    email,
    title,
    roles,
    timezone,
    since: createdAt.getTime(),
  }));
}

/**
 * All members, locked, so that two founders cannot remove one another at the same moment. The `system` role is used for
 * the sessions' sake; the tenant comes from the person alone.
 */
function changing<T>(
  databases: Databases,
  person: Person,
  work: (tx: Tx, members: Member[]) => Promise<T>,
): Promise<T> {
  return withSystem(databases, async (tx) => {
    await tx
      .select({ userId: memberships.userId })
      .from(memberships)
      .where(eq(memberships.organizationId, person.organizationId))
      .orderBy(memberships.userId)
      .for('update');
    return work(tx, await listMembers(tx, person.organizationId));
  });
}

function pick(members: Member[], userId: string): Member {
  const member = members.find((each) => each.userId === userId);
  if (!member) throw new Refused(null, 'This person is not a member any more. Load the page again.');
  return member;
}

function keepAFounder(members: Member[], without: string): void {
  if (members.some((each) => each.userId !== without && each.roles.includes('founder'))) return;
  throw new Refused('roles', 'Somebody has to stay founder. Make another member founder first.');
}

const namesOf = (roles: readonly Role[]) => roles.map((role) => ROLE_NAMES[role]).join(', ');

/**
 * Gives a member other roles; they hold from the member's next request on. The caller has checked the right
 * `settings.team`. Throws Refused when no founder would be left.
 */
export async function changeRoles(
  databases: Databases,
  person: Person,
  input: { userId: string; roles: readonly string[] },
  now: number,
): Promise<void> {
  const roles = checkRoles(input.roles);
  return changing(databases, person, async (tx, members) => {
    const member = pick(members, input.userId);
    if (!roles.includes('founder')) keepAFounder(members, member.userId);
    await tx.update(memberships).set({ roles }).where(membership(person, member.userId));
    const title = `Change the roles of ${member.name} to ${namesOf(roles)}`;
    const subject = { type: 'member', id: member.userId } as const;
    const change = { input, before: { roles: member.roles }, after: { roles } };
    await recordTeamAct(tx, person, { command: 'team/change-roles', title, subject, ...change }, now);
  });
}

/**
 * Ends a membership and the member's sessions here, at once. The caller has checked the right `settings.team`. Throws
 * Refused for the last founder.
 */
export function endMembership(
  databases: Databases,
  person: Person,
  userId: string,
  now: number,
): Promise<void> {
  return changing(databases, person, async (tx, members) => {
    const member = pick(members, userId);
    keepAFounder(members, userId);
    await tx
      .update(memberships)
      .set({ endedAt: new Date(now) })
      .where(membership(person, userId));
    await revokeMemberSessions(tx, person.organizationId, userId, now);
    const title = `End the membership of ${member.name}`;
    const change = { input: { userId }, before: { roles: member.roles } };
    const subject = { type: 'member', id: userId } as const;
    await recordTeamAct(tx, person, { command: 'team/end-membership', title, subject, ...change }, now);
  });
}

function membership(person: Person, userId: string) {
  return and(eq(memberships.organizationId, person.organizationId), eq(memberships.userId, userId));
}
