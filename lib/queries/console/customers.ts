import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type Page, page, readCursor, readTimeCursor } from './cursor';
import { amountDue, at, customerName, likeText, millis, rowLimit } from './sql';

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
  status: 'trial' | 'paying' | 'pending' | 'paused' | 'left' | 'none';
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
        where s.organization_id = c.organization_id and s.customer_id = c.id and s.status = 'terminated')
        and not exists (select 1 from subscriptions s where s.organization_id = c.organization_id
          and s.customer_id = c.id and s.status = 'terminated' and s.paused_at is not null
          and not exists (select 1 from subscriptions n where n.organization_id = s.organization_id
            and n.previous_subscription_id = s.id and n.status <> 'canceled'))`;
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
    all.push(sql`(c.sort_name like ${like} or lower(c.email) like ${like}
      or lower(c.external_id) like ${like})`);
  }
  return all;
}

/**
 * One page of customers with their situation: the page is cut first, by an index alone, and everything beside the name is
 * looked up for its rows. What plans measure is read once for the page.
 */
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
  if (byName) {
    const cursor = readCursor(after);
    if (cursor) where.push(sql`(c.sort_name, c.id) > (${cursor.value}, ${cursor.id}::uuid)`);
  } else {
    const cursor = readTimeCursor(after);
    if (cursor) where.push(sql`(c.created_at, c.id) < (${at(cursor.at)}, ${cursor.id}::uuid)`);
  }
  const order = byName ? sql`c.sort_name, c.id` : sql`c.created_at desc, c.id desc`;
  const rows = await tx.execute<CustomerRow & { sortName: string } & Record<string, unknown>>(sql`
    with shown as materialized (
      select c.id, c.organization_id, ${customerName('c')} as name, c.sort_name, c.created_at, c.billing_entity_id,
        c.currency, c.timezone, s.plan_version_id, s.external_id, s.trial_ends_at, s.terminated_at,
        case when s.status = 'active' then case when s.trial_ends_at > ${at(now)} then 'trial' else 'paying' end
          when s.status = 'pending' then 'pending'
          when s.status = 'terminated' and s.paused_at is not null then 'paused'
          when s.status is not null then 'left' else 'none' end as status
      from (
        select * from customers c where ${sql.join(where, sql` and `)} order by ${order} ${rowLimit(size + 1)}
      ) c
      left join lateral (
        select s.* from subscriptions s
        where s.organization_id = c.organization_id and s.customer_id = c.id
        order by case s.status when 'active' then 0 when 'pending' then 1 else 2 end, s.created_at desc limit 1
      ) s on true
    ),
    terms as materialized (
      select v.id, p.name as plan_name, v.currency, v.pay_in_advance, array(
        select m.code from charges ch
        join billable_metrics m on m.organization_id = ch.organization_id and m.id = ch.billable_metric_id
        where ch.organization_id = v.organization_id and ch.plan_version_id = v.id and ch.deleted_at is null) as codes
      from plan_versions v join plans p on p.organization_id = v.organization_id and p.id = v.plan_id
      where v.organization_id = ${organizationId} and v.id in (select plan_version_id from shown)
    )
    select c.id, c.name, c.sort_name as "sortName", ${millis('c.created_at')} as "createdAt",
      t.plan_name as "planName", c.status, ${millis('c.trial_ends_at')} as "trialEndsAt",
      ${millis('c.terminated_at')} as "endedAt", own.currency, coalesce(c.timezone, e.timezone) as timezone,
      (select sum(r.mrr_minor) from customer_revenue r where r.organization_id = c.organization_id
        and r.customer_id = c.id and r.currency = own.currency)::text as "mrrMinor",
      ${millis("coalesce(d.due_at, case when c.status = 'trial' then c.trial_ends_at end)")} as "nextBillAt",
      coalesce(o.owes, 0)::text as "owesMinor", coalesce(o.failed, false) as failed,
      coalesce((select sum(w.balance_minor) from wallets w where w.organization_id = c.organization_id
        and w.customer_id = c.id and w.status = 'active' and w.currency = own.currency), 0)::text as "creditsMinor",
      ${millis('u.last_use')} as "lastUseAt", coalesce(cardinality(t.codes) > 0, false) as "countsUse"
    from shown c
    join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
    left join terms t on t.id = c.plan_version_id
    cross join lateral (select coalesce(c.currency, t.currency) as currency) own
    left join lateral (
      select min(d.due_at) as due_at from due_items d
      where d.organization_id = c.organization_id and d.customer_id = c.id
        and (d.kind = 'subscription.bill' or (d.kind = 'subscription.trial_end' and t.pay_in_advance))
        and d.done_at is null and d.canceled_at is null
        and (c.status <> 'trial' or d.due_at >= c.trial_ends_at)
    ) d on true
    left join lateral (
      select sum(${amountDue('i')}) as owes, bool_or(i.payment_status = 'failed' or i.payment_overdue) as failed
      from invoices i
      where i.organization_id = c.organization_id and i.customer_id = c.id and i.status = 'finalized'
        and i.payment_status <> 'succeeded' and i.currency = own.currency
    ) o on true
    left join lateral (
      select max(heard.at) as last_use from unnest(t.codes) as measured(code)
      cross join lateral (
        select e.timestamp as at from events e
        where e.organization_id = c.organization_id and e.external_subscription_id = c.external_id
          and e.code = measured.code
        order by e.timestamp desc limit 1
      ) heard
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

/** How many customers each view holds: subscriptions and open invoices are each gone through once. */
export async function viewCounts(
  tx: Tx,
  organizationId: string,
  now: number,
): Promise<Record<CustomerView, number>> {
  const [row] = await tx.execute<Record<CustomerView, number>>(sql`
    with standing as (
      select s.customer_id, bool_or(s.status = 'active') as active,
        bool_or(s.status = 'active' and (s.trial_ends_at is null or s.trial_ends_at <= ${at(now)})) as paying,
        bool_or(s.status = 'active' and s.trial_ends_at > ${at(now)}) as trying
      from subscriptions s
      where s.organization_id = ${organizationId} and s.status in ('active', 'terminated') group by s.customer_id
    ),
    owing as (
      select distinct i.customer_id from invoices i where i.organization_id = ${organizationId}
        and i.status = 'finalized' and i.payment_status <> 'succeeded' and ${amountDue('i')} > 0
    )
    select count(*)::int as "all", count(*) filter (where s.paying)::int as paying,
      count(*) filter (where s.trying)::int as trials, count(o.customer_id)::int as owes,
      count(*) filter (where not s.active)::int as "left"
    from customers c
    left join standing s on s.customer_id = c.id
    left join owing o on o.customer_id = c.id
    where c.organization_id = ${organizationId} and c.deleted_at is null`);
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
    with chosen as materialized (select c.id, c.currency from customers c where ${where}),
    brings as (
      select c.currency, sum(r.mrr_minor) as mrr from chosen c
      join customer_revenue r on r.organization_id = ${organizationId} and r.customer_id = c.id and r.currency = c.currency
      group by c.currency
    ),
    owed as (
      select c.currency, sum(${amountDue('i')}) as owes from chosen c
      join invoices i on i.organization_id = ${organizationId} and i.customer_id = c.id and i.currency = c.currency
        and i.status = 'finalized' and i.payment_status <> 'succeeded'
      group by c.currency
    ),
    money as (
      select currency, count(*)::int as customers from chosen where currency is not null group by currency
    )
    select m.currency, m.customers, coalesce(b.mrr, 0)::text as "mrrMinor", coalesce(o.owes, 0)::text as "owesMinor",
      (select count(*)::int from chosen) as everybody
    from (select 1) one
    left join money m on true
    left join brings b on b.currency = m.currency
    left join owed o on o.currency = m.currency
    order by m.customers desc nulls last`);
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
