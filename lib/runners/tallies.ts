import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';

/** Rows of one key that may stand side by side before they are worth folding. */
const MOST = 16;

/**
 * Folds the summands of each busy key into one row. Any number of processes may do it at any time: a row is taken away by one
 * of them only, in the statement that adds it to the sum, so what a reader adds up never changes. Only speed depends on it.
 */
export async function foldTallies(databases: Databases): Promise<void> {
  await databases.system.execute(sql`
    with busy as (
      select organization_id, subject, key, currency from tallies
      group by organization_id, subject, key, currency having count(*) > ${MOST}
    ),
    gone as (
      delete from tallies t using busy b
      where t.organization_id = b.organization_id and t.subject = b.subject and t.key = b.key
        and t.currency = b.currency
      returning t.*
    )
    insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
    select organization_id, subject, key, currency, sum(count), sum(amount_minor), sum(due_minor) from gone
    group by organization_id, subject, key, currency
    having sum(count) <> 0 or sum(amount_minor) <> 0 or sum(due_minor) <> 0`);
}
