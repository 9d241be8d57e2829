import { and, eq } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { users } from '@/db/schema/people';
import { withSystem } from '@/db/tenancy';
import { makeChallenge, readChallenge } from './challenge.ts';
import { normalizeEmail } from './emails.ts';
import { hashPassword, needsRehash, verifyPassword } from './password.ts';
import { spendRecoveryCode } from './recovery-codes.ts';
import { createSession } from './sessions.ts';
import { type Attempt, admit, forgive } from './throttle.ts';
import { spendCode } from './totp.ts';
import { findUserByEmail, homeOrganization } from './users.ts';

/** Where a request comes from, and how to wait without holding anything. */
export interface Visitor {
  address: string;
  userAgent: string | null;
  wait(milliseconds: number): Promise<void>;
}

export type SignIn =
  | { kind: 'signed_in'; userId: string; sessionId: string }
  /** The password was right; a code is still needed. */
  | { kind: 'code_needed'; challenge: string }
  /** Wrong, or unknown: the two are never told apart. */
  | { kind: 'refused' }
  /** The step before has to be done again. */
  | { kind: 'over' }
  /** Right, but no organisation has this person as a member. */
  | { kind: 'no_membership' }
  /** A member now, but sign-in still has to ask for the second factor. */
  | { kind: 'joined' }
  | { kind: 'stopped'; until: number };

/** Checks e-mail and password. Takes as long for an unknown address as for a wrong password. `now` is epoch milliseconds. */
export async function signInWithPassword(
  databases: Databases,
  given: { email: string; password: string },
  visitor: Visitor,
  now: number,
): Promise<SignIn> {
  const email = normalizeEmail(given.email);
  const attempt: Attempt = { act: 'sign-in', account: email, address: visitor.address };
  const stopped = await throttle(databases, attempt, visitor, now);
  if (stopped) return stopped;
  const user = await withSystem(databases, (tx) => findUserByEmail(tx, email));
  const right = await verifyPassword(user?.passwordHash, given.password);
  if (!right || !user?.passwordHash) return { kind: 'refused' };
  const passwordHash = needsRehash(user.passwordHash)
    ? await rehash(databases, user.id, user.passwordHash, given.password)
    : user.passwordHash;
  if (user.totpConfirmedAt) {
    return { kind: 'code_needed', challenge: makeChallenge(user.id, passwordHash, now) };
  }
  return withSystem(databases, async (tx) => {
    await forgive(tx, attempt, now);
    return begin(tx, user.id, visitor, now);
  });
}

/** The second step: a code from the authenticator, or one of the recovery codes in its place, with the challenge the first step gave. */
export async function signInWithCode(
  databases: Databases,
  given: { challenge: string; code: string },
  visitor: Visitor,
  now: number,
): Promise<SignIn> {
  const challenge = readChallenge(given.challenge, now);
  if (!challenge) return { kind: 'over' };
  const attempt: Attempt = { act: 'code', account: challenge.userId, address: visitor.address };
  const stopped = await throttle(databases, attempt, visitor, now);
  if (stopped) return stopped;
  return withSystem(databases, async (tx): Promise<SignIn> => {
    const [user] = await tx.select().from(users).where(eq(users.id, challenge.userId));
    if (!user || user.passwordHash !== challenge.passwordHash) return { kind: 'over' };
    const right =
      (await spendCode(tx, user.id, given.code, now)) ||
      (await spendRecoveryCode(tx, user.id, given.code, now));
    if (!right) return { kind: 'refused' };
    await forgive(tx, attempt, now);
    await forgive(tx, { act: 'sign-in', account: user.email, address: visitor.address }, now);
    return begin(tx, user.id, visitor, now);
  });
}

/**
 * Signs in somebody whose address the company's identity provider has verified. Nobody becomes a member this way: without
 * a membership here the answer is refused.
 */
export async function signInWithVerifiedEmail(
  tx: Tx,
  email: string,
  visitor: Pick<Visitor, 'address' | 'userAgent'>,
  now: number,
): Promise<SignIn> {
  const user = await findUserByEmail(tx, email);
  return user ? begin(tx, user.id, visitor, now) : { kind: 'no_membership' };
}

/**
 * Begins a session for somebody known to be who they say, in their own organisation or in the one they have just joined.
 */
export async function begin(
  tx: Tx,
  userId: string,
  visitor: Pick<Visitor, 'address' | 'userAgent'>,
  now: number,
  joined: string | null = null,
): Promise<SignIn> {
  const organizationId = joined ?? (await homeOrganization(tx, userId));
  if (!organizationId) return { kind: 'no_membership' };
  const { address, userAgent } = visitor;
  const sessionId = await createSession(tx, { userId, organizationId, address, userAgent }, now);
  return { kind: 'signed_in', userId, sessionId };
}

/** Counts the try; waits when it has to be slow; the answer when it has to stop, else null. */
export async function throttle(
  databases: Databases,
  attempt: Attempt,
  visitor: Visitor,
  now: number,
): Promise<{ kind: 'stopped'; until: number } | null> {
  const admission = await withSystem(databases, (tx) => admit(tx, attempt, now));
  if (admission.kind === 'stop') return { kind: 'stopped', until: admission.until };
  if (admission.delayMs > 0) await visitor.wait(admission.delayMs);
  return null;
}

/** Writes over the hash that was read only, so that a password changed meanwhile stays changed. Returns the new hash. */
async function rehash(databases: Databases, userId: string, old: string, password: string): Promise<string> {
  const passwordHash = await hashPassword(password);
  await withSystem(databases, (tx) =>
    tx
      .update(users)
      .set({ passwordHash })
      .where(and(eq(users.id, userId), eq(users.passwordHash, old))),
  );
  return passwordHash;
}
