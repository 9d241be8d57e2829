import { createHmac, randomInt } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { recoveryCodes } from '@/db/schema/people';
import { deriveKey } from './secret.ts';

const COUNT = 10;
/** Letters and digits that are not taken for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 10;

/** As it is compared: without spaces, dashes and capitals. */
const bare = (code: string) => code.toLowerCase().replaceAll(/[\s-]/g, '');

/** A code holds 49 random bits; with the server's key its hash cannot be searched from a copy of the database alone. */
const hashOf = (userId: string, code: string) =>
  createHmac('sha256', deriveKey('recovery codes'))
    .update(`${userId} ${bare(code)}`)
    .digest('hex');

function oneCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** Makes ten new codes, each good once; those made before are worthless from now on. Returned this once, kept as hashes. */
export async function makeRecoveryCodes(tx: Tx, userId: string, now: number): Promise<string[]> {
  const codes = new Set<string>();
  while (codes.size < COUNT) codes.add(oneCode());
  await removeRecoveryCodes(tx, userId);
  await tx
    .insert(recoveryCodes)
    .values([...codes].map((code) => ({ userId, codeHash: hashOf(userId, code), createdAt: new Date(now) })));
  return [...codes];
}

/** Uses a code up. False when it is wrong or was used; two requests with one code cannot both be right. */
export async function spendRecoveryCode(tx: Tx, userId: string, code: string, now: number): Promise<boolean> {
  if (bare(code).length !== LENGTH) return false;
  const spent = await tx
    .update(recoveryCodes)
    .set({ usedAt: new Date(now) })
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.codeHash, hashOf(userId, code)),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ userId: recoveryCodes.userId });
  return spent.length > 0;
}

/** How many codes were made and how many are still good. */
export async function countRecoveryCodes(tx: Tx, userId: string): Promise<{ made: number; left: number }> {
  const [row] = await tx
    .select({
      made: sql<number>`count(*)::int`,
      left: sql<number>`(count(*) filter (where ${recoveryCodes.usedAt} is null))::int`,
    })
    .from(recoveryCodes)
    .where(eq(recoveryCodes.userId, userId));
  return row ?? { made: 0, left: 0 };
}

/** All of them go with the second factor. */
export async function removeRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
}
