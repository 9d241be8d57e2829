import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { AggregationType } from '@/lib/billing/metering/registry';
import type { ChargeModelName } from '@/lib/billing/pricing/registry';
import { at, millis } from './sql';

export interface MeterOfPlan {
  chargeId: string;
  code: string;
  name: string;
  unitName: string | null;
  aggregation: AggregationType;
  fieldName: string | null;
  chargeModel: ChargeModelName;
  properties: Record<string, unknown>;
}

/** The meters a plan version prices, in the order of its lines. */
export async function metersOfPlan(
  tx: Tx,
  organizationId: string,
  planVersionId: string,
): Promise<MeterOfPlan[]> {
  return tx.execute<MeterOfPlan & Record<string, unknown>>(sql`
    select ch.id as "chargeId", m.code, coalesce(nullif(ch.invoice_display_name, ''), m.name) as name,
      m.unit_name as "unitName", m.aggregation_type as aggregation, m.field_name as "fieldName",
      ch.charge_model as "chargeModel", ch.properties
    from charges ch
    join billable_metrics m on m.organization_id = ch.organization_id and m.id = ch.billable_metric_id
    where ch.organization_id = ${organizationId} and ch.plan_version_id = ${planVersionId} and ch.deleted_at is null
    order by ch.position, ch.created_at`);
}

export interface UsageWindow {
  externalSubscriptionId: string;
  /** Epoch milliseconds, half-open. */
  from: number;
  to: number;
  timezone: string;
}

export interface DayOfUse {
  code: string;
  /** Local day, ISO. */
  day: string;
  events: number;
  /** Exact decimal text: a count or a sum; for a highest or last value, that day's. */
  value: string;
}

/**
 * Use per meter and local day from the raw events, for all meters of a subscription in one query. Counts and sums add up
 * to the period's usage; highest, last and distinct values are each day's own.
 */
export async function usageByDay(
  tx: Tx,
  organizationId: string,
  window: UsageWindow,
  meters: readonly Pick<MeterOfPlan, 'code' | 'aggregation' | 'fieldName'>[],
): Promise<DayOfUse[]> {
  if (meters.length === 0) return [];
  const wanted = sql.join(
    meters.map((m) => sql`(${m.code}::text, ${m.aggregation}::text, ${m.fieldName ?? ''}::text)`),
    sql`, `,
  );
  return tx.execute<DayOfUse & Record<string, unknown>>(sql`
    with wanted (code, aggregation, field) as (values ${wanted}),
    used as (
      select w.code, w.aggregation, e.timestamp, e.properties ->> w.field as said,
        (e.timestamp at time zone ${window.timezone})::date::text as day
      from wanted w
      join events e on e.organization_id = ${organizationId}
        and e.external_subscription_id = ${window.externalSubscriptionId} and e.code = w.code
        and e.timestamp >= ${at(window.from)} and e.timestamp < ${at(window.to)}
    ),
    read as (
      select *, case when said ~ '^-?[0-9]+(\\.[0-9]+)?$' then said::numeric end as number from used
    )
    select code, day, count(*)::int as events,
      (case min(aggregation)
        when 'count_agg' then count(*)
        when 'unique_count_agg' then count(distinct said)
        when 'max_agg' then coalesce(max(number), 0)
        when 'latest_agg' then coalesce((array_agg(number order by timestamp desc))[1], 0)
        else coalesce(sum(number), 0) end)::text as value
    from read group by code, day order by code, day`);
}

export interface EventRow {
  id: string;
  at: number;
  transactionId: string;
  value: string | null;
  properties: Record<string, unknown>;
}

/** The events behind one local day of one meter, earliest first. `total` counts all of them. */
export async function eventsOfDay(
  tx: Tx,
  organizationId: string,
  window: UsageWindow,
  meter: Pick<MeterOfPlan, 'code' | 'fieldName'>,
  limit: number,
): Promise<{ rows: EventRow[]; total: number }> {
  const rows = await tx.execute<EventRow & { total: number } & Record<string, unknown>>(sql`
    select e.id, ${millis('e.timestamp')} as at, e.transaction_id as "transactionId",
      ${meter.fieldName ? sql`e.properties ->> ${meter.fieldName}` : sql`'1'`} as value, e.properties,
      count(*) over ()::int as total
    from events e
    where e.organization_id = ${organizationId}
      and e.external_subscription_id = ${window.externalSubscriptionId} and e.code = ${meter.code}
      and e.timestamp >= ${at(window.from)} and e.timestamp < ${at(window.to)}
    order by e.timestamp, e.sequence limit ${limit}`);
  return { rows: [...rows], total: rows[0]?.total ?? 0 };
}
