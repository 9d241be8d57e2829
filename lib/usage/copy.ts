import type postgres from 'postgres';
import type { Tx } from '@/db/clients';
import { copyBytes } from './copy-bytes.ts';
import type { StoredEvent } from './incoming.ts';

/** Rows could not be written as if none was there yet; the transaction is over. Looking each up says what it was. */
export class NotAllNew extends Error {
  override name = 'NotAllNew';
}

/** The driver's own client of a transaction: Drizzle has no COPY. */
type Inside = { session: { client: postgres.TransactionSql } };

/**
 * Writes events that nobody has written before, in the given order, which costs a third less than looking each up.
 * Throws NotAllNew when one is there already or cannot be kept.
 *
 * The driver says that a COPY has ended but not how, when the server refuses it at the end. But a transaction takes no
 * further statement after a failure: what the caller asks next goes through `afterCopy`.
 */
export async function copyRows(tx: Tx, rows: readonly StoredEvent[]): Promise<void> {
  const bytes = copyBytes(rows);
  if (!bytes) throw new NotAllNew();
  const sql = (tx._ as unknown as Inside).session.client;
  const stream = await sql`
    copy events (organization_id, id, external_subscription_id, transaction_id, code, "timestamp", properties,
                 precise_total_amount_minor, ingested_at) from stdin (format binary)`.writable();
  await new Promise<void>((resolve) => {
    stream.on('error', () => resolve());
    stream.write(bytes, () => resolve());
  });
  if (!stream.destroyed) stream.end();
  await new Promise(setImmediate);
}

/** The first statement after `copyRows`. Throws NotAllNew when the COPY had failed. */
export async function afterCopy<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    for (let current = error; current instanceof Error; current = current.cause) {
      if ('code' in current && current.code === ABORTED) throw new NotAllNew();
    }
    throw error;
  }
}

/** The transaction is aborted. */
const ABORTED = '25P02';
