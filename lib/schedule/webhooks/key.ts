import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { webhookKeys } from '@/db/schema';
import { openForWebhooks, sealForWebhooks } from './secrets.ts';

const generate = promisify(generateKeyPair);
const MODULUS_BITS = 2_048;

export interface WebhookKey {
  /** PEM. */
  privateKey: string;
  /** PEM. */
  publicKey: string;
}

/**
 * The RSA key this organisation's webhooks are signed with, made when it is first needed. The primary key lets only one be
 * made, whoever asks first.
 */
export async function webhookKey(tx: Tx, organizationId: string, now: number): Promise<WebhookKey> {
  const present = await read(tx, organizationId);
  if (present) return present;
  const made = await generate('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await tx
    .insert(webhookKeys)
    .values({
      organizationId,
      privateKey: sealForWebhooks(made.privateKey, organizationId, 'key'),
      publicKey: made.publicKey,
      createdAt: new Date(now),
    })
    .onConflictDoNothing();
  const kept = await read(tx, organizationId);
  if (!kept) throw new Error('a webhook key vanished inside its own transaction');
  return kept;
}

async function read(tx: Tx, organizationId: string): Promise<WebhookKey | null> {
  const [row] = await tx.select().from(webhookKeys).where(eq(webhookKeys.organizationId, organizationId));
  if (!row) return null;
  return {
    privateKey: openForWebhooks(row.privateKey, organizationId, 'key'),
    publicKey: row.publicKey,
  };
}
