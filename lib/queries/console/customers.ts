import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type Page, page, readCursor, readTimeCursor } from './cursor';
import { amongThem, type MatchingCustomers } from './matching-customers';
import { at, customerName, millis, rowLimit } from './sql';

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

/** A view as a condition on standings called st. */
function viewCondition(view: CustomerView, now: number): SQL | null {
  switch (view) {
    case 'paying':
      return sql`st.running and st.paying_from <= ${at(now)}`;
    case 'trials':
      return sql`st.trial_until > ${at(now)}`;
    case 'owes':
      return sql`st.owing`;
    case 'left':
      return sql`st.gone`;
    default:
      return null;
  }
}

/** Conditions of a filter on standings called st; `matching` are the ids its words found. */
export function customerConditions(
  organizationId: string,
  filter: CustomerFilter,
  matching: MatchingCustomers | null,
  now: number,
): SQL[] {
  const all: SQL[] = [sql`st.organization_id = ${organizationId}`, sql`st.alive`];
  const view = viewCondition(filter.view, now);
  if (view) all.push(view);
  if (filter.plan) {
    all.push(sql`exists (select 1 from subscriptions s
      join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
      where s.organization_id = st.organization_id and s.customer_id = st.customer_id and s.status = 'active'
        and p.code = ${filter.plan})`);
  }
  if (matching) all.push(amongThem(matching));
  return all;
}

/**
 * One page of customers with their situation: the page is cut first, by an index of where they stand, and what else is said is
 * looked up for its rows. What plans measure is read once for the page. `matching` is what the filter's words found
 * (`matchingCustomers`).
 */
export async function customersPage(
  tx: Tx,
  organizationId: string,
  filter: CustomerFilter,
  matching: MatchingCustomers | null,
  now: number,
  after?: string,
  size = SIZE,
): Promise<Page<CustomerRow>> {
  const where = customerConditions(organizationId, filter, matching, now);
  const byName = filter.sort === 'name';
  if (byName) {
    const cursor = readCursor(after);
    if (cursor) where.push(sql`(st.sort_name, st.customer_id) > (${cursor.value}, ${cursor.id}::uuid)`);
  } else {
    const cursor = readTimeCursor(after);
    if (cursor) where.push(sql`(st.created_at, st.customer_id) < (${at(cursor.at)}, ${cursor.id}::uuid)`);
  }
  const order = byName ? sql`st.sort_name, st.customer_id` : sql`st.created_at desc, st.customer_id desc`;
  const rows = await tx.execute<CustomerRow & { sortName: string } & Record<string, unknown>>(sql`
    with shown as materialized (
      select c.id, c.organization_id, ${customerName('c')} as name, st.sort_name, st.created_at, st.customer_id,
        c.billing_entity_id, c.currency, c.timezone, st.owes_minor, st.late, st.mrr_minor, s.plan_version_id, s.external_id,
        s.trial_ends_at, s.terminated_at,
        case when s.status = 'active' then case when s.trial_ends_at > ${at(now)} then 'trial' else 'paying' end
          when s.status = 'pending' then 'pending'
          when s.status = 'terminated' and s.paused_at is not null then 'paused'
          when s.status is not null then 'left' else 'none' end as status
      from (
        select * from customer_standings st
        where ${sql.join(where, sql` and `)} order by ${order} ${rowLimit(size + 1)}
      ) st
      join customers c on c.organization_id = st.organization_id and c.id = st.customer_id
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
      coalesce(st.mrr_minor, case when c.currency is null then (
        select sum(r.mrr_minor) from customer_revenue r where r.organization_id = c.organization_id
          and r.customer_id = c.id and r.currency = t.currency) end)::text as "mrrMinor",
      ${millis("coalesce(d.due_at, case when c.status = 'trial' then c.trial_ends_at end)")} as "nextBillAt",
      st.owes_minor::text as "owesMinor", st.late as failed,
      coalesce((select sum(w.balance_minor) from wallets w where w.organization_id = c.organization_id
        and w.customer_id = c.id and w.status = 'active' and w.currency = own.currency), 0)::text as "creditsMinor",
      ${millis('u.last_use')} as "lastUseAt", coalesce(cardinality(t.codes) > 0, false) as "countsUse"
    from shown c
    cross join lateral (select c.owes_minor, c.late, c.mrr_minor, c.sort_name, c.created_at, c.customer_id) st
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

/** Plans to filter by. */
export async function planNames(tx: Tx, organizationId: string): Promise<{ code: string; name: string }[]> {
  return tx.execute<{ code: string; name: string }>(sql`
    select code, name from plans where organization_id = ${organizationId} and deleted_at is null
    order by name limit 100`);
}
