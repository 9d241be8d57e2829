import { createHash, createHmac, hkdfSync } from 'node:crypto';

const MINIMUM_LENGTH = 16;

/** The server's one secret, NEXTAUTH_SECRET. Throws with how to mend it when it is missing or too short to be one. */
export function authSecret(): string {
  const secret = process.env.NEXTAUTH_SECRET;
  if (!secret || secret.length < MINIMUM_LENGTH) {
    throw new Error(
      'NEXTAUTH_SECRET is not set or too short. Give at least 32 random bytes, for example from `openssl rand -base64 32`.',
    );
  }
  return secret;
}

/** A 256-bit key for one purpose, drawn from the secret (HKDF-SHA256), so that no two uses share a key. */
export function deriveKey(purpose: string, secret = authSecret()): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `counterfoil ${purpose}`, 32));
}

/** How a random token that was mailed is kept: a plain hash is enough, because the token itself holds 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** How an API key is kept: a hash that is worth nothing without the server's pepper. */
export function hashApiKey(key: string, pepper = process.env.API_KEY_PEPPER || authSecret()): string {
  return createHmac('sha256', pepper).update(key).digest('hex');
}
