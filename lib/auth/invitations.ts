import { randomBytes } from 'node:crypto';
import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { invitations, memberships, organizations, ROLES, type Role, users } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { recordTeamAct } from './audit.ts';
import { isEmail, normalizeEmail } from './emails.ts';
import { Refused } from './errors.ts';
import { verifyPassword } from './password.ts';
import type { Person } from './person.ts';
import { hashToken } from './secret.ts';
import { begin, type SignIn, throttle, type Visitor } from './sign-in.ts';
import { createUser, findUserByEmail } from './users.ts';

/** An invitation waits a week. */
export const INVITATION_MS = 7 * 86_400_000;

/** Keeps the roles that exist, each once; throws Refused when none is left. */
export function checkRoles(roles: readonly string[]): Role[] {
  const known = ROLES.filter((role) => roles.includes(role));
  if (known.length === 0) throw new Refused('roles', 'Choose at least one role.');
  return known;
}

/**
 * Invites an address into the person's own organisation; an earlier open invitation to it ends. Returns the token, which
 * exists nowhere else. The caller has checked the right `settings.team`. Throws Refused for a member or a wrong address.
 */
export async function invite(
  databases: Databases,
  person: Person,
  input: { email: string; roles: readonly string[] },
  now: number,
): Promise<{ id: string; email: string; token: string }> {
  const email = normalizeEmail(input.email);
  if (!isEmail(email)) throw new Refused('email', 'Give an e-mail address such as ines@example.com.');
  const roles = checkRoles(input.roles);
  return withTenant(databases, person.organizationId, async (tx) => {
    const [member] = await tx
      .select({ userId: memberships.userId })
      .from(memberships)
      .where(
        and(
          eq(memberships.organizationId, person.organizationId),
          eq(memberships.email, email),
          isNull(memberships.endedAt),
        ),
      );
    if (member)
      throw new Refused('email', `${email} is a member already. Change the roles in the list instead.`);
    await tx
      .update(invitations)
      .set({ revokedAt: new Date(now) })
      .where(
        and(
          eq(invitations.organizationId, person.organizationId),
          eq(invitations.email, email),
          isNull(invitations.acceptedAt),
          isNull(invitations.revokedAt),
        ),
      );
    const [id, token] = [newId(), randomBytes(32).toString('base64url')];
    await tx.insert(invitations).values({
      organizationId: person.organizationId,
      id,
      email,
      roles,
      tokenHash: hashToken(token),
      invitedBy: person.userId,
      createdAt: new Date(now),
      expiresAt: new Date(now + INVITATION_MS),
    });
    const act = { command: 'team/invite', title: `Invite ${email}`, input: { email, roles } };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'invitation', id } }, now);
    return { id, email, token };
  });
}

function open(now: number) {
  return and(
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
    gt(invitations.expiresAt, new Date(now)),
  );
}

/** The organisation's open invitations, newest first. */
export async function listInvitations(tx: Tx, organizationId: string, now: number) {
  const rows = await tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.organizationId, organizationId), open(now)))
    .orderBy(desc(invitations.createdAt));
  return rows.map(({ id, email, roles, createdAt, expiresAt }) => ({
    id,
    email,
    roles,
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt.getTime(),
  }));
}

/** Takes an open invitation back. False when there is none with this id in the person's organisation. */
export function revokeInvitation(
  databases: Databases,
  person: Person,
  id: string,
  now: number,
): Promise<boolean> {
  return withTenant(databases, person.organizationId, async (tx) => {
    const [row] = await tx
      .update(invitations)
      .set({ revokedAt: new Date(now) })
      .where(and(eq(invitations.organizationId, person.organizationId), eq(invitations.id, id), open(now)))
      .returning();
    if (!row) return false;
    const act = { command: 'team/take-back-invitation', title: `Take back the invitation of ${row.email}` };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'invitation', id }, input: { id } }, now);
    return true;
  });
}

/** What an invitation says, or null when it is over, taken back, used or unknown. Needs the `system` role. */
export async function findInvitation(tx: Tx, token: string, now: number) {
  const [row] = await tx
    .select({
      organizationId: invitations.organizationId,
      organizationName: organizations.name,
      id: invitations.id,
      email: invitations.email,
      roles: invitations.roles,
      expiresAt: invitations.expiresAt,
      userId: users.id,
    })
    .from(invitations)
    .innerJoin(organizations, eq(organizations.id, invitations.organizationId))
    .leftJoin(users, eq(users.email, invitations.email))
    .where(and(eq(invitations.tokenHash, hashToken(token)), open(now)));
  return row ?? null;
}

/**
 * Accepts an invitation, once: makes the person (or, when the address is known here, checks that person's password),
 * makes the membership, and signs in. `over` when the invitation is used or ended, `refused` for a wrong password.
 * Throws Refused (field name or password) for a new person's unusable name or password.
 */
export async function acceptInvitation(
  databases: Databases,
  given: { token: string; name: string; password: string },
  visitor: Visitor,
  now: number,
): Promise<SignIn> {
  const account = hashToken(given.token);
  const attempt = { act: 'invitation', account, address: visitor.address } as const;
  const stopped = await throttle(databases, attempt, visitor, now);
  if (stopped) return stopped;
  return withSystem(databases, async (tx) => {
    const invitation = await findInvitation(tx, given.token, now);
    if (!invitation) return { kind: 'over' };
    const known = await findUserByEmail(tx, invitation.email);
    if (known && !(await verifyPassword(known.passwordHash, given.password))) return { kind: 'refused' };
    const used = await tx
      .update(invitations)
      .set({ acceptedAt: new Date(now) })
      .where(
        and(
          eq(invitations.organizationId, invitation.organizationId),
          eq(invitations.id, invitation.id),
          open(now),
        ),
      )
      .returning({ id: invitations.id });
    if (used.length === 0) return { kind: 'over' };
    const userId =
      known?.id ??
      (await createUser(tx, { email: invitation.email, name: given.name, password: given.password }, now));
    await join(tx, invitation, { userId, name: known?.name ?? given.name.trim() }, now);
    if (known?.totpConfirmedAt) return { kind: 'joined' };
    return begin(tx, userId, visitor, now, invitation.organizationId);
  });
}

/** Makes the membership, or opens one that had ended, with the roles of the invitation. */
async function join(
  tx: Tx,
  invitation: { organizationId: string; email: string; roles: Role[] },
  user: { userId: string; name: string },
  now: number,
): Promise<void> {
  await tx
    .insert(memberships)
    .values({
      organizationId: invitation.organizationId,
      userId: user.userId,
      name: user.name,
      email: invitation.email,
      roles: invitation.roles,
      createdAt: new Date(now),
    })
    .onConflictDoUpdate({
      target: [memberships.organizationId, memberships.userId],
      set: { roles: invitation.roles, endedAt: null, createdAt: new Date(now) },
    });
}
