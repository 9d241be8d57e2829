import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { InvoiceStatus } from '@/db/schema';
import { type Page, page, readTimeCursor } from './cursor';
import { amountDue, at, customerName, likeText, millis, rowLimit } from './sql';

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

function conditions(organizationId: string, filter: InvoiceFilter): SQL[] {
  const all = [sql`i.organization_id = ${organizationId}`, viewCondition(filter.view)];
  if (filter.currency) all.push(sql`i.currency = ${filter.currency}`);
  if (filter.search) {
    const like = `${likeText(filter.search.toLowerCase())}%`;
    all.push(sql`(lower(i.number) like ${like} or i.customer_id in (
      select c.id from customers c where c.organization_id = ${organizationId}
        and (c.sort_name like ${like} or lower(c.email) like ${like})))`);
  }
  return all;
}

/** One page of invoices, the latest first. */
export async function invoicesPage(
  tx: Tx,
  organizationId: string,
  filter: InvoiceFilter,
  after?: string,
  size = SIZE,
): Promise<Page<InvoiceRow>> {
  const where = conditions(organizationId, filter);
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
    from invoices i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where ${sql.join(where, sql` and `)}
    order by i.created_at desc, i.id desc ${rowLimit(size + 1)}`);
  return page<InvoiceRow>([...rows], size, (row) => ({ value: String(row.createdAt), id: row.id }));
}

export interface InvoiceTotals {
  currency: string;
  count: number;
  totalMinor: string;
  dueMinor: string;
}

/** Totals of the whole filter, each currency for itself. */
export async function invoicesTotals(
  tx: Tx,
  organizationId: string,
  filter: InvoiceFilter,
): Promise<InvoiceTotals[]> {
  return tx.execute<InvoiceTotals & Record<string, unknown>>(sql`
    select i.currency, count(*)::int as count,
      coalesce(sum(i.total_amount_minor) filter (where i.status <> 'voided'), 0)::text as "totalMinor",
      coalesce(sum(${amountDue('i')}) filter (where i.status = 'finalized' and i.payment_status <> 'succeeded'), 0)::text
        as "dueMinor"
    from invoices i where ${sql.join(conditions(organizationId, filter), sql` and `)}
    group by i.currency order by count(*) desc`);
}

/** How many invoices each view holds: what is open is gone through once, the rest is counted in the index of statuses. */
export async function invoiceViewCounts(
  tx: Tx,
  organizationId: string,
): Promise<Record<InvoiceView, number>> {
  const withStatus = (statuses: SQL) =>
    sql`(select count(*)::int from invoices i where i.organization_id = ${organizationId} and i.status in (${statuses}))`;
  const [row] = await tx.execute<Record<InvoiceView, number>>(sql`
    select ${withStatus(sql`'draft'`)} as drafts, u.open, u.overdue,
      u.failed + ${withStatus(sql`'failed'`)} as failed, ${withStatus(STATUSES_SHOWN)} as "all"
    from (
      select count(*)::int as open, (count(*) filter (where i.payment_overdue))::int as overdue,
        (count(*) filter (where i.payment_status = 'failed'))::int as failed
      from invoices i where i.organization_id = ${organizationId} and ${viewCondition('open')}
    ) u`);
  return row ?? { drafts: 0, open: 0, overdue: 0, failed: 0, all: 0 };
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
