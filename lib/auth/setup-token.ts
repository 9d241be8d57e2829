import { timingSafeEqual } from 'node:crypto';
import { publicOrigin } from './origin.ts';
import { deriveKey } from './secret.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/;

/**
 * Whether whoever makes the first organisation has to know the setup token: on every server that others may reach. It is
 * not asked for where the server listens on this machine alone and no proxy and no public address is set.
 */
export function setupTokenRequired(env: NodeJS.ProcessEnv = process.env): boolean {
  const listens = env.HOST || '127.0.0.1';
  const known = new URL(publicOrigin(env.NEXTAUTH_URL)).hostname;
  return !LOOPBACK.test(listens) || !LOOPBACK.test(known) || Number(env.TRUSTED_PROXIES || 0) > 0;
}

/** The token every process of this server knows: 120 bits drawn from the secret. Worth nothing once there is an organisation. */
export function setupToken(secret?: string): string {
  return deriveKey('setup token', secret).subarray(0, 15).toString('base64url');
}

/** Whether this is the setup token, in a time that says nothing about it. */
export function isSetupToken(given: string): boolean {
  const [own, other] = [Buffer.from(setupToken()), Buffer.from(given.trim())];
  return own.length === other.length && timingSafeEqual(own, other);
}

/** Where the first organisation is made, with the token filled in where one is asked for. */
export function setupAddress(env: NodeJS.ProcessEnv = process.env): string {
  const address = `${publicOrigin(env.NEXTAUTH_URL)}/welcome`;
  return setupTokenRequired(env) ? `${address}?token=${setupToken()}` : address;
}
