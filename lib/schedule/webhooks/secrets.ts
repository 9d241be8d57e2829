import { randomBytes } from 'node:crypto';
import { seal, unseal } from '@/lib/auth/seal';
import { deriveKey } from '@/lib/auth/secret';

const PREFIX = 'whsec_';
const KEY_BYTES = 32;

/** A new signing secret in the form Standard Webhooks gives it: `whsec_` and 32 random bytes in base64. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;
}

/** The bytes Standard Webhooks signs with. */
export function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

const about = (organizationId: string, what: string) => `webhooks of ${organizationId}: ${what}`;

/** How a secret of an organisation's webhooks is kept: sealed with the server's secret. `what` says which one. */
export function sealForWebhooks(text: string, organizationId: string, what: 'secret' | 'key'): string {
  return seal(text, deriveKey('webhooks'), about(organizationId, what));
}

/** Throws when it was sealed with another NEXTAUTH_SECRET: nothing can be signed then. */
export function openForWebhooks(sealed: string, organizationId: string, what: 'secret' | 'key'): string {
  const text = unseal(sealed, deriveKey('webhooks'), about(organizationId, what));
  if (text === null) {
    throw new Error(
      'The secrets of webhooks were kept under another NEXTAUTH_SECRET. Set that one again; an endpoint signed with HMAC may be given a new secret instead.',
    );
  }
  return text;
}
