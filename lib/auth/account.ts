import { eq } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { users } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { Refused } from './errors.ts';
import { verifyPassword } from './password.ts';
import { refusePassword } from './password-policy.ts';
import { setPassword } from './password-reset.ts';
import type { Person } from './person.ts';
import { countRecoveryCodes, makeRecoveryCodes } from './recovery-codes.ts';
import { revokeAllSessions } from './sessions.ts';
import { throttle, type Visitor } from './sign-in.ts';
import { removeSecondFactor } from './totp.ts';

/** What a person may read about their own account. */
export async function readAccount(databases: Databases, userId: string) {
  const { user, recovery } = await withSystem(databases, async (tx) => ({
    user: (await tx.select().from(users).where(eq(users.id, userId)))[0],
    recovery: await countRecoveryCodes(tx, userId),
  }));
  return {
    recovery,
    hasPassword: Boolean(user?.passwordHash),
    /** Epoch milliseconds, or null when it was never changed. */
    passwordChangedAt: user?.passwordChangedAt?.getTime() ?? null,
    secondFactorSince: user?.totpConfirmedAt?.getTime() ?? null,
  };
}

/**
 * Makes sure that the person at the keyboard is the one signed in, before something that would keep the true owner out.
 * Guesses are throttled like sign-ins. Throws Refused (field current).
 */
async function confirmPassword(
  databases: Databases,
  person: Person,
  password: string,
  visitor: Visitor,
  now: number,
): Promise<void> {
  const attempt = { act: 'sign-in', account: person.userId, address: visitor.address } as const;
  const stopped = await throttle(databases, attempt, visitor, now);
  if (stopped) throw new Refused('current', 'Too many tries. Wait a quarter of an hour, then try again.');
  const [user] = await withSystem(databases, (tx) =>
    tx.select().from(users).where(eq(users.id, person.userId)),
  );
  if (!(await verifyPassword(user?.passwordHash, password))) {
    throw new Refused('current', 'This is not your present password.');
  }
}

/**
 * Changes the password and ends every other session. Throws Refused (field current or password). Returns how many
 * sessions ended.
 */
export async function changePassword(
  databases: Databases,
  person: Person,
  given: { current: string; password: string },
  visitor: Visitor,
  now: number,
): Promise<number> {
  await confirmPassword(databases, person, given.current, visitor, now);
  const refusal = refusePassword(given.password, [person.email, person.name, person.organization.name]);
  if (refusal) throw new Refused('password', refusal);
  if (given.password === given.current) throw new Refused('password', 'This is the password you have now.');
  return withSystem(databases, async (tx) => {
    await setPassword(tx, person.userId, given.password, now);
    return revokeAllSessions(tx, person.userId, now, person.sessionId);
  });
}

/** Turns the second factor off, after the password, and ends every other session. Throws Refused (field current). */
export async function turnOffSecondFactor(
  databases: Databases,
  person: Person,
  given: { current: string },
  visitor: Visitor,
  now: number,
): Promise<void> {
  await confirmPassword(databases, person, given.current, visitor, now);
  await withSystem(databases, async (tx) => {
    await removeSecondFactor(tx, person.userId);
    await revokeAllSessions(tx, person.userId, now, person.sessionId);
  });
}

/**
 * Makes new recovery codes, after the password; earlier ones are worthless from now on. Throws Refused (field current) for a
 * wrong password, and when there is no second factor for them to stand in for.
 */
export async function renewRecoveryCodes(
  databases: Databases,
  person: Person,
  given: { current: string },
  visitor: Visitor,
  now: number,
): Promise<string[]> {
  await confirmPassword(databases, person, given.current, visitor, now);
  return withSystem(databases, async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.id, person.userId)).for('update');
    if (!user?.totpConfirmedAt) throw new Refused(null, 'Turn the second factor on first.');
    return makeRecoveryCodes(tx, person.userId, now);
  });
}
