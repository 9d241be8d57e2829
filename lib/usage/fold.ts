import { type SQL, sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import { NUMERIC_PATTERN } from './store.ts';

const MOST_WAITS = 40;
const WAIT_MS = 25;

export interface FoldResult {
  /** Everything up to this sequence is in the rollups now. */
  foldedSequence: bigint;
  /** False when an older transaction was still open: try again later. Readers are right either way. */
  settled: boolean;
}

/**
 * Folds new events of one organisation into hourly rollups. Any number of processes may call it at any time: the fold row
 * serialises them, and a reader always sees rollups plus exactly the raw events past them.
 *
 * An event takes its sequence before its transaction commits, so a lower sequence may appear after a higher one. The
 * highest sequence seen is therefore only folded once every transaction that was running when it was seen has ended
 * (pg_snapshot_xmin has passed that moment's pg_snapshot_xmax).
 */
export async function foldUsage(databases: Databases, organizationId: string): Promise<FoldResult> {
  const seen = await highestSequence(databases, organizationId);
  if (!(await allEnded(databases, seen.horizon))) return { foldedSequence: 0n, settled: false };
  const foldedSequence = await foldUpTo(databases, organizationId, seen.sequence);
  return { foldedSequence, settled: true };
}

async function highestSequence(
  databases: Databases,
  organizationId: string,
): Promise<{ sequence: string; horizon: string }> {
  const rows = await databases.system.execute<{ sequence: string; horizon: string }>(sql`
    select coalesce(max("sequence"), 0)::text as "sequence", pg_snapshot_xmax(pg_current_snapshot())::text as horizon
    from events where organization_id = ${organizationId}`);
  return rows[0]!;
}

async function allEnded(databases: Databases, horizon: string): Promise<boolean> {
  for (let wait = 0; wait < MOST_WAITS; wait++) {
    const rows = await databases.system.execute<{ ended: boolean }>(
      sql`select pg_snapshot_xmin(pg_current_snapshot()) >= ${horizon}::xid8 as ended`,
    );
    if (rows[0]?.ended) return true;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  return false;
}

/**
 * Fields are tracked per metric code, each where a metric reads it: '' for the count of events, the metric's field for
 * its sum. A bucket written for nobody costs as much as one that is read. A field first seen now (a metric made after its
 * events) is folded from the beginning; a marker row (no subscription, hour 0) says that it is tracked, and tracked fields
 * are folded on even while their metric is deleted. What all subscriptions used in an hour stands beside what each did, as
 * the row of no subscription, for charts over everybody.
 */
async function foldUpTo(databases: Databases, organizationId: string, sequence: string): Promise<bigint> {
  return withTenant(
    databases,
    organizationId,
    async (tx) => {
      await tx.execute(sql`
        insert into usage_folds (organization_id, folded_sequence, folded_at)
        values (${organizationId}, 0, clock_timestamp()) on conflict do nothing`);
      const folds = await tx.execute<{ folded: string }>(sql`
        select folded_sequence::text as folded from usage_folds
        where organization_id = ${organizationId} for update`);
      const folded = folds[0]!.folded;
      const target = BigInt(sequence) > BigInt(folded) ? sequence : folded;
      await tx.execute(sql`
        with fields as (
          select code, '' as field_name from billable_metrics
          where organization_id = ${organizationId} and deleted_at is null and aggregation_type = 'count_agg'
          union
          select code, field_name from billable_metrics
          where organization_id = ${organizationId} and deleted_at is null and aggregation_type = 'sum_agg'
            and field_name <> ''
          union
          select code, field_name from usage_rollups
          where organization_id = ${organizationId} and external_subscription_id = '' and hour = 'epoch'
        ), tracked as materialized (
          select f.code, f.field_name, case when t.hour is null then 0 else ${folded}::bigint end as since
          from fields f
          left join usage_rollups t on t.organization_id = ${organizationId} and t.external_subscription_id = ''
            and t.code = f.code and t.field_name = f.field_name and t.hour = 'epoch'
        ), marked as (
          insert into usage_rollups (organization_id, external_subscription_id, code, field_name, hour, events_count, sum)
          select ${organizationId}::uuid, '', code, field_name, 'epoch', 0, 0 from tracked
          on conflict do nothing
        ), counted as (
          select e.external_subscription_id, t.code, t.field_name, date_bin('1 hour', e."timestamp", 'epoch') as hour,
                 count(*) as events_count, sum(v.value) as sum
          from events e
          join tracked t on t.code = e.code and e."sequence" > t.since
          cross join lateral (select ${countedValue('e.properties', 't.field_name')} as value) v
          where e.organization_id = ${organizationId} and e."sequence" > (select min(since) from tracked)
            and e."sequence" <= ${target}::bigint and e.external_subscription_id <> '' and v.value is not null
          group by 1, 2, 3, 4
        )
        insert into usage_rollups (organization_id, external_subscription_id, code, field_name, hour, events_count, sum)
        select ${organizationId}::uuid, external_subscription_id, code, field_name, hour, events_count, sum from counted
        union all
        select ${organizationId}::uuid, '', code, field_name, hour, sum(events_count), sum(sum) from counted
        where hour <> 'epoch' group by code, field_name, hour
        order by 1, 2, 3, 4, 5
        on conflict (organization_id, external_subscription_id, code, field_name, hour)
        do update set events_count = usage_rollups.events_count + excluded.events_count,
                      sum = usage_rollups.sum + excluded.sum`);
      await tx.execute(sql`
        update usage_folds set folded_sequence = ${target}::bigint, folded_at = clock_timestamp()
        where organization_id = ${organizationId}`);
      return BigInt(target);
    },
    { statementTimeoutMs: 120_000 },
  );
}

/**
 * SQL: what a field adds to its sum, null when it is no number (semantics 5.2); 0 for the field '', which only counts
 * events. A number of JSON is always one, so that only texts are held against the pattern.
 */
function countedValue(properties: string, field: string): SQL {
  const member = `(${properties} -> ${field})`;
  const text = `(${properties} ->> ${field})`;
  return sql.raw(`case
    when ${field} = '' then 0
    when jsonb_typeof${member} = 'number' then ${member}::numeric
    when ${text} ~ '${NUMERIC_PATTERN}' then ${text}::numeric end`);
}
