import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { CREDIT_INVARIANTS } from './books-credits';
import { INVOICE_INVARIANTS } from './books-invoices';
import { LEDGER_INVARIANTS } from './books-ledger';
import type { Invariant } from './invariant';

export type { Invariant };

export const INVARIANTS: Invariant[] = [...LEDGER_INVARIANTS, ...INVOICE_INVARIANTS, ...CREDIT_INVARIANTS];

export interface BrokenInvariant {
  name: string;
  rows: { subject: string | null; detail: string | null }[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Checks every invariant of one organisation; answers those that do not hold, with up to 20 examples each. */
export async function checkBooks(tx: Tx, organizationId: string): Promise<BrokenInvariant[]> {
  if (!UUID.test(organizationId)) throw new Error('an organisation id is a UUID');
  const broken: BrokenInvariant[] = [];
  for (const invariant of INVARIANTS) {
    const statement = invariant.sql.replaceAll(':org', `'${organizationId}'::uuid`);
    const rows = await tx.execute<{ subject: string | null; detail: string | null }>(
      sql.raw(`select subject::text, detail::text from (${statement}) wrong limit 20`),
    );
    if (rows.length > 0) {
      broken.push({
        name: invariant.name,
        rows: rows.map(({ subject, detail }) => ({ subject, detail })),
      });
    }
  }
  return broken;
}
