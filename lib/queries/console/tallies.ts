import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { tallies } from '@/db/schema';

export interface Tally {
  /** What it is counted by: a standing, a plan, a version, or a month with a kind. */
  key: string;
  /** Empty for what has none. */
  currency: string;
  count: number;
  amountMinor: bigint;
  /** Of invoices: what is still to be paid. */
  dueMinor: bigint;
}

/** Kept sums of one subject, exact as of this transaction: see the table. */
export async function talliesOf(
  tx: Tx,
  organizationId: string,
  subject: (typeof tallies.$inferSelect)['subject'],
): Promise<Tally[]> {
  const rows = await tx.execute<
    Record<'key' | 'currency' | 'amount' | 'due', string> & { count: number }
  >(sql`
    select key, currency, sum(count)::float8 as count, sum(amount_minor)::text as amount, sum(due_minor)::text as due
    from tallies where organization_id = ${organizationId} and subject = ${subject}
    group by key, currency having sum(count) <> 0`);
  return rows.map(({ key, currency, count, amount, due }) => ({
    key,
    currency,
    count,
    amountMinor: BigInt(amount),
    dueMinor: BigInt(due),
  }));
}
