import type { Databases } from '@/db/clients';
import { numberArray, textArray } from './arrays.ts';
import { FOLLOWED } from './checks.ts';
import { type Outcome, outcomesOf, prepare, type Sending, scopeOf } from './ingest.ts';
import { columnsOf } from './insert.ts';

/**
 * A statement that is a transaction of its own: no way to and fro for its beginning and end. Its time limits are the
 * connection's. It writes nothing where something has to be worked out beside the events: an expression, or what follows
 * usage as it arrives. The transaction has its id before any event takes its place in the sequence (see fold.ts).
 */
const WRITE = `
  with asked as materialized (
    select o.id, pg_current_xact_id() as writer,
           date_trunc('milliseconds', case when o.mode = 'live' then clock_timestamp() else o.clock_now end) as now,
           ${FOLLOWED} or exists (
             select 1 from billable_metrics m
             where m.organization_id = o.id and m.deleted_at is null and m.expression <> '' and m.field_name <> ''
               and m.code = any($9::text[])) as special
    from organizations o where o.id = any($1::uuid[])
  ), written as (
    insert into events (organization_id, id, external_subscription_id, transaction_id, code, "timestamp", properties,
                        precise_total_amount_minor, ingested_at, writer)
    select e.org, e.id, e.sub, e.txn, e.code, coalesce(to_timestamp(e.ts / 1000), asked.now), e.props, e.amount,
           asked.now, asked.writer
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::jsonb[], $8::numeric[])
      with ordinality as e(org, id, sub, txn, code, ts, props, amount, at)
    join asked on asked.id = e.org
    where not exists (select 1 from asked where special) and (select count(*) from asked) = $10::int
    order by e.at
    returning 1
  )
  select asked.id, floor(extract(epoch from asked.now) * 1000)::bigint::text as now,
         (select count(*) from written)::int as written
  from asked`;

/** What Postgres says of values, duplicates, limits and timing: what it was is found out in a transaction. */
const TO_BE_LOOKED_INTO = /^(22|23|40|54)/;

/**
 * Writes a few events that nobody has written before and that set nothing off, all of them. Null when they are not such
 * events: nothing is written then. Throws what the database throws when it cannot answer.
 */
export async function writeAtOnce(
  databases: Databases,
  sendings: readonly Omit<Sending, 'now'>[],
): Promise<Outcome[][] | null> {
  // The clock is not known yet: it comes back with the answer.
  const { rows, prepared } = prepare(
    sendings.map((sending) => ({ ...sending, now: 0 })),
    new Map(),
  );
  const { organizationIds, codes } = scopeOf(sendings);
  if (rows.length === 0 || rows.length < prepared.flat().length) return null;
  const columns = columnsOf(rows).slice(0, 8);
  columns[5] = numberArray(rows.map(({ timed, timestamp }) => (timed ? timestamp : null)));
  const parameters = [...columns, textArray(codes), organizationIds.length];
  try {
    const clocks = new Map<string, number>();
    const found = await databases.bulk.unsafe<{ id: string; now: string; written: number }[]>(
      WRITE,
      parameters,
      {
        prepare: true,
      },
    );
    for (const { id, now } of found) clocks.set(id, Number(now));
    if (found[0]?.written !== rows.length) return null;
    for (const row of rows) {
      row.ingestedAt = clocks.get(row.organizationId) ?? 0;
      if (!row.timed) row.timestamp = row.ingestedAt;
    }
    return outcomesOf(prepared, null);
  } catch (error) {
    if (error instanceof Error && 'code' in error && TO_BE_LOOKED_INTO.test(String(error.code))) return null;
    throw error;
  }
}
