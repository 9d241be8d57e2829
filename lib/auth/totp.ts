import { eq, sql } from 'drizzle-orm';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { Tx } from '@/db/clients';
import { users } from '@/db/schema/people';
import { removeRecoveryCodes } from './recovery-codes.ts';
import { seal, unseal } from './seal.ts';
import { deriveKey } from './secret.ts';

const PERIOD_SECONDS = 30;
const ISSUER = 'Counterfoil';

/** A phone's clock may be one step off either way. */
const TOLERANCE_SECONDS = PERIOD_SECONDS;

const sealKey = () => deriveKey('totp secret');
const sealedFor = (userId: string) => `totp ${userId}`;

/** The step (30 s since 1970) a code belongs to, or null when it is wrong or not newer than `lastStep`. */
export function stepOfCode(
  secret: string,
  code: string,
  now: number,
  lastStep: number | null,
): number | null {
  const token = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const result = verifySync({
    secret,
    token,
    epoch: Math.floor(now / 1000),
    period: PERIOD_SECONDS,
    epochTolerance: TOLERANCE_SECONDS,
    ...(lastStep === null ? {} : { afterTimeStep: lastStep }),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}

export interface Enrolment {
  /** For typing in by hand. */
  secret: string;
  /** What the QR code says. */
  uri: string;
}

/**
 * Starts an enrolment: keeps a fresh secret, not yet asked for at sign-in. Starting again replaces it. Returns null when
 * a second factor is already on; it has to be turned off first.
 */
export async function startEnrolment(tx: Tx, userId: string): Promise<Enrolment | null> {
  const secret = generateSecret();
  const kept = await tx
    .update(users)
    .set({ totpSecret: seal(secret, sealKey(), sealedFor(userId)), totpLastStep: null })
    .where(sql`${users.id} = ${userId} and ${users.totpConfirmedAt} is null`)
    .returning({ email: users.email });
  const email = kept[0]?.email;
  return email ? { secret, uri: generateURI({ issuer: ISSUER, label: email, secret }) } : null;
}

/** Ends an enrolment with a first right code: from now on sign-in asks for one. False when the code is wrong. */
export async function confirmEnrolment(tx: Tx, userId: string, code: string, now: number): Promise<boolean> {
  if (!(await spendCode(tx, userId, code, now))) return false;
  await tx
    .update(users)
    .set({ totpConfirmedAt: new Date(now) })
    .where(eq(users.id, userId));
  return true;
}

/** Turns the second factor off, its recovery codes with it. The caller has just checked the password. */
export async function removeSecondFactor(tx: Tx, userId: string): Promise<void> {
  await tx
    .update(users)
    .set({ totpSecret: null, totpConfirmedAt: null, totpLastStep: null })
    .where(eq(users.id, userId));
  await removeRecoveryCodes(tx, userId);
}

/**
 * Whether the code is right now, and uses it up: neither it nor an older one works again, also when two requests bring it
 * at the same moment (the row is locked).
 */
export async function spendCode(tx: Tx, userId: string, code: string, now: number): Promise<boolean> {
  const [row] = await tx
    .select({ sealed: users.totpSecret, lastStep: users.totpLastStep })
    .from(users)
    .where(eq(users.id, userId))
    .for('update');
  const secret = row?.sealed ? unseal(row.sealed, sealKey(), sealedFor(userId)) : null;
  if (!row || !secret) return false;
  const step = stepOfCode(secret, code, now, row.lastStep);
  if (step === null) return false;
  await tx.update(users).set({ totpLastStep: step }).where(eq(users.id, userId));
  return true;
}
