import { randomBytes } from 'node:crypto';
import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { passwordResets, users } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import type { MailTransport } from '@/lib/adapters/mail/mail';
import { normalizeEmail } from './emails.ts';
import { Refused } from './errors.ts';
import { passwordResetMail } from './mails.ts';
import { hashPassword } from './password.ts';
import { refusePassword } from './password-policy.ts';
import { hashToken } from './secret.ts';
import { revokeAllSessions } from './sessions.ts';
import { throttle, type Visitor } from './sign-in.ts';
import { findUserByEmail } from './users.ts';

/** A mailed link works for an hour, once. */
export const RESET_MS = 60 * 60_000;

/** What of a request's outcome a stranger may know: that it was taken, or that there were too many. */
export type ResetRequested = { kind: 'taken' } | { kind: 'stopped'; until: number };

/**
 * Mails a link for choosing a new password, if the address belongs to somebody; the answer is the same either way, and
 * does not wait for the mail. `onMailFailed` hears of a mail server that refused.
 */
export async function requestPasswordReset(
  databases: Databases,
  given: { email: string; origin: string },
  visitor: Visitor,
  mail: MailTransport,
  now: number,
  onMailFailed: (error: unknown) => void,
): Promise<ResetRequested> {
  const email = normalizeEmail(given.email);
  const attempt = { act: 'reset', account: email, address: visitor.address } as const;
  const stopped = await throttle(databases, attempt, visitor, now);
  if (stopped) return stopped;
  const token = randomBytes(32).toString('base64url');
  const user = await withSystem(databases, async (tx) => {
    const found = await findUserByEmail(tx, email);
    if (found) await keepToken(tx, found.id, token, now);
    return found;
  });
  if (user) {
    const letter = passwordResetMail({ to: user.email, name: user.name, origin: given.origin, token });
    void mail.send(letter).catch(onMailFailed);
  }
  return { kind: 'taken' };
}

async function keepToken(tx: Tx, userId: string, token: string, now: number): Promise<void> {
  await tx.insert(passwordResets).values({
    id: newId(),
    userId,
    tokenHash: hashToken(token),
    createdAt: new Date(now),
    expiresAt: new Date(now + RESET_MS),
  });
}

function usable(token: string, now: number) {
  return and(
    eq(passwordResets.tokenHash, hashToken(token)),
    isNull(passwordResets.usedAt),
    gt(passwordResets.expiresAt, new Date(now)),
  );
}

/** Whether a link still works. */
export async function isResetUsable(tx: Tx, token: string, now: number): Promise<boolean> {
  const rows = await tx.select({ id: passwordResets.id }).from(passwordResets).where(usable(token, now));
  return rows.length > 0;
}

/**
 * Sets the new password and ends every session and every other open link of this person. False when the link was used or
 * is over. Throws Refused for a password that is not taken; the link then stays usable.
 */
export function resetPassword(
  databases: Databases,
  given: { token: string; password: string },
  now: number,
): Promise<boolean> {
  return withSystem(databases, async (tx) => {
    const [used] = await tx
      .update(passwordResets)
      .set({ usedAt: new Date(now) })
      .where(usable(given.token, now))
      .returning({ userId: passwordResets.userId });
    if (!used) return false;
    const [user] = await tx.select().from(users).where(eq(users.id, used.userId));
    if (!user) return false;
    const refusal = refusePassword(given.password, [user.email, user.name]);
    if (refusal) throw new Refused('password', refusal);
    await setPassword(tx, user.id, given.password, now);
    await revokeAllSessions(tx, user.id, now);
    return true;
  });
}

/** Writes a password that was found good, and closes every reset link that is still open. */
export async function setPassword(tx: Tx, userId: string, password: string, now: number): Promise<void> {
  await tx
    .update(users)
    .set({ passwordHash: await hashPassword(password), passwordChangedAt: new Date(now) })
    .where(eq(users.id, userId));
  await tx
    .update(passwordResets)
    .set({ usedAt: new Date(now) })
    .where(and(eq(passwordResets.userId, userId), isNull(passwordResets.usedAt)));
}
