import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';

/**
 * Figures by month (API contract, section 11). A bill belongs to the month of its issuing date; only finished bills
 * count, by their totals. Months in which nothing happened are there with null amounts.
 */
export interface AnalyticsFilters {
  /** Local day of the organisation, YYYY-MM-DD: the last month is its own. */
  today: string;
  months: number;
  currency?: string;
  externalCustomerId?: string;
  billingEntityId?: string;
}

interface MonthRow extends Record<string, unknown> {
  /** First day, YYYY-MM-DD. */
  month: string;
  amount: string | null;
  currency: string | null;
}

function span({ today, months }: AnalyticsFilters): SQL {
  return sql`span as (
    select generate_series(date_trunc('month', ${today}::date) - make_interval(months => ${months - 1}),
      date_trunc('month', ${today}::date), interval '1 month')::date as month)`;
}

/** Finished bills of the asked months under the alias `i`. */
function bills(organizationId: string, day: SQL, filters: AnalyticsFilters): SQL {
  const { today, months, currency, externalCustomerId, billingEntityId } = filters;
  return sql`i.organization_id = ${organizationId} and i.status = 'finalized'
    and ${day} >= date_trunc('month', ${today}::date) - make_interval(months => ${months - 1})
    and ${day} < date_trunc('month', ${today}::date) + interval '1 month'
    ${currency === undefined ? sql`` : sql`and i.currency = ${currency}`}
    ${billingEntityId === undefined ? sql`` : sql`and i.billing_entity_id = ${billingEntityId}`}
    ${
      externalCustomerId === undefined
        ? sql``
        : sql`and i.customer_id in (select c.id from customers c
            where c.organization_id = i.organization_id and c.external_id = ${externalCustomerId})`
    }`;
}

export interface RevenueRow extends MonthRow {
  count: number;
}

/** What was billed. */
export async function grossRevenue(
  tx: Tx,
  organizationId: string,
  filters: AnalyticsFilters,
): Promise<RevenueRow[]> {
  return tx.execute<RevenueRow>(sql`
    with ${span(filters)}, billed as (
      select date_trunc('month', i.issuing_date)::date as month, i.currency,
        sum(i.total_amount_minor) as amount, count(*)::int as count
      from invoices i where ${bills(organizationId, sql`i.issuing_date`, filters)} group by 1, 2)
    select s.month::text, b.amount::text, b.currency, coalesce(b.count, 0) as count
    from span s left join billed b on b.month = s.month order by s.month, b.currency`);
}

export interface CollectionRow extends RevenueRow {
  paymentStatus: string | null;
}

/** What was billed, by how far it has been paid by now. */
export async function invoiceCollection(
  tx: Tx,
  organizationId: string,
  filters: AnalyticsFilters,
): Promise<CollectionRow[]> {
  return tx.execute<CollectionRow>(sql`
    with ${span(filters)}, billed as (
      select date_trunc('month', i.issuing_date)::date as month, i.currency, i.payment_status,
        sum(i.total_amount_minor) as amount, count(*)::int as count
      from invoices i where ${bills(organizationId, sql`i.issuing_date`, filters)} group by 1, 2, 3)
    select s.month::text, b.amount::text, b.currency, coalesce(b.count, 0) as count,
      b.payment_status as "paymentStatus"
    from span s left join billed b on b.month = s.month order by s.month, b.payment_status, b.currency`);
}

export interface UsageRow extends MonthRow {
  code: string | null;
}

/** What was billed for usage, by meter, before discounts and taxes. */
export async function invoicedUsage(
  tx: Tx,
  organizationId: string,
  filters: AnalyticsFilters,
): Promise<UsageRow[]> {
  return tx.execute<UsageRow>(sql`
    with ${span(filters)}, billed as (
      select date_trunc('month', i.issuing_date)::date as month, f.currency, f.item_code as code,
        sum(f.amount_minor) as amount
      from fees f join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
      where ${bills(organizationId, sql`i.issuing_date`, filters)}
        and f.fee_type = 'charge' and f.deleted_at is null
      group by 1, 2, 3)
    select s.month::text, b.amount::text, b.currency, b.code
    from span s left join billed b on b.month = s.month order by s.month, b.code, b.currency`);
}

export interface OverdueRow extends MonthRow {
  invoiceIds: string[];
}

/** What is overdue today, by the month it fell due in. */
export async function overdueBalance(
  tx: Tx,
  organizationId: string,
  filters: AnalyticsFilters,
): Promise<OverdueRow[]> {
  return tx.execute<OverdueRow>(sql`
    with ${span(filters)}, owed as (
      select date_trunc('month', i.payment_due_date)::date as month, i.currency,
        sum(i.total_amount_minor - i.total_paid_amount_minor - i.total_offsetted_credit_note_amount_minor) as amount,
        jsonb_agg(i.id order by i.payment_due_date, i.id) as ids
      from invoices i
      where ${bills(organizationId, sql`i.payment_due_date`, filters)} and i.payment_overdue
      group by 1, 2)
    select s.month::text, o.amount::text, o.currency, coalesce(o.ids, '[]'::jsonb) as "invoiceIds"
    from span s left join owed o on o.month = s.month order by s.month, o.currency`);
}

/** MRR at the end of each month, from the movement ledger; null before anything recurred. */
export async function mrr(tx: Tx, organizationId: string, filters: AnalyticsFilters): Promise<MonthRow[]> {
  const { today, currency, billingEntityId } = filters;
  return tx.execute<MonthRow>(sql`
    with ${span(filters)}, moved as (
      select date_trunc('month', m.day)::date as month, m.currency, sum(m.amount_minor) as amount
      from revenue_movements m
      where m.organization_id = ${organizationId} and m.day <= ${today}::date
        ${currency === undefined ? sql`` : sql`and m.currency = ${currency}`}
        ${
          billingEntityId === undefined
            ? sql``
            : sql`and m.customer_id in (select c.id from customers c
                where c.organization_id = m.organization_id and c.billing_entity_id = ${billingEntityId})`
        }
      group by 1, 2),
    closing as (
      select s.month, m.currency, sum(m.amount) as amount
      from span s join moved m on m.month <= s.month group by 1, 2)
    select s.month::text, c.amount::text, c.currency
    from span s left join closing c on c.month = s.month order by s.month, c.currency`);
}
