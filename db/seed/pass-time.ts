import { sql } from 'drizzle-orm';
import { withTenant } from '@/db/tenancy';
import { dueHandlers } from '@/lib/commands/due';
import { moveClock } from '@/lib/runners/clock';
import { runNextDue } from '@/lib/runners/due-item';
import { isTransient } from '@/lib/runners/failures';
import type { Company } from './company.ts';

const LANES = 4;
const LAST_RANK = 1_000;

/**
 * Moves the company's clock to `to` (epoch milliseconds). What falls due on the way is worked customer by customer, several
 * beside one another: each customer's in its own order and on its own instants. Between customers the order does not
 * matter, and eighteen months pass quicker. What is the company's own, or went wrong, is left to the mover.
 */
export async function passTime(company: Company, to: number): Promise<void> {
  const { databases, organizationId } = company;
  const customerIds = await whoIsDue(company, to);
  const work = async () => {
    for (let customerId = customerIds.shift(); customerId; customerId = customerIds.shift()) {
      await workThrough(company, customerId, to);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, customerIds.length) }, work));
  await moveClock(databases, organizationId, to);
}

/** Customers with something due by then; none while something is due for the company as a whole, which goes in turn. */
async function whoIsDue({ databases, organizationId }: Company, to: number): Promise<string[]> {
  const rows = await withTenant(databases, organizationId, (tx) =>
    tx.execute<{ customer_id: string | null }>(sql`
      select customer_id from due_items
      where organization_id = ${organizationId} and due_at <= ${new Date(to).toISOString()}::timestamptz
        and done_at is null and canceled_at is null and parked_at is null
      group by customer_id`),
  );
  const ids = rows.map((row) => row.customer_id);
  return ids.includes(null) ? [] : ids.filter((id) => id !== null);
}

async function workThrough(
  { databases, organizationId }: Company,
  customerId: string,
  to: number,
): Promise<void> {
  const reach = { upTo: { dueAt: to, rank: LAST_RANK } };
  try {
    for (;;) {
      const ran = await runNextDue(databases, { organizationId, customerId }, reach, dueHandlers, true);
      if (ran.outcome !== 'done') return;
    }
  } catch (error) {
    if (!isTransient(error)) throw error;
  }
}

/** Throws when something that fell due could not be done. */
export async function assertNothingParked({ databases, organizationId }: Company): Promise<void> {
  const rows = await withTenant(databases, organizationId, (tx) =>
    tx.execute<{ kind: string; last_error: string }>(sql`
      select kind, last_error from due_items
      where organization_id = ${organizationId} and parked_at is not null limit 5`),
  );
  const [first] = rows;
  if (first) throw new Error(`Some work of the demo could not be done: ${first.kind}: ${first.last_error}`);
}
