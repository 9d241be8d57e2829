import { sql } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import type { ChunkHandler } from '@/lib/commands/due';
import type { DueKind } from '@/lib/schedule/due';
import { epochMs, type Reach, withinReach } from './due-item.ts';
import { isTransient } from './failures.ts';

export type ChunkHandlers = Partial<Record<DueKind, ChunkHandler>>;

/** How many customers' work may be done in one transaction. */
export const CHUNK = 200;
const STATEMENT_TIMEOUT_MS = 60_000;

interface ClaimedItem {
  kind: DueKind;
  subjectId: string;
  customerId: string;
  payload: Record<string, unknown>;
  dueAt: number;
  now: number;
}

class ChunkFailed extends Error {}

/**
 * Works the next due item of several customers in one transaction: their locks, the claim, one handler, completion. Taken
 * up are those whose next item is of the same kind and instant, the earliest first. It is all done or none of it: whatever
 * goes wrong with one of them, answers null and leaves everything as it was, and the caller goes on one by one, so that
 * only the bad one is set aside. Answers the customers whose item is done. Throws only what isTransient, and what goes
 * wrong outside the handler.
 */
export async function runDueTogether(
  databases: Databases,
  { organizationId, customerIds }: { organizationId: string; customerIds: string[] },
  reach: Reach,
  handlers: ChunkHandlers,
  wait: boolean,
): Promise<string[] | null> {
  const kinds = Object.keys(handlers) as DueKind[];
  if (kinds.length === 0) return [];
  try {
    return await withTenant(
      databases,
      organizationId,
      async (tx) => {
        const locked = await lockLanes(tx, organizationId, customerIds, wait);
        const items = await claimTogether(tx, organizationId, locked, reach, kinds);
        const [first] = items;
        if (!first) return [];
        const order = new Map(customerIds.map((id, place) => [id, place]));
        const inOrder = items.toSorted(
          (a, b) => (order.get(a.customerId) ?? 0) - (order.get(b.customerId) ?? 0),
        );
        await handle(tx, organizationId, first, inOrder, handlers);
        return inOrder.map(({ customerId }) => customerId);
      },
      { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    );
  } catch (error) {
    if (!(error instanceof ChunkFailed) || isTransient(error.cause)) throw error;
    return null;
  }
}

async function handle(
  tx: Tx,
  organizationId: string,
  { kind, now }: ClaimedItem,
  items: ClaimedItem[],
  handlers: ChunkHandlers,
): Promise<void> {
  const actor = { type: 'system', name: 'Counterfoil' } as const;
  try {
    await handlers[kind]?.({ tx, organizationId, now, actor, mode: 'apply', holdMinutes: 0 }, items);
  } catch (error) {
    throw new ChunkFailed(`${kind} failed for one of ${items.length}`, { cause: error });
  }
}

/** Takes the locks of the customers, in the order of their ids; those that somebody holds are left out, unless we wait. */
async function lockLanes(
  tx: Tx,
  organizationId: string,
  customerIds: string[],
  wait: boolean,
): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from customers where organization_id = ${organizationId} and id in (
      select jsonb_array_elements_text(${JSON.stringify(customerIds)}::jsonb)::uuid)
    order by id for no key update ${wait ? sql.empty() : sql`skip locked`}`);
  return rows.map(({ id }) => id);
}

async function claimTogether(
  tx: Tx,
  organizationId: string,
  customerIds: string[],
  reach: Reach,
  kinds: DueKind[],
): Promise<ClaimedItem[]> {
  if (customerIds.length === 0) return [];
  const now = sql`case when o.mode = 'live' then d.due_at else greatest(d.due_at, o.clock_now) end`;
  const rows = await tx.execute<{
    kind: DueKind;
    subjectId: string;
    customerId: string;
    payload: Record<string, unknown>;
    dueAt: string;
    now: string;
  }>(sql`
    with lane as materialized (
      select jsonb_array_elements_text(${JSON.stringify(customerIds)}::jsonb)::uuid as customer_id
    ), next as materialized (
      select n.* from lane cross join lateral (
        select i.id, i.kind, i.due_at from due_items i join organizations o on o.id = i.organization_id
        where i.organization_id = ${organizationId} and i.customer_id = lane.customer_id and ${withinReach(reach)}
          and i.done_at is null and i.canceled_at is null and i.parked_at is null
        order by i.due_at, i.rank, i.id limit 1
      ) n
    ), head as materialized (
      select kind, due_at from next
      where kind in (select jsonb_array_elements_text(${JSON.stringify(kinds)}::jsonb))
      order by due_at limit 1
    )
    update due_items d set done_at = case when o.mode = 'live' then clock_timestamp() else ${now} end
    from organizations o, next join head on head.kind = next.kind and head.due_at = next.due_at
    where o.id = ${organizationId} and d.organization_id = o.id and d.id = next.id and d.done_at is null
    returning d.kind, d.subject_id as "subjectId", d.customer_id as "customerId", d.payload,
      ${epochMs(sql`d.due_at`)} as "dueAt", ${epochMs(now)} as now`);
  return rows.map((row) => ({ ...row, dueAt: Number(row.dueAt), now: Number(row.now) }));
}
