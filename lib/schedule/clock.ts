import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { notFound } from './errors';

export interface OrganizationClock {
  mode: 'live' | 'sandbox' | 'history';
  /** Epoch milliseconds. */
  now: number;
}

/** The clock of a row of `organizations`, epoch milliseconds. */
export const CLOCK_NOW: SQL = sql.raw(
  `floor(extract(epoch from case when mode = 'live' then clock_timestamp() else clock_now end) * 1000)::bigint`,
);

/**
 * An organisation's clock: the database's for a live one (so that every process agrees), the hand-moved one for a sandbox
 * or a history being filled. Throws not_found for an unknown organisation.
 */
export async function readClock(tx: Tx, organizationId: string): Promise<OrganizationClock> {
  const rows = await tx.execute<{ mode: OrganizationClock['mode']; now: string }>(
    sql`select mode, (${CLOCK_NOW})::text as now from organizations where id = ${organizationId}`,
  );
  const row = rows[0];
  if (!row) return notFound('organization');
  return { mode: row.mode, now: Number(row.now) };
}
