import { hash, verify } from '@node-rs/argon2';

/** Argon2id with OWASP's settings (19 MiB, two passes, one lane). Raising them rehashes at each person's next sign-in. */
const SETTINGS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const PREFIX = `$argon2id$v=19$m=${SETTINGS.memoryCost},t=${SETTINGS.timeCost},p=${SETTINGS.parallelism}$`;

/** Nobody's hash, made once a process with today's settings. */
let nobody: Promise<string> | undefined;

/** Hashes a password. The same words typed on another keyboard (another Unicode form) give the same result. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), SETTINGS);
}

/**
 * Whether the password belongs to the hash. Without a hash (an unknown address, or somebody who signs in elsewhere) it
 * takes as long and says no, so that an answer's time does not tell who exists.
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const given = password.normalize('NFKC');
  if (!stored) {
    nobody ??= hashPassword('nobody signs in with this');
    await verify(await nobody, given);
    return false;
  }
  return verify(stored, given);
}

/** Whether a hash was made with other settings than today's and should be made again. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(PREFIX);
}
