import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { textArray } from './arrays.ts';
import { type ExpressionRow, type Expressions, expressionsOf } from './expressions-of.ts';

/** What must be known before events are written. */
export interface GroupFacts {
  /** Each organisation's clock, epoch milliseconds. */
  clocks: ReadonlyMap<string, number>;
  expressions: Expressions;
}

/** As PostgreSQL writes them, such as "15s". */
export interface Timeouts {
  statement: string;
  lock: string;
}

interface Row {
  [column: string]: unknown;
  id: string;
  now: string;
  expressions: Omit<ExpressionRow, 'organization_id'>[] | null;
}

/**
 * Sets up a transaction that writes events, in one statement: its time limits (the caller's own when left out), its organisations' clocks, the expressions
 * of its metrics, and its id, before any event takes its place in the sequence: rollup folding relies on that order (see
 * fold.ts).
 */
export async function openGroup(
  tx: Tx,
  organizationIds: readonly string[],
  codes: readonly string[],
  timeouts?: Timeouts,
): Promise<GroupFacts> {
  const rows = await tx.execute<Row>(sql`
    select o.id, pg_current_xact_id() is null as nameless,
           floor(extract(epoch from case when o.mode = 'live' then clock_timestamp() else o.clock_now end) * 1000)::bigint::text as now,
           (select jsonb_agg(jsonb_build_object('code', m.code, 'expression', m.expression, 'field_name', m.field_name))
            from billable_metrics m
            where m.organization_id = o.id and m.deleted_at is null and m.expression <> '' and m.field_name <> ''
              and m.code = any(${textArray(codes)}::text[])) as expressions,
           set_config('statement_timeout', coalesce(${timeouts?.statement ?? null}, current_setting('statement_timeout')), true),
           set_config('lock_timeout', coalesce(${timeouts?.lock ?? null}, current_setting('lock_timeout')), true)
    from organizations o where o.id = any(${textArray(organizationIds)}::uuid[])`);
  return {
    clocks: new Map(rows.map(({ id, now }) => [id, Number(now)])),
    expressions: expressionsOf(
      rows.flatMap(({ id, expressions }) =>
        (expressions ?? []).map((one) => ({ ...one, organization_id: id })),
      ),
    ),
  };
}
