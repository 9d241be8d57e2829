import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { MovementKind } from '@/db/schema';
import { customerName } from './sql';

export interface MonthMrr {
  /** First day of the month, ISO. */
  month: string;
  closingMinor: string;
}

/** MRR at the end of each month up to the given day, from the movement ledger. One currency at a time. */
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
      select date_trunc('month', day)::date as month, sum(amount_minor) as change
      from revenue_movements
      where organization_id = ${organizationId} and currency = ${currency} and day <= ${today}::date
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
  /** Added up from what each customer has at the end, not from the movements: the check on them. */
  closingMinor: string;
}

/** Why MRR moved between two local days, the first included and the second not. */
export async function movements(
  tx: Tx,
  organizationId: string,
  currency: string,
  from: string,
  to: string,
): Promise<Movements> {
  const [edges] = await tx.execute<{ opening: string; closing: string }>(sql`
    select
      coalesce((select sum(amount_minor) from revenue_movements
        where organization_id = ${organizationId} and currency = ${currency} and day < ${from}::date), 0)::text as opening,
      coalesce((select sum(last.closing_minor) from (
        select distinct on (customer_id) closing_minor from revenue_movements
        where organization_id = ${organizationId} and currency = ${currency} and day < ${to}::date
        order by customer_id, occurred_at desc, id desc) last), 0)::text as closing`);
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
    select r.kind, count(*)::int as customers, sum(r.amount)::text as "amountMinor",
      max(case when r.place = 1 then ${customerName('c')} end) as "largestName",
      max(case when r.place = 1 then r.amount end)::text as "largestMinor"
    from ranked r join customers c on c.organization_id = ${organizationId} and c.id = r.customer_id
    group by r.kind`);
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
    select c.id, ${customerName('c')} as name, sum(m.amount_minor)::text as "amountMinor",
      max(p.name) as "planName", max(m.reason) as reason
    from revenue_movements m
    join customers c on c.organization_id = m.organization_id and c.id = m.customer_id
    left join plans p on p.organization_id = m.organization_id and p.id = m.plan_id
    where m.organization_id = ${organizationId} and m.currency = ${currency} and m.kind = ${kind}
      and m.day >= ${from}::date and m.day < ${to}::date
    group by c.id, 2 order by abs(sum(m.amount_minor)) desc, c.id limit 50`);
}

/** Currencies in which anything recurs, the largest first. */
export async function revenueCurrencies(tx: Tx, organizationId: string): Promise<string[]> {
  const rows = await tx.execute<{ currency: string }>(sql`
    select currency from revenue_movements where organization_id = ${organizationId}
    group by currency order by count(*) desc`);
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
    select p.id as "planId", p.name, count(distinct r.customer_id)::int as customers,
      round(sum((part.value ->> 'net')::numeric))::text as "mrrMinor"
    from customer_revenue r cross join lateral jsonb_each(r.parts) part
    join plans p on p.organization_id = r.organization_id and p.id::text = part.value ->> 'planId'
    where r.organization_id = ${organizationId} and r.currency = ${currency} and r.mrr_minor > 0
    group by p.id, p.name order by sum((part.value ->> 'net')::numeric) desc limit 20`);
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
      where r.organization_id = ${organizationId} and r.hour >= ${start}::timestamptz and r.hour < ${end}::timestamptz
      union all
      select e.code, (e.timestamp at time zone ${timezone})::date,
        case when m.aggregation_type = 'count_agg' then 1
          when e.properties ->> m.field ~ '^-?[0-9]+(\\.[0-9]+)?$' then (e.properties ->> m.field)::numeric else 0 end
      from folded f join events e on e.organization_id = ${organizationId} and e.sequence > f.sequence
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
