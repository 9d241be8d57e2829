import { createHmac, createSign } from 'node:crypto';
import type { SignatureAlgo } from '@/db/schema';
import { secretBytes } from '@/lib/schedule/webhooks/secrets';

export interface Signing {
  algo: SignatureAlgo;
  /** The current secret first; while it is being rotated the previous one after it. */
  secrets: readonly [string, ...string[]];
  /** PEM; needed for `jwt`. */
  privateKey: string | null;
  /** The address of this API, the `iss` of a JWT. */
  issuer: string;
}

/**
 * The headers a receiver checks a message with (semantics 15.1, and Standard Webhooks beside it). `id` is the same over all
 * attempts; `at` is this attempt's time, epoch milliseconds. While a secret is rotated Standard Webhooks carries both
 * signatures; Lago's header has room for one, and keeps to the previous secret until its time is over.
 */
export function signatureHeaders(
  id: string,
  body: string,
  at: number,
  signing: Signing,
): Record<string, string> {
  const { algo, secrets } = signing;
  const seconds = String(Math.floor(at / 1_000));
  const standard = secrets.map((secret) => {
    const mac = createHmac('sha256', secretBytes(secret)).update(`${id}.${seconds}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'X-Lago-Signature': algo === 'jwt' ? jwt(body, signing) : hmac(body, secrets.at(-1) ?? secrets[0]),
    'X-Lago-Signature-Algorithm': algo,
    'X-Lago-Unique-Key': id,
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': standard.join(' '),
  };
}

function hmac(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

function jwt(body: string, { privateKey, issuer }: Signing): string {
  if (!privateKey) throw new Error('a webhook signed with RS256 needs the organisation’s key');
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ data: body, iss: issuer })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}
