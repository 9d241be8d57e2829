import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { MovementKind } from '@/db/schema';
import { customerName } from './sql';

export interface MonthMrr {
  /** First day of the month, ISO. */
  month: string;
  closingMinor: string;
}

/** MRR at the end of each month up to that of the given day, from the movements' kept sums. One currency at a time. */
export async function mrrByMonth(
  tx: Tx,
  organizationId: string,
  currency: string,
  today: string,
  months = 18,
): Promise<MonthMrr[]> {
  return tx.execute<MonthMrr & Record<string, unknown>>(sql`
    with span as (
      select generate_series(date_trunc('month', ${today}::date) - make_interval(months => ${months - 1}),
        date_trunc('month', ${today}::date), interval '1 month')::date as month
    ),
    changes as (
      select (split_part(key, ' ', 1) || '-01')::date as month, sum(amount_minor) as change
      from tallies
      where organization_id = ${organizationId} and subject = 'movements' and currency = ${currency}
      group by 1
    )
    select s.month::text as month,
      coalesce((select sum(c.change) from changes c where c.month <= s.month), 0)::text as "closingMinor"
    from span s order by s.month`);
}

export interface MovementLine {
  kind: MovementKind;
  customers: number;
  amountMinor: string;
  largestName: string | null;
  largestMinor: string | null;
}

export interface Movements {
  openingMinor: string;
  lines: MovementLine[];
  /** What customers bring now less what moved since, not added up from the movements: the check on them. */
  closingMinor: string;
}

/** Why MRR moved between two first days of months, the first included and the second not. */
export async function movements(
  tx: Tx,
  organizationId: string,
  currency: string,
  from: string,
  to: string,
): Promise<Movements> {
  const kept = sql`tallies where organization_id = ${organizationId} and currency = ${currency} and subject`;
  const [edges] = await tx.execute<{ opening: string; closing: string }>(sql`
    select
      coalesce((select sum(amount_minor) from ${kept} = 'movements' and key < ${from.slice(0, 7)}), 0)::text as opening,
      (coalesce((select sum(amount_minor) from ${kept} = 'revenue'), 0)
        - coalesce((select sum(amount_minor) from ${kept} = 'movements' and key >= ${to.slice(0, 7)}), 0))::text as closing`);
  const lines = await tx.execute<MovementLine & Record<string, unknown>>(sql`
    with own as (
      select kind, customer_id, sum(amount_minor) as amount from revenue_movements
      where organization_id = ${organizationId} and currency = ${currency}
        and day >= ${from}::date and day < ${to}::date
      group by kind, customer_id
    ),
    ranked as (
      select *, row_number() over (partition by kind order by abs(amount) desc, customer_id) as place from own
    )
    select k.kind, k.customers, k.amount::text as "amountMinor", ${customerName('c')} as "largestName",
      r.amount::text as "largestMinor"
    from (select kind, count(*)::int as customers, sum(amount) as amount from own group by kind) k
    join ranked r on r.kind = k.kind and r.place = 1
    join customers c on c.organization_id = ${organizationId} and c.id = r.customer_id`);
  return { openingMinor: edges?.opening ?? '0', closingMinor: edges?.closing ?? '0', lines: [...lines] };
}

export interface MovedCustomer {
  id: string;
  name: string;
  amountMinor: string;
  planName: string | null;
  reason: string | null;
}

/** The customers behind one movement, the largest first: the rows that add up to it. */
export async function movedCustomers(
  tx: Tx,
  organizationId: string,
  currency: string,
  kind: MovementKind,
  from: string,
  to: string,
): Promise<MovedCustomer[]> {
  return tx.execute<MovedCustomer & Record<string, unknown>>(sql`
    select c.id, ${customerName('c')} as name, m.amount::text as "amountMinor", m.plan_name as "planName", m.reason
    from (
      select m.customer_id, sum(m.amount_minor) as amount, max(p.name) as plan_name, max(m.reason) as reason
      from revenue_movements m
      left join plans p on p.organization_id = m.organization_id and p.id = m.plan_id
      where m.organization_id = ${organizationId} and m.currency = ${currency} and m.kind = ${kind}
        and m.day >= ${from}::date and m.day < ${to}::date
      group by m.customer_id order by abs(sum(m.amount_minor)) desc, m.customer_id limit 50
    ) m
    join customers c on c.organization_id = ${organizationId} and c.id = m.customer_id
    order by abs(m.amount) desc, c.id`);
}

