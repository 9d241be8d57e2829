import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { ChargeUsageFacts } from '@/lib/billing/invoice/facts';
import { Exact } from '@/lib/billing/money/exact';
import type { UsageEvent } from '@/lib/billing/usage-facts';

/** What the store must know of a metric. */
export interface UsageMetric {
  code: string;
  aggregationType: string;
  fieldName: string | null;
}

export interface UsageRequest {
  /** Names the answer, for example the charge's id. */
  key: string;
  externalSubscriptionId: string;
  metric: UsageMetric;
  /** First and last included millisecond of the window. */
  from: number;
  to: number;
  /** The charge or metric needs the events one by one (filters, groups, tiers per event, proration, order…). */
  needEvents: boolean;
  /** Also everything before the window, for recurring metrics (semantics 5.7). */
  includeHistory: boolean;
}

export interface UsageScope {
  organizationId: string;
  /** Count only events ingested up to this sequence: what a preview saw is what applying it sees. */
  watermark?: bigint;
}

/** Optional minus, digits, optional dot and digits: what counts as a number (semantics 5.2). */
export const NUMERIC_PATTERN = '^-?[0-9]+(\\.[0-9]+)?$';
const HOUR = 3_600_000;
const BEGINNING = Date.parse('1900-01-01T00:00:00Z');

/** Sums and counts over a whole window can come from rollups; everything else needs the events. */
function canAggregate({ metric, needEvents }: UsageRequest): boolean {
  if (needEvents) return false;
  return metric.aggregationType === 'count_agg' || metric.aggregationType === 'sum_agg';
}

/**
 * Usage of several metrics of any subscriptions, in at most two queries, whatever their number. Sums and counts come from
 * hourly rollups plus the raw tail, the rest as events ordered by (timestamp, sequence).
 */
export async function loadUsages(
  tx: Tx,
  scope: UsageScope,
  requests: UsageRequest[],
): Promise<Map<string, ChargeUsageFacts>> {
  const result = new Map<string, ChargeUsageFacts>();
  const sums = requests.filter(canAggregate);
  const raws = requests.filter((request) => !canAggregate(request));
  if (sums.length > 0) for (const [key, facts] of await loadSums(tx, scope, sums)) result.set(key, facts);
  if (raws.length > 0) for (const [key, facts] of await loadEvents(tx, scope, raws)) result.set(key, facts);
  return result;
}

/** Usage of one metric: see `loadUsages`. */
export async function loadUsage(
  tx: Tx,
  scope: UsageScope,
  request: Omit<UsageRequest, 'key'>,
): Promise<ChargeUsageFacts> {
  const usages = await loadUsages(tx, scope, [{ ...request, key: '' }]);
  return usages.get('') ?? { kind: 'events', events: [], history: [] };
}

function windowOf({ key, externalSubscriptionId, metric, from, to, includeHistory }: UsageRequest) {
  const start = includeHistory ? BEGINNING : from;
  const end = to + 1;
  const firstHour = Math.min(Math.ceil(start / HOUR) * HOUR, end);
  const lastHour = Math.max(Math.floor(end / HOUR) * HOUR, firstHour);
  return {
    key,
    sub: externalSubscriptionId,
    code: metric.code,
    field: metric.aggregationType === 'count_agg' ? '' : (metric.fieldName ?? ''),
    start,
    first_hour: firstHour,
    last_hour: lastHour,
    end,
  };
}

/**
 * What has not been folded yet is read by its sequence while it is at most so many events: a window of a month would be
 * gone through whole to find the few that are new. A longer tail (a fold far behind) is sought in each window.
 */
const SHORT_TAIL = 5_000;

/**
 * One statement, so that rollups and tail are seen in one snapshot: whole hours from rollups, the two broken hours at the
 * edges raw, and of the whole hours raw what has not been folded yet. A field that is not tracked yet is read raw.
 */
