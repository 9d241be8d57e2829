import { seal, unseal } from './seal.ts';
import { deriveKey } from './secret.ts';

/** Between the right password and the code there are at most five minutes. */
export const CHALLENGE_MS = 5 * 60_000;

interface Challenge {
  userId: string;
  /** Sealed in, so that a changed password makes the challenge worthless. */
  passwordHash: string;
  expiresAt: number;
}

const KEY_PURPOSE = 'second factor challenge';

/** Proof that the password was right, for the step that asks for the code. Opens nothing by itself. */
export function makeChallenge(userId: string, passwordHash: string, now: number): string {
  const challenge: Challenge = { userId, passwordHash, expiresAt: now + CHALLENGE_MS };
  return seal(JSON.stringify(challenge), deriveKey(KEY_PURPOSE), 'challenge');
}

/** What a challenge says, or null when it is over or not one of ours. */
export function readChallenge(sealed: string, now: number): Challenge | null {
  const text = unseal(sealed, deriveKey(KEY_PURPOSE), 'challenge');
  if (!text) return null;
  const challenge = JSON.parse(text) as Challenge;
  return challenge.expiresAt > now ? challenge : null;
}
