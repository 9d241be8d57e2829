import { sql } from 'drizzle-orm';
import type { Databases, Tx } from './clients.ts';

export interface TransactionOptions {
  /** Milliseconds one statement may take (default 15 s). */
  statementTimeoutMs?: number;
  /** Milliseconds to wait for a lock (default 5 s). */
  lockTimeoutMs?: number;
  readOnly?: boolean;
}

async function configure(tx: Tx, organizationId: string | null, options: TransactionOptions): Promise<void> {
  const statement = String(options.statementTimeoutMs ?? 15_000);
  const lock = String(options.lockTimeoutMs ?? 5_000);
  await tx.execute(
    sql`select set_config('app.organization_id', ${organizationId ?? ''}, true), set_config('statement_timeout', ${statement}, true), set_config('lock_timeout', ${lock}, true)`,
  );
}

/**
 * Runs `work` in one transaction that can see and write only this organisation's rows (row-level security under the
 * `app` role). The id must come from the caller's own credentials. Throws what `work` throws, after rolling back.
 */
export async function withTenant<T>(
  databases: Databases,
  organizationId: string,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return databases.app.transaction(
    async (tx) => {
      await configure(tx, organizationId, options);
      return work(tx);
    },
    options.readOnly ? { accessMode: 'read only' } : undefined,
  );
}

/** Runs `work` in one transaction over all tenants (`system` role): workers, sign-in, key look-up, bulk work. */
export async function withSystem<T>(
  databases: Databases,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return databases.system.transaction(async (tx) => {
    await configure(tx, null, options);
    return work(tx);
  });
}