async function loadSums(
  tx: Tx,
  { organizationId, watermark }: UsageScope,
  requests: UsageRequest[],
): Promise<[string, ChargeUsageFacts][]> {
  const upTo = watermark?.toString() ?? '9223372036854775807';
  const rows = await tx.execute<{ key: string; n: string; s: string }>(sql`
    with fold as (
      select coalesce(max(folded_sequence), 0) as folded from usage_folds
      where organization_id = ${organizationId} and folded_sequence <= ${upTo}::bigint
    ), tail as materialized (
      select external_subscription_id, code, "timestamp", properties from events
      where (select folded from fold) > 0 and organization_id = ${organizationId}
        and "sequence" > (select folded from fold) and "sequence" <= ${upTo}::bigint
      order by "sequence" limit ${SHORT_TAIL + 1}
    ), tail_length as (
      select count(*) <= ${SHORT_TAIL} as short from tail
    ), wanted as materialized (
      select w.key, w.sub, w.code, w.field,
             to_timestamp(w.start / 1000) as start_at, to_timestamp(w.first_hour / 1000) as first_hour,
             to_timestamp(w.last_hour / 1000) as last_hour, to_timestamp(w."end" / 1000) as end_at,
             case when exists (
               select 1 from usage_rollups t
               where t.organization_id = ${organizationId} and t.external_subscription_id = '' and t.code = w.code
                 and t.field_name = w.field and t.hour = 'epoch'
             ) then fold.folded else 0 end as folded
      from fold, jsonb_to_recordset(${JSON.stringify(requests.map(windowOf))}::jsonb)
        as w(key text, sub text, code text, field text, start double precision, first_hour double precision,
             last_hour double precision, "end" double precision)
    )
    select w.key, (coalesce(r.n, 0) + coalesce(e.n, 0))::text as n, (coalesce(r.s, 0) + coalesce(e.s, 0))::text as s
    from wanted w
    left join lateral (
      select sum(u.events_count) as n, sum(u.sum) as s from usage_rollups u
      where w.folded > 0 and u.organization_id = ${organizationId}
        and u.external_subscription_id = w.sub and u.code = w.code and u.field_name = w.field
        and u.hour >= w.first_hour and u.hour < w.last_hour
    ) r on true
    left join lateral (
      select count(*) as n, sum(case when w.field = '' then 0 else (raw.properties ->> w.field)::numeric end) as s
      from (
        select properties from events
        where w.start_at < w.first_hour and organization_id = ${organizationId} and external_subscription_id = w.sub
          and code = w.code and "timestamp" >= w.start_at and "timestamp" < w.first_hour
          and "sequence" <= ${upTo}::bigint
        union all
        select properties from events
        where w.last_hour < w.end_at and organization_id = ${organizationId} and external_subscription_id = w.sub
          and code = w.code and "timestamp" >= w.last_hour and "timestamp" < w.end_at
          and "sequence" <= ${upTo}::bigint
        union all
        select properties from tail
        where w.folded > 0 and (select short from tail_length) and external_subscription_id = w.sub
          and code = w.code and "timestamp" >= w.first_hour and "timestamp" < w.last_hour
        union all
        select properties from events
        where (w.folded = 0 or not (select short from tail_length))
          and organization_id = ${organizationId} and external_subscription_id = w.sub
          and code = w.code and "timestamp" >= w.first_hour and "timestamp" < w.last_hour
          and "sequence" > w.folded and "sequence" <= ${upTo}::bigint
      ) raw
      where w.field = '' or raw.properties ->> w.field ~ ${NUMERIC_PATTERN}
    ) e on true`);
  const byKey = new Map(requests.map((request) => [request.key, request]));
  return rows.map(({ key, n, s }) => {
    const units = byKey.get(key)?.metric.aggregationType === 'count_agg' ? n : s;
    return [key, { kind: 'sum', units: Exact.of(units).toString(), eventsCount: Number(n) }];
  });
}

interface EventRow {
  [column: string]: unknown;
  key: string;
  transaction_id: string;
  sequence: string;
  at: string;
  properties: Record<string, unknown>;
  amount: string | null;
  in_window: boolean;
}

async function loadEvents(
  tx: Tx,
  { organizationId, watermark }: UsageScope,
  requests: UsageRequest[],
): Promise<[string, ChargeUsageFacts][]> {
  const upTo = watermark?.toString() ?? '9223372036854775807';
  // Several charges may read one metric's window: it is fetched once and shared.
  const windows = new Map<
    string,
    { key: string; sub: string; code: string; start: number; from: number; end: number }
  >();
  for (const request of requests) {
    const { externalSubscriptionId: sub, metric, from, to } = request;
    const key = windowKey(request);
    windows.set(key, { key, sub, code: metric.code, start: firstInstant(request), from, end: to + 1 });
  }
  const rows = await tx.execute<EventRow>(sql`
    select w.key, e.transaction_id, e."sequence"::text as "sequence",
           (extract(epoch from e."timestamp") * 1000)::bigint::text as at, e.properties,
           e.precise_total_amount_minor::text as amount,
           e."timestamp" >= to_timestamp(w."from" / 1000) as in_window
    from jsonb_to_recordset(${JSON.stringify([...windows.values()])}::jsonb)
      as w(key text, sub text, code text, start double precision, "from" double precision, "end" double precision)
    join lateral (
      select * from events
      where organization_id = ${organizationId} and external_subscription_id = w.sub
        and code = w.code and "timestamp" >= to_timestamp(w.start / 1000)
        and "timestamp" < to_timestamp(w."end" / 1000) and "sequence" <= ${upTo}::bigint
    ) e on true
    order by e."timestamp", e."sequence"`);
  const byWindow = new Map<string, { events: UsageEvent[]; history: UsageEvent[] }>();
  for (const row of rows) {
    const usage = byWindow.get(row.key) ?? { events: [], history: [] };
    byWindow.set(row.key, usage);
    (row.in_window ? usage.events : usage.history).push({
      transactionId: row.transaction_id,
      sequence: BigInt(row.sequence),
      timestamp: Number(row.at),
      properties: row.properties,
      ...(row.amount === null ? {} : { preciseTotalAmountMinor: Exact.of(row.amount) }),
    });
  }
  return requests.map((request) => {
    const found = byWindow.get(windowKey(request));
    return [request.key, { kind: 'events', events: found?.events ?? [], history: found?.history ?? [] }];
  });
}

const firstInstant = ({ includeHistory, from }: UsageRequest): number => (includeHistory ? BEGINNING : from);

function windowKey(request: UsageRequest): string {
  const { externalSubscriptionId, metric, from, to } = request;
  return JSON.stringify([externalSubscriptionId, metric.code, firstInstant(request), from, to]);
}
