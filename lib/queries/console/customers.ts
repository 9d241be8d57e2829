import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type Page, page, readCursor, readTimeCursor } from './cursor';
import { amountDue, at, customerName, likeText, millis } from './sql';

export const CUSTOMER_VIEWS = ['all', 'paying', 'trials', 'owes', 'left'] as const;
export type CustomerView = (typeof CUSTOMER_VIEWS)[number];
export type CustomerSort = 'name' | 'newest';

export interface CustomerFilter {
  view: CustomerView;
  /** Code of a plan, or null for any. */
  plan: string | null;
  search: string | null;
  sort: CustomerSort;
}

export interface CustomerRow {
  id: string;
  name: string;
  createdAt: number;
  planName: string | null;
  status: 'trial' | 'paying' | 'pending' | 'left' | 'none';
  trialEndsAt: number | null;
  endedAt: number | null;
  currency: string | null;
  timezone: string;
  mrrMinor: string | null;
  /** For somebody who is trying: the first bill of the days after the trial, not the empty one of a period within it. */
  nextBillAt: number | null;
  owesMinor: string;
  failed: boolean;
  creditsMinor: string;
  /** When use was last heard of; null when never, or when the plan counts nothing. */
  lastUseAt: number | null;
  countsUse: boolean;
}

const SIZE = 50;

const active = sql`exists (select 1 from subscriptions s where s.organization_id = c.organization_id
  and s.customer_id = c.id and s.status = 'active')`;

function viewCondition(view: CustomerView, organizationId: string, now: number): SQL | null {
  switch (view) {
    case 'paying':
      return sql`exists (select 1 from subscriptions s where s.organization_id = c.organization_id
        and s.customer_id = c.id and s.status = 'active'
        and (s.trial_ends_at is null or s.trial_ends_at <= ${at(now)}))`;
    case 'trials':
      return sql`exists (select 1 from subscriptions s where s.organization_id = c.organization_id
        and s.customer_id = c.id and s.status = 'active' and s.trial_ends_at > ${at(now)})`;
    case 'owes':
      return sql`c.id in (select i.customer_id from invoices i where i.organization_id = ${organizationId}
        and i.status = 'finalized' and i.payment_status <> 'succeeded' and ${amountDue('i')} > 0)`;
    case 'left':
      return sql`not ${active} and exists (select 1 from subscriptions s
        where s.organization_id = c.organization_id and s.customer_id = c.id and s.status = 'terminated')`;
    default:
      return null;
  }
}

function conditions(organizationId: string, filter: CustomerFilter, now: number): SQL[] {
  const all: SQL[] = [sql`c.organization_id = ${organizationId}`, sql`c.deleted_at is null`];
  const view = viewCondition(filter.view, organizationId, now);
  if (view) all.push(view);
  if (filter.plan) {
    all.push(sql`exists (select 1 from subscriptions s
      join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
      where s.organization_id = c.organization_id and s.customer_id = c.id and s.status = 'active'
        and p.code = ${filter.plan})`);
  }
  if (filter.search) {
    const like = `%${likeText(filter.search.toLowerCase())}%`;
    all.push(sql`(lower(coalesce(c.name, c.external_id)) like ${like} or lower(c.email) like ${like}
      or lower(c.external_id) like ${like})`);
  }
  return all;
}

