import { randomUUID } from 'node:crypto';
import { and, desc, eq, gt, isNull, ne, type SQL } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { memberships, organizations, sessions, users } from '@/db/schema';
import type { Person } from './person.ts';

const DAY = 86_400_000;

/** A session ends 14 days after it was last used, and 30 days after it began, used or not. */
export const SESSION_IDLE_MS = 14 * DAY;
export const SESSION_MOST_MS = 30 * DAY;
const SEEN_EVERY_MS = 60_000;

export interface NewSession {
  userId: string;
  organizationId: string;
  address?: string | null;
  userAgent?: string | null;
}

/** Begins a session and returns its id. Every sign-in begins a new one; none is ever taken over. */
export async function createSession(tx: Tx, session: NewSession, now: number): Promise<string> {
  const id = randomUUID();
  await tx.insert(sessions).values({
    id,
    userId: session.userId,
    organizationId: session.organizationId,
    createdAt: new Date(now),
    lastSeenAt: new Date(now),
    expiresAt: new Date(now + SESSION_MOST_MS),
    address: session.address ?? null,
    userAgent: session.userAgent?.slice(0, 400) ?? null,
  });
  return id;
}

function alive(now: number): SQL | undefined {
  return and(
    isNull(sessions.revokedAt),
    gt(sessions.expiresAt, new Date(now)),
    gt(sessions.lastSeenAt, new Date(now - SESSION_IDLE_MS)),
  );
}

/**
 * The person behind a session, or null when it ended, was revoked, or its membership did. Reads the row on every use, so
 * that a revocation holds from the next request on; writes "last seen" at most once a minute.
 */
export async function verifySession(tx: Tx, sessionId: string, now: number): Promise<Person | null> {
  const [row] = await tx
    .select({
      session: sessions,
      member: memberships,
      organization: {
        id: organizations.id,
        name: organizations.name,
        slug: organizations.slug,
        mode: organizations.mode,
        settings: organizations.settings,
      },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(
      memberships,
      and(
        eq(memberships.organizationId, sessions.organizationId),
        eq(memberships.userId, sessions.userId),
        isNull(memberships.endedAt),
      ),
    )
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(and(eq(sessions.id, sessionId), alive(now)));
  if (!row) return null;
  const { session, member, organization } = row;
  if (session.lastSeenAt.getTime() < now - SEEN_EVERY_MS) {
    await tx
      .update(sessions)
      .set({ lastSeenAt: new Date(now) })
      .where(eq(sessions.id, sessionId));
  }
  return {
    userId: session.userId,
    sessionId,
    organizationId: organization.id,
    name: member.name,
    email: member.email,
    title: member.title,
    roles: member.roles,
    timezone: member.timezone,
    organization,
  };
}

export interface SessionListed {
  id: string;
  /** Epoch milliseconds. */
  createdAt: number;
  lastSeenAt: number;
  address: string | null;
  userAgent: string | null;
}

/** A person's living sessions, the one used last first. */
export async function listSessions(tx: Tx, userId: string, now: number): Promise<SessionListed[]> {
  const rows = await tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), alive(now)))
    .orderBy(desc(sessions.lastSeenAt));
  return rows.map(({ id, createdAt, lastSeenAt, address, userAgent }) => ({
    id,
    createdAt: createdAt.getTime(),
    lastSeenAt: lastSeenAt.getTime(),
    address,
    userAgent,
  }));
}

async function revoke(tx: Tx, which: SQL | undefined, now: number): Promise<number> {
  const rows = await tx
    .update(sessions)
    .set({ revokedAt: new Date(now) })
    .where(and(which, isNull(sessions.revokedAt)))
    .returning({ id: sessions.id });
  return rows.length;
}

/** Ends one of this person's own sessions, at once. False when it is not theirs or already over. */
export async function revokeSession(
  tx: Tx,
  userId: string,
  sessionId: string,
  now: number,
): Promise<boolean> {
  return (await revoke(tx, and(eq(sessions.userId, userId), eq(sessions.id, sessionId)), now)) > 0;
}

/** Ends all of a person's sessions, except `keep` when given. Returns how many. */
export function revokeAllSessions(
  tx: Tx,
  userId: string,
  now: number,
  keep: string | null = null,
): Promise<number> {
  return revoke(tx, and(eq(sessions.userId, userId), keep ? ne(sessions.id, keep) : undefined), now);
}

/** Ends a former member's sessions in one organisation; those in others stay. */
export function revokeMemberSessions(
  tx: Tx,
  organizationId: string,
  userId: string,
  now: number,
): Promise<number> {
  return revoke(tx, and(eq(sessions.userId, userId), eq(sessions.organizationId, organizationId)), now);
}

/** Looks at another of one's organisations in the same session. False when there is no such membership. */
export async function switchOrganization(tx: Tx, person: Person, organizationId: string): Promise<boolean> {
  const [member] = await tx
    .select({ id: memberships.userId })
    .from(memberships)
    .where(
      and(
        eq(memberships.organizationId, organizationId),
        eq(memberships.userId, person.userId),
        isNull(memberships.endedAt),
      ),
    );
  if (!member) return false;
  await tx.update(sessions).set({ organizationId }).where(eq(sessions.id, person.sessionId));
  return true;
}

/** The organisations a person may look at, by name. */
export function organizationsOf(tx: Tx, userId: string) {
  return tx
    .select({
      id: organizations.id,
      name: organizations.name,
      slug: organizations.slug,
      mode: organizations.mode,
    })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(and(eq(memberships.userId, userId), isNull(memberships.endedAt)))
    .orderBy(organizations.name);
}