/** Currencies in which anything recurs, the largest first. */
export async function revenueCurrencies(tx: Tx, organizationId: string): Promise<string[]> {
  const rows = await tx.execute<{ currency: string }>(sql`
    select currency from tallies where organization_id = ${organizationId} and subject = 'movements'
    group by currency order by sum(count) desc`);
  return rows.map(({ currency }) => currency);
}

export interface PlanMrr {
  planId: string;
  name: string;
  customers: number;
  mrrMinor: string;
}

/** Today's MRR by plan. */
export async function mrrByPlan(tx: Tx, organizationId: string, currency: string): Promise<PlanMrr[]> {
  return tx.execute<PlanMrr & Record<string, unknown>>(sql`
    select p.id as "planId", p.name, sum(t.count)::int as customers, sum(t.amount_minor)::text as "mrrMinor"
    from tallies t join plans p on p.organization_id = t.organization_id and p.id = t.key::uuid
    where t.organization_id = ${organizationId} and t.subject = 'revenue' and t.currency = ${currency}
    group by p.id, p.name having sum(t.count) <> 0 order by sum(t.amount_minor) desc limit 20`);
}

export interface MeterUse {
  code: string;
  name: string;
  unitName: string | null;
  aggregation: string;
  days: { day: string; value: string }[];
}

/**
 * Use of each meter by local day over all customers, from hourly rollups plus what has not been folded into them yet.
 * Meters that neither count nor add up have no total over customers and are left out.
 */
export async function meterUse(
  tx: Tx,
  organizationId: string,
  timezone: string,
  from: number,
  to: number,
): Promise<MeterUse[]> {
  const [start, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
  return tx.execute<MeterUse & Record<string, unknown>>(sql`
    with meters as (
      select code, name, unit_name, aggregation_type, coalesce(field_name, '') as field from billable_metrics
      where organization_id = ${organizationId} and deleted_at is null
        and aggregation_type in ('count_agg', 'sum_agg')
    ),
    folded as (
      select coalesce(max(folded_sequence), 0) as sequence from usage_folds where organization_id = ${organizationId}
    ),
    used as (
      select r.code, (r.hour at time zone ${timezone})::date as day,
        case m.aggregation_type when 'count_agg' then r.events_count::numeric else r.sum end as value
      from usage_rollups r
      join meters m on m.code = r.code
        and r.field_name = case m.aggregation_type when 'count_agg' then '' else m.field end
      where r.organization_id = ${organizationId} and r.external_subscription_id = '' and r.hour >= ${start}::timestamptz and r.hour < ${end}::timestamptz
      union all
      select e.code, (e.timestamp at time zone ${timezone})::date,
        case when m.aggregation_type = 'count_agg' then 1
          when e.properties ->> m.field ~ '^-?[0-9]+(\\.[0-9]+)?$' then (e.properties ->> m.field)::numeric else 0 end
      from folded f
      cross join lateral (
        -- In this order it is read by its index, whatever the planner takes for the length of the tail.
        select * from events e where e.organization_id = ${organizationId} and e.sequence > f.sequence
        order by e.sequence
      ) e
      join meters m on m.code = e.code
      where e.timestamp >= ${start}::timestamptz and e.timestamp < ${end}::timestamptz
    ),
    summed as (select code, day, sum(value) as value from used group by code, day)
    select m.code, m.name, m.unit_name as "unitName", m.aggregation_type as aggregation,
      coalesce(jsonb_agg(jsonb_build_object('day', s.day::text, 'value', s.value::text) order by s.day)
        filter (where s.day is not null), '[]'::jsonb) as days
    from meters m left join summed s on s.code = m.code
    group by m.code, m.name, m.unit_name, m.aggregation_type order by m.name`);
}
