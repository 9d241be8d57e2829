import { COMMON_PASSWORDS } from './common-passwords.ts';

/** Shortest that is taken, shortest that is advised, longest that is taken (ASVS 5.0, V6.2: no rules of composition). */
export const PASSWORD_LENGTH = { least: 8, advised: 12, most: 256 } as const;

/**
 * Why a password is refused, as a sentence that says what to do instead, or null when it is fine. `known` are words
 * everybody knows about this person: their address, their name, the organisation.
 */
export function refusePassword(password: string, known: readonly string[] = []): string | null {
  const given = password.normalize('NFKC');
  const length = [...given].length;
  if (length < PASSWORD_LENGTH.least) {
    return `Use at least ${PASSWORD_LENGTH.least} characters; ${PASSWORD_LENGTH.advised} or more is better. A few words in a row work well.`;
  }
  if (length > PASSWORD_LENGTH.most) return `Use at most ${PASSWORD_LENGTH.most} characters.`;
  const plain = given.toLowerCase();
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(plain.replace(/[\d!?.@#$%*_-]+$/u, ''))) {
    return 'This password is on the lists attackers try first. Choose another, for example a few unrelated words.';
  }
  if (new Set(plain).size < 3) return 'This repeats the same characters. Choose something harder to guess.';
  for (const word of known.flatMap(namesIn)) {
    if (plain === word) return 'This is your own address or name. Choose something others do not know.';
  }
  return null;
}

/** An address counts whole and by what stands before the @. */
function namesIn(known: string): string[] {
  const plain = known.normalize('NFKC').trim().toLowerCase();
  return [plain, plain.split('@')[0] ?? '', plain.replaceAll(/\s+/g, '')].filter(Boolean);
}
