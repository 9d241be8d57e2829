import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { CREDIT_INVARIANTS } from './books-credits';
import { INVOICE_INVARIANTS } from './books-invoices';
import { LEDGER_INVARIANTS } from './books-ledger';
import { LIST_INVARIANTS } from './books-lists';
import type { Invariant } from './invariant';

export type { Invariant };

/** What must hold, by the part of the books it is about. */
export const BOOKS_PARTS = [
  { part: 'The ledger and the documents agree', invariants: LEDGER_INVARIANTS },
  { part: 'Invoices', invariants: INVOICE_INVARIANTS },
  { part: 'Credits, credit notes and discounts', invariants: CREDIT_INVARIANTS },
  { part: 'Sums kept for lists and charts', invariants: LIST_INVARIANTS },
];

export const INVARIANTS: Invariant[] = BOOKS_PARTS.flatMap(({ invariants }) => invariants);

export interface BrokenInvariant {
  name: string;
  rows: { subject: string | null; detail: string | null }[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EXAMPLES = 20;

/** How many rows break an invariant of one organisation, with up to 20 of them. */
export async function checkInvariant(
  tx: Tx,
  organizationId: string,
  invariant: Invariant,
): Promise<BrokenInvariant & { count: number }> {
  if (!UUID.test(organizationId)) throw new Error('an organisation id is a UUID');
  const statement = invariant.sql.replaceAll(':org', `'${organizationId}'::uuid`);
  const rows = await tx.execute<{ subject: string | null; detail: string | null; count: number }>(
    sql.raw(
      `select subject::text, detail::text, count(*) over ()::int as count from (${statement}) wrong limit ${EXAMPLES}`,
    ),
  );
  return {
    name: invariant.name,
    count: rows[0]?.count ?? 0,
    rows: rows.map(({ subject, detail }) => ({ subject, detail })),
  };
}

/** Checks every invariant of one organisation; answers those that do not hold, with up to 20 examples each. */
export async function checkBooks(tx: Tx, organizationId: string): Promise<BrokenInvariant[]> {
  const broken: BrokenInvariant[] = [];
  for (const invariant of INVARIANTS) {
    const { count, name, rows } = await checkInvariant(tx, organizationId, invariant);
    if (count > 0) broken.push({ name, rows });
  }
  return broken;
}
