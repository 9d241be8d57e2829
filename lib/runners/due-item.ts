import { type SQL, sql } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import type { DueHandler } from '@/lib/commands/due';
import type { DueKind } from '@/lib/schedule/due';
import { isTransient, reasonOf } from './failures.ts';

export type DueHandlers = Record<DueKind, DueHandler>;

/** One customer's due work, or (null) that of an organisation itself. A lane is worked one item after another. */
export interface Lane {
  organizationId: string;
  customerId: string | null;
}

/**
 * How far a lane may be worked: up to a place in the order of due work (a clock being moved), or up to the present of the
 * organisation's own clock (background workers, which keep out while a clock is being moved).
 */
export type Reach = { upTo: { dueAt: number; rank: number } } | 'present';

export type Ran =
  | { outcome: 'done'; id: string }
  /** `parked` after the last attempt; until then the item is the lane's next again. */
  | { outcome: 'failed'; id: string; kind: DueKind; attempts: number; parked: boolean; reason: string }
  | { outcome: 'nothing' }
  /** Somebody else works this lane; only when told not to wait. */
  | { outcome: 'busy' };

export const MOST_ATTEMPTS = 3;
const STATEMENT_TIMEOUT_MS = 60_000;

interface Claimed {
  id: string;
  kind: DueKind;
  subjectId: string;
  payload: Record<string, unknown>;
  dueAt: number;
  now: number;
}

class HandlerFailed extends Error {
  constructor(
    readonly item: Claimed,
    cause: unknown,
  ) {
    super(`${item.kind} failed`, { cause });
  }
}

/**
 * Works a lane's next due item in one transaction of its organisation: customer's lock, claim, handler, completion. So an
 * item is done once however many work at it, one customer's items never run at once or out of order, and whoever dies in
 * the middle leaves no trace. The handler's `now` is the item's due time (never before a hand-moved clock), so work that
 * is late, as after a stop, is stamped and billed as if it had been in time.
 *
 * A handler that throws is rolled back alone and its attempt is counted; after the third the item is parked and the
 * customer is marked. Throws only what isTransient, and what goes wrong outside the handler.
 */
export async function runNextDue(
  databases: Databases,
  lane: Lane,
  reach: Reach,
  handlers: DueHandlers,
  wait: boolean,
): Promise<Ran> {
  try {
    return await withTenant(
      databases,
      lane.organizationId,
      async (tx) => {
        if (lane.customerId && !(await lockLane(tx, lane, wait))) return { outcome: 'busy' };
        const item = await claimNext(tx, lane, reach, wait);
        if (!item) return { outcome: 'nothing' };
        await runHandler(tx, lane, item, handlers);
        return { outcome: 'done', id: item.id };
      },
      { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    );
  } catch (error) {
    if (!(error instanceof HandlerFailed) || isTransient(error.cause)) throw error;
    return recordFailure(databases, lane, error.item, reasonOf(error.cause));
  }
}

/**
 * Takes the customer's lock, the same that every command takes. False when somebody holds it and we are not to wait. A
 * customer that is not there has no lock: its work goes on, and its handler says what is wrong.
 */
async function lockLane(tx: Tx, { organizationId, customerId }: Lane, wait: boolean): Promise<boolean> {
  const own = sql`organization_id = ${organizationId} and id = ${customerId}`;
  const rows = await tx.execute(
    sql`select 1 from customers where ${own} for no key update ${wait ? sql.empty() : sql`skip locked`}`,
  );
  if (wait || rows.length > 0) return true;
  return (await tx.execute(sql`select 1 from customers where ${own}`)).length === 0;
}

/** Whether item `i` of organisation `o` lies within reach. */
export function withinReach(reach: Reach): SQL {
  if (reach === 'present') {
    return sql`i.due_at <= case when o.mode = 'live' then clock_timestamp()
                                when o.mode = 'sandbox' and o.clock_moving_to is null then o.clock_now end`;
  }
  const { dueAt, rank } = reach.upTo;
  return sql`o.mode <> 'live'
    and (i.due_at, i.rank) <= (${new Date(dueAt).toISOString()}::timestamptz, ${rank}::int)`;
}

export const epochMs = (value: SQL) => sql`floor(extract(epoch from ${value}) * 1000)::bigint::text`;

/** Completes the lane's earliest open item within reach; undone again with the transaction if its handler fails. */
async function claimNext(
  tx: Tx,
  { organizationId, customerId }: Lane,
  reach: Reach,
  wait: boolean,
): Promise<Claimed | null> {
  const inLane = customerId ? sql`i.customer_id = ${customerId}` : sql`i.customer_id is null`;
  const now = sql`case when o.mode = 'live' then d.due_at else greatest(d.due_at, o.clock_now) end`;
  const rows = await tx.execute<{
    id: string;
    kind: DueKind;
    subjectId: string;
    payload: Record<string, unknown>;
    dueAt: string;
    now: string;
  }>(sql`
    update due_items d set done_at = case when o.mode = 'live' then clock_timestamp() else ${now} end
    from organizations o
    where o.id = ${organizationId} and d.organization_id = o.id and d.done_at is null and d.id = (
      select i.id from due_items i join organizations o on o.id = i.organization_id
      where i.organization_id = ${organizationId} and ${inLane} and ${withinReach(reach)}
        and i.done_at is null and i.canceled_at is null and i.parked_at is null
      order by i.due_at, i.rank, i.id limit 1
      for update of i ${wait ? sql.empty() : sql`skip locked`})
    returning d.id, d.kind, d.subject_id as "subjectId", d.payload, ${epochMs(sql`d.due_at`)} as "dueAt",
      ${epochMs(now)} as now`);
  const row = rows[0];
  return row ? { ...row, dueAt: Number(row.dueAt), now: Number(row.now) } : null;
}

async function runHandler(
  tx: Tx,
  { organizationId, customerId }: Lane,
  item: Claimed,
  handlers: DueHandlers,
): Promise<void> {
  const { kind, subjectId, payload, dueAt, now } = item;
  try {
    await handlers[kind](
      {
        tx,
        organizationId,
        now,
        actor: { type: 'system', name: 'Counterfoil' },
        mode: 'apply',
        holdMinutes: 0,
      },
      { kind, subjectId, customerId, payload, dueAt },
    );
  } catch (error) {
    throw new HandlerFailed(item, error);
  }
}

async function recordFailure(
  databases: Databases,
  { organizationId, customerId }: Lane,
  { id, kind, now }: Claimed,
  reason: string,
): Promise<Ran> {
  return withTenant(databases, organizationId, async (tx) => {
    const at = new Date(now).toISOString();
    const [row] = await tx.execute<{ attempts: number; parked: boolean }>(sql`
      update due_items set attempts = attempts + 1, last_error = ${reason},
        parked_at = case when attempts + 1 >= ${MOST_ATTEMPTS}::int then ${at}::timestamptz end
      where organization_id = ${organizationId} and id = ${id} and done_at is null and canceled_at is null
        and parked_at is null
      returning attempts, parked_at is not null as parked`);
    // Cancelled or done by somebody else since: there is nothing left to try.
    if (!row) return { outcome: 'nothing' };
    if (row.parked && customerId) {
      await tx.execute(sql`
        update customers set parked_reason = ${`${kind} could not be done: ${reason}`}
        where organization_id = ${organizationId} and id = ${customerId}`);
    }
    return { outcome: 'failed', id, kind, attempts: row.attempts, parked: row.parked, reason };
  });
}
