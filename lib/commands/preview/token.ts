import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '@/lib/auth/secret';

/** What a preview's token vouches for. Instants are epoch milliseconds. */
export interface Seal {
  actorId: string;
  organizationId: string;
  command: string;
  /** Fingerprint of the input. */
  input: string;
  asOf: number;
  /** Last event sequence the figures count, as text. */
  watermark: string;
  /** Fingerprint of the exact effects. */
  digest: string;
}

const PURPOSE = 'preview token';

function mac(body: string): Buffer {
  return createHmac('sha256', deriveKey(PURPOSE)).update(body).digest();
}

/** A token for exactly these effects: the seal with a MAC over it. */
export function sealToken(seal: Seal): string {
  const body = Buffer.from(JSON.stringify(seal)).toString('base64url');
  return `${body}.${mac(body).toString('base64url')}`;
}

/** Reads a token back, or null when it was not made here or was changed. */
export function openToken(token: string): Seal | null {
  const [body, signature] = token.split('.');
  if (!body || !signature) return null;
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Seal;
}