/** One page of customers with their situation. Everything beside the name is looked up for the rows of the page only. */
export async function customersPage(
  tx: Tx,
  organizationId: string,
  filter: CustomerFilter,
  now: number,
  after?: string,
  size = SIZE,
): Promise<Page<CustomerRow>> {
  const where = conditions(organizationId, filter, now);
  const byName = filter.sort === 'name';
  const sortName = sql`lower(coalesce(c.name, c.external_id))`;
  if (byName) {
    const cursor = readCursor(after);
    if (cursor) where.push(sql`(${sortName}, c.id) > (${cursor.value}, ${cursor.id}::uuid)`);
  } else {
    const cursor = readTimeCursor(after);
    if (cursor) where.push(sql`(c.created_at, c.id) < (${at(cursor.at)}, ${cursor.id}::uuid)`);
  }
  const order = byName ? sql`${sortName}, c.id` : sql`c.created_at desc, c.id desc`;
  const rows = await tx.execute<CustomerRow & { sortName: string } & Record<string, unknown>>(sql`
    with shown as (
      select c.* from customers c where ${sql.join(where, sql` and `)} order by ${order} limit ${size + 1}
    )
    select c.id, ${customerName('c')} as name, ${sortName} as "sortName", ${millis('c.created_at')} as "createdAt",
      s."planName", coalesce(s.status, 'none') as status, ${millis('s.trial_ends_at')} as "trialEndsAt",
      ${millis('s.terminated_at')} as "endedAt",
      coalesce(c.currency, s.currency) as currency, coalesce(c.timezone, e.timezone) as timezone,
      r.mrr::text as "mrrMinor", 
      ${millis("coalesce(d.due_at, case when s.status = 'trial' then s.trial_ends_at end)")} as "nextBillAt",
      coalesce(o.owes, 0)::text as "owesMinor", coalesce(o.failed, false) as failed,
      coalesce(w.credits, 0)::text as "creditsMinor", ${millis('u.last_use')} as "lastUseAt",
      coalesce(s.counts, false) as "countsUse"
    from shown c
    join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
    left join lateral (
      select p.name as "planName", v.currency, s.trial_ends_at, s.terminated_at, s.external_id, s.plan_version_id,
        v.pay_in_advance, case when s.status = 'active' then case when s.trial_ends_at > ${at(now)} then 'trial' else 'paying' end
          when s.status = 'pending' then 'pending' else 'left' end as status,
        exists (select 1 from charges ch where ch.organization_id = s.organization_id
          and ch.plan_version_id = s.plan_version_id and ch.deleted_at is null) as counts
      from subscriptions s
      join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
      join plan_versions v on v.organization_id = s.organization_id and v.id = s.plan_version_id
      where s.organization_id = c.organization_id and s.customer_id = c.id
      order by case s.status when 'active' then 0 when 'pending' then 1 else 2 end, s.created_at desc limit 1
    ) s on true
    left join lateral (
      select sum(r.mrr_minor) as mrr from customer_revenue r
      where r.organization_id = c.organization_id and r.customer_id = c.id
        and r.currency = coalesce(c.currency, s.currency)
    ) r on true
    left join lateral (
      select min(d.due_at) as due_at from due_items d
      where d.organization_id = c.organization_id and d.customer_id = c.id
        and (d.kind = 'subscription.bill' or (d.kind = 'subscription.trial_end' and s.pay_in_advance))
        and d.done_at is null and d.canceled_at is null
        and (s.status is distinct from 'trial' or d.due_at >= s.trial_ends_at)
    ) d on true
    left join lateral (
      select sum(${amountDue('i')}) as owes, bool_or(i.payment_status = 'failed' or i.payment_overdue) as failed
      from invoices i
      where i.organization_id = c.organization_id and i.customer_id = c.id and i.status = 'finalized'
        and i.payment_status <> 'succeeded' and i.currency = coalesce(c.currency, s.currency)
    ) o on true
    left join lateral (
      select sum(w.balance_minor) as credits from wallets w
      where w.organization_id = c.organization_id and w.customer_id = c.id and w.status = 'active'
        and w.currency = coalesce(c.currency, s.currency)
    ) w on true
    left join lateral (
      select max(heard.at) as last_use from charges ch
      join billable_metrics m on m.organization_id = ch.organization_id and m.id = ch.billable_metric_id
      cross join lateral (
        select e.timestamp as at from events e
        where e.organization_id = c.organization_id and e.external_subscription_id = s.external_id and e.code = m.code
        order by e.timestamp desc limit 1
      ) heard
      where ch.organization_id = c.organization_id and ch.plan_version_id = s.plan_version_id and ch.deleted_at is null
    ) u on true
    order by ${order}`);
  return page([...rows], size, (row) => ({
    value: byName ? row.sortName : String(row.createdAt),
    id: row.id,
  }));
}

export interface CurrencyTotals {
  currency: string;
  customers: number;
  mrrMinor: string;
  owesMinor: string;
}

/** How many customers each view holds. */
export async function viewCounts(
  tx: Tx,
  organizationId: string,
  now: number,
): Promise<Record<CustomerView, number>> {
  const counts = CUSTOMER_VIEWS.map((view) => {
    const condition = viewCondition(view, organizationId, now);
    return condition ? sql`count(*) filter (where ${condition})::int` : sql`count(*)::int`;
  });
  const [row] = await tx.execute<Record<CustomerView, number>>(sql`
    select ${counts[0]} as "all", ${counts[1]} as paying, ${counts[2]} as trials, ${counts[3]} as owes, ${counts[4]} as "left"
    from customers c where c.organization_id = ${organizationId} and c.deleted_at is null`);
  return row ?? { all: 0, paying: 0, trials: 0, owes: 0, left: 0 };
}

/** Totals of the whole filter, not of the page, each currency for itself. */
export async function customersTotals(
  tx: Tx,
  organizationId: string,
  filter: CustomerFilter,
  now: number,
): Promise<{ customers: number; perCurrency: CurrencyTotals[] }> {
  const where = sql.join(conditions(organizationId, filter, now), sql` and `);
  const rows = await tx.execute<CurrencyTotals & { everybody: number } & Record<string, unknown>>(sql`
    with chosen as (select c.id, c.organization_id, c.currency from customers c where ${where}),
    money as (
      select c.currency, count(*)::int as customers,
        coalesce(sum((select sum(r.mrr_minor) from customer_revenue r where r.organization_id = c.organization_id
          and r.customer_id = c.id and r.currency = c.currency)), 0)::text as "mrrMinor",
        coalesce(sum((select sum(${amountDue('i')}) from invoices i where i.organization_id = c.organization_id
          and i.customer_id = c.id and i.currency = c.currency and i.status = 'finalized'
          and i.payment_status <> 'succeeded')), 0)::text as "owesMinor"
      from chosen c where c.currency is not null group by c.currency
    )
    select money.*, (select count(*)::int from chosen) as everybody
    from (select 1) one left join money on true order by money.customers desc nulls last`);
  return {
    customers: rows[0]?.everybody ?? 0,
    perCurrency: rows.filter((row) => row.currency !== null).map(({ everybody: _, ...row }) => row),
  };
}

/** Plans to filter by. */
export async function planNames(tx: Tx, organizationId: string): Promise<{ code: string; name: string }[]> {
  return tx.execute<{ code: string; name: string }>(sql`
    select code, name from plans where organization_id = ${organizationId} and deleted_at is null
    order by name limit 100`);
}
