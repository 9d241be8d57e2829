import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { UndoClass } from '@/db/schema';
import { type Page, page, readTimeCursor } from './cursor';
import { at, millis, rowLimit } from './sql';

export type TimelineFilter = 'everything' | 'changes' | 'money';

export interface TimelineEntry {
  id: string;
  kind: 'change' | 'invoice' | 'payment';
  /** Epoch milliseconds. */
  at: number;
  title: string;
  status: string | null;
  amountMinor: string | null;
  currency: string | null;
  actorId: string | null;
  actorName: string | null;
  reasonCode: string | null;
  note: string | null;
  command: string | null;
  undoClass: UndoClass | null;
  undoUntil: number | null;
  hasInverse: boolean;
  /** When and by whom it was taken back. */
  undoneAt: number | null;
  undoneBy: string | null;
  undoneNote: string | null;
  invoiceId: string | null;
}

type Row = TimelineEntry & Record<string, unknown>;

const SIZE = 25;

/** Acts on the customer. A recorded payment stands among the payments already, so it is not told twice. */
function changes(organizationId: string, customerId: string, before: SQL, withPayments: boolean): SQL {
  return sql`
    select a.id, 'change' as kind, a.occurred_at as at, a.title, null as status,
      a.given_away_minor::text as "amountMinor", a.currency, a.actor_id as "actorId", a.actor_name as "actorName",
      a.reason_code as "reasonCode", a.note, a.command, a.undo_class as "undoClass",
      ${millis('a.undo_until')} as "undoUntil", a.inverse is not null as "hasInverse",
      ${millis('u.occurred_at')} as "undoneAt", u.actor_name as "undoneBy", u.note as "undoneNote",
      null::uuid as "invoiceId"
    from audit_rows a
    left join audit_rows u on u.organization_id = a.organization_id and u.undoes_id = a.id
    where a.organization_id = ${organizationId} and a.customer_id = ${customerId} and a.undoes_id is null
      ${withPayments ? sql`` : sql`and a.command <> 'payments/record'`} and ${before}
    order by a.occurred_at desc, a.id desc ${rowLimit(SIZE + 1)}`;
}

const noChange = sql`null::uuid as "actorId", null as "actorName", null as "reasonCode", null as note,
  null as command, null as "undoClass", null::float8 as "undoUntil", false as "hasInverse",
  null::float8 as "undoneAt", null as "undoneBy", null as "undoneNote"`;

function bills(organizationId: string, customerId: string, before: SQL): SQL {
  return sql`
    select i.id, 'invoice' as kind, i.created_at as at, coalesce(i.number, '') as title,
      case when i.status = 'finalized' then
        case when i.payment_status = 'succeeded' then 'paid' when i.payment_status = 'failed' then 'failed'
          when i.payment_overdue then 'overdue' else 'open' end
        else i.status end as status,
      i.total_amount_minor::text as "amountMinor", i.currency, ${noChange}, i.id as "invoiceId"
    from invoices i
    where i.organization_id = ${organizationId} and i.customer_id = ${customerId}
      and i.status in ('draft', 'finalized', 'voided', 'failed', 'pending') and ${before}
    order by i.created_at desc, i.id desc ${rowLimit(SIZE + 1)}`;
}

function receipts(organizationId: string, customerId: string, before: SQL): SQL {
  return sql`
    select y.id, 'payment' as kind, y.created_at as at, coalesce(i.number, '') as title,
      y.payment_status as status, y.amount_minor::text as "amountMinor", y.currency, ${noChange},
      y.invoice_id as "invoiceId"
    from payments y
    join invoices i on i.organization_id = y.organization_id and i.id = y.invoice_id
    where y.organization_id = ${organizationId} and y.customer_id = ${customerId} and ${before}
    order by y.created_at desc, y.id desc ${rowLimit(SIZE + 1)}`;
}

/** One stream of what was done, billed and paid, latest first. An act taken back carries who took it back. */
export async function customerTimeline(
  tx: Tx,
  organizationId: string,
  customerId: string,
  filter: TimelineFilter,
  after?: string,
): Promise<Page<TimelineEntry>> {
  const cursor = readTimeCursor(after);
  const before = (time: string, id: string): SQL =>
    cursor ? sql`(${sql.raw(time)}, ${sql.raw(id)}) < (${at(cursor.at)}, ${cursor.id}::uuid)` : sql`true`;
  const streams: SQL[] = [];
  if (filter !== 'money') {
    const own = before('a.occurred_at', 'a.id');
    streams.push(changes(organizationId, customerId, own, filter === 'changes'));
  }
  if (filter !== 'changes') {
    streams.push(bills(organizationId, customerId, before('i.created_at', 'i.id')));
    streams.push(receipts(organizationId, customerId, before('y.created_at', 'y.id')));
  }
  const union = sql.join(
    streams.map((stream) => sql`(${stream})`),
    sql` union all `,
  );
  const rows = await tx.execute<Row>(sql`
    select id, kind, ${millis('at')} as at, title, status, "amountMinor", currency, "actorId", "actorName",
      "reasonCode", note, command, "undoClass", "undoUntil", "hasInverse", "undoneAt", "undoneBy", "undoneNote",
      "invoiceId"
    from (${union}) stream order by stream.at desc, id desc ${rowLimit(SIZE + 1)}`);
  return page<TimelineEntry>([...rows], SIZE, (row) => ({ value: String(row.at), id: row.id }));
}

export interface ComingUp {
  id: string;
  kind: string;
  at: number;
  subjectId: string;
}

const TOLD = ['subscription.activate', 'subscription.end', 'credit_lot.expire', 'wallet.expire'];

/** What is already dated for this customer, soonest first; bills themselves come from the forecast. */
export async function comingUp(tx: Tx, organizationId: string, customerId: string): Promise<ComingUp[]> {
  const kinds = sql.join(
    TOLD.map((kind) => sql`${kind}`),
    sql`, `,
  );
  return tx.execute<ComingUp & Record<string, unknown>>(sql`
    select id, kind, ${millis('due_at')} as at, subject_id as "subjectId"
    from due_items
    where organization_id = ${organizationId} and customer_id = ${customerId}
      and done_at is null and canceled_at is null and kind in (${kinds})
    order by due_at limit 4`);
}
