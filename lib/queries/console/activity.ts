import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { UndoClass } from '@/db/schema';
import { type Page, page, readTimeCursor } from './cursor';
import { at, customerName, millis, rowLimit } from './sql';

export interface ActivityRow {
  id: string;
  at: number;
  title: string;
  command: string;
  actorType: 'person' | 'api_key' | 'system';
  actorId: string | null;
  actorName: string;
  /** Who asked for it, when the act was over their limit and the actor approved it. */
  askedBy: string | null;
  customerId: string | null;
  customerName: string | null;
  amountMinor: string | null;
  currency: string | null;
  reasonCode: string | null;
  note: string | null;
  undoClass: UndoClass | null;
  undoUntil: number | null;
  hasInverse: boolean;
  undoneAt: number | null;
  undoneBy: string | null;
  /** This row takes another one back. */
  undoes: boolean;
}

export interface ActivityFilter {
  /** Only what this person did. */
  actorId?: string;
  /** Only people, or also keys and the house itself. */
  people?: boolean;
}

const SIZE = 50;

/** Who did what, to whom, why and for how much; latest first. */
export async function activity(
  tx: Tx,
  organizationId: string,
  { actorId, people }: ActivityFilter,
  after?: string,
  size = SIZE,
): Promise<Page<ActivityRow>> {
  const cursor = readTimeCursor(after);
  const conditions: SQL[] = [sql`a.organization_id = ${organizationId}`];
  if (actorId) conditions.push(sql`a.actor_id = ${actorId}`);
  if (people) conditions.push(sql`a.actor_type = 'person'`);
  if (cursor) conditions.push(sql`(a.occurred_at, a.id) < (${at(cursor.at)}, ${cursor.id}::uuid)`);
  const rows = await tx.execute<ActivityRow & Record<string, unknown>>(sql`
    select a.id, ${millis('a.occurred_at')} as at, a.title, a.command, a.actor_type as "actorType",
      a.actor_id as "actorId", a.actor_name as "actorName", r.requested_by_name as "askedBy", a.customer_id as "customerId",
      case when c.id is not null then ${customerName('c')} end as "customerName",
      a.given_away_minor::text as "amountMinor", a.currency, a.reason_code as "reasonCode", a.note,
      a.undo_class as "undoClass", ${millis('a.undo_until')} as "undoUntil", a.inverse is not null as "hasInverse",
      ${millis('u.occurred_at')} as "undoneAt", u.actor_name as "undoneBy", a.undoes_id is not null as undoes
    from audit_rows a
    left join audit_rows u on u.organization_id = a.organization_id and u.undoes_id = a.id
    left join approval_requests r on r.organization_id = a.organization_id and r.id = a.approval_id
    left join customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    where ${sql.join(conditions, sql` and `)}
    order by a.occurred_at desc, a.id desc ${rowLimit(size + 1)}`);
  return page<ActivityRow>([...rows], size, (row) => ({ value: String(row.at), id: row.id }));
}
