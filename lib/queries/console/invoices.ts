import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { InvoiceStatus } from '@/db/schema';
import { type Page, page, readTimeCursor } from './cursor';
import { anyOf, cutFrom, type MatchingInvoices } from './matching-invoices';
import { amountDue, at, customerName, millis, rowLimit } from './sql';

export const INVOICE_VIEWS = ['drafts', 'open', 'overdue', 'failed', 'all'] as const;
export type InvoiceView = (typeof INVOICE_VIEWS)[number];

export interface InvoiceRow {
  id: string;
  number: string | null;
  customerId: string;
  customerName: string;
  status: InvoiceStatus;
  paymentStatus: 'pending' | 'succeeded' | 'failed';
  overdue: boolean;
  currency: string;
  totalMinor: string;
  dueMinor: string;
  /** ISO days, in the customer's zone. */
  issuingDate: string;
  dueDate: string | null;
  goesOut: string | null;
  createdAt: number;
  /** Average of the last three issued bills in minor units, for drafts; null where there is none. */
  usualMinor: string | null;
}

export interface InvoiceFilter {
  view: InvoiceView;
  currency: string | null;
  search: string | null;
}

const SIZE = 50;
const STATUSES_SHOWN = sql`'draft', 'finalized', 'voided', 'failed', 'pending'`;

function viewCondition(view: InvoiceView): SQL {
  switch (view) {
    case 'drafts':
      return sql`i.status = 'draft'`;
    case 'open':
      return sql`i.status = 'finalized' and i.payment_status <> 'succeeded' and ${amountDue('i')} > 0`;
    case 'overdue':
      return sql`i.status = 'finalized' and i.payment_status <> 'succeeded' and i.payment_overdue and ${amountDue('i')} > 0`;
    case 'failed':
      return sql`((i.status = 'finalized' and i.payment_status <> 'succeeded' and i.payment_status = 'failed'
        and ${amountDue('i')} > 0) or i.status = 'failed')`;
    default:
      return sql`i.status in (${STATUSES_SHOWN})`;
  }
}

/** Conditions of a filter on invoices called i; `matching` is what its words found. */
export function invoiceConditions(
  organizationId: string,
  filter: InvoiceFilter,
  matching: MatchingInvoices | null,
): SQL[] {
  const all = [sql`i.organization_id = ${organizationId}`, viewCondition(filter.view)];
  if (filter.currency) all.push(sql`i.currency = ${filter.currency}`);
  if (matching) all.push(anyOf(matching));
  return all;
}

/** One page of invoices, the latest first; `matching` is what the filter's words found (`matchingInvoices`). */
export async function invoicesPage(
  tx: Tx,
  organizationId: string,
  filter: InvoiceFilter,
  matching: MatchingInvoices | null,
  after?: string,
  size = SIZE,
): Promise<Page<InvoiceRow>> {
  const where = invoiceConditions(organizationId, filter, null);
  const cursor = readTimeCursor(after);
  if (cursor) where.push(sql`(i.created_at, i.id) < (${at(cursor.at)}, ${cursor.id}::uuid)`);
  const usual =
    filter.view === 'drafts'
      ? sql`(select round(avg(last.total)) from (
          select f.total_amount_minor as total from invoices f
          where f.organization_id = i.organization_id and f.customer_id = i.customer_id and f.currency = i.currency
            and f.status = 'finalized' and f.invoice_type = 'subscription'
          order by f.created_at desc limit 3) last)::text`
      : sql`null::text`;
  const rows = await tx.execute<InvoiceRow & Record<string, unknown>>(sql`
    select i.id, i.number, i.customer_id as "customerId", ${customerName('c')} as "customerName", i.status,
      i.payment_status as "paymentStatus", i.payment_overdue as overdue, i.currency,
      i.total_amount_minor::text as "totalMinor", ${amountDue('i')}::text as "dueMinor",
      i.issuing_date::text as "issuingDate", i.payment_due_date::text as "dueDate",
      coalesce(i.expected_finalization_date, i.issuing_date)::text as "goesOut",
      ${millis('i.created_at')} as "createdAt", ${usual} as "usualMinor"
    from ${matching ? cutFrom(organizationId, matching, where, size + 1) : sql`invoices i`}
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where ${matching ? sql`true` : sql.join(where, sql` and `)}
    order by i.created_at desc, i.id desc ${rowLimit(size + 1)}`);
  return page<InvoiceRow>([...rows], size, (row) => ({ value: String(row.createdAt), id: row.id }));
}

/** When the next bills are made and how many, for an empty list of drafts. */
export async function nextBillRun(
  tx: Tx,
  organizationId: string,
): Promise<{ at: number; count: number; timezone: string } | null> {
  const [row] = await tx.execute<{ at: number; count: number; timezone: string }>(sql`
    with soonest as (
      select min(due_at) as due_at from due_items
      where organization_id = ${organizationId} and kind = 'subscription.bill'
        and done_at is null and canceled_at is null and parked_at is null
    )
    select ${millis('min(d.due_at)')} as at, count(*)::int as count, min(e.timezone) as timezone
    from due_items d, soonest, billing_entities e
    where d.organization_id = ${organizationId} and d.kind = 'subscription.bill'
      and d.done_at is null and d.canceled_at is null and d.parked_at is null
      and d.due_at < soonest.due_at + interval '1 day'
      and e.organization_id = d.organization_id and e.is_default`);
  return row && row.count > 0 ? row : null;
}
