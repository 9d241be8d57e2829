import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { memberships, users } from '@/db/schema';
import { isEmail, normalizeEmail } from './emails.ts';
import { Refused } from './errors.ts';
import { hashPassword } from './password.ts';
import { refusePassword } from './password-policy.ts';

export interface NewUser {
  email: string;
  name: string;
  password: string;
}

/**
 * Makes a person and returns the id. Throws Refused (field email, name or password) with how to mend it, also when the
 * address is taken.
 */
export async function createUser(tx: Tx, input: NewUser, now: number): Promise<string> {
  const email = normalizeEmail(input.email);
  const name = input.name.trim();
  if (!isEmail(email)) throw new Refused('email', 'Give an e-mail address such as ines@example.com.');
  if (name.length === 0 || name.length > 120)
    throw new Refused('name', 'Give a name of up to 120 characters.');
  const refusal = refusePassword(input.password, [email, name]);
  if (refusal) throw new Refused('password', refusal);
  const id = newId();
  const kept = await tx
    .insert(users)
    .values({
      id,
      email,
      name,
      passwordHash: await hashPassword(input.password),
      passwordChangedAt: new Date(now),
      createdAt: new Date(now),
    })
    .onConflictDoNothing()
    .returning({ id: users.id });
  if (kept.length === 0)
    throw new Refused('email', 'Somebody with this address is here already. Sign in instead.');
  return id;
}

/** The person with this address, however it is written. */
export async function findUserByEmail(tx: Tx, email: string) {
  const [user] = await tx
    .select()
    .from(users)
    .where(eq(users.email, normalizeEmail(email)));
  return user ?? null;
}

/** The organisation a person lands in at sign-in: the one they belong to longest. Null for nobody's member. */
export async function homeOrganization(tx: Tx, userId: string): Promise<string | null> {
  const [member] = await tx
    .select({ organizationId: memberships.organizationId })
    .from(memberships)
    .where(and(eq(memberships.userId, userId), isNull(memberships.endedAt)))
    .orderBy(asc(memberships.createdAt), asc(memberships.organizationId))
    .limit(1);
  return member?.organizationId ?? null;
}

/** Whether somebody with this address belongs to an organisation. */
export async function isMember(tx: Tx, email: string): Promise<boolean> {
  const user = await findUserByEmail(tx, email);
  return user !== null && (await homeOrganization(tx, user.id)) !== null;
}
