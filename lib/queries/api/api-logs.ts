import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { millis } from '../console/sql.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

/** A call of the API as the log kept it. */
export interface LoggedRequest {
  id: string;
  requestId: string;
  method: string;
  path: string;
  status: number;
  durationMs: number;
  keyName: string | null;
  keyLastFour: string | null;
  client: string | null;
  error: Record<string, unknown> | null;
  /** Epoch milliseconds. */
  at: number;
}

export interface RequestFilters {
  methods?: string[];
  statuses?: number[];
  paths?: string[];
  clients?: string[];
  /** Leaves out what only reads and what brings usage events, as Lago's log does. */
  changesOnly?: boolean;
  from?: Date;
  to?: Date;
  requestId?: string;
}

const list = (values: readonly string[]): SQL =>
  sql`(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

function conditions(organizationId: string, filters: RequestFilters): SQL {
  const { methods, statuses, paths, clients, changesOnly, from, to, requestId } = filters;
  const parts = [
    sql`r.organization_id = ${organizationId}`,
    ...(methods ? [sql`r.method in ${list(methods.map((method) => method.toUpperCase()))}`] : []),
    ...(statuses
      ? [sql`r.status in (select value::int from ${list(statuses.map(String))} as s(value))`]
      : []),
    ...(paths ? [sql`r.path in ${list(paths)}`] : []),
    ...(clients ? [sql`r.client in ${list(clients)}`] : []),
    ...(changesOnly
      ? [sql`r.method not in ('GET', 'HEAD') and r.path !~ '^/api/v1/(events|ingest)(/|$)'`]
      : []),
    ...(from ? [sql`r.occurred_at >= ${from.toISOString()}::timestamptz`] : []),
    ...(to ? [sql`r.occurred_at <= ${to.toISOString()}::timestamptz`] : []),
    ...(requestId === undefined ? [] : [sql`r.request_id = ${requestId}`]),
  ];
  return sql.join(parts, sql` and `);
}

/** What a row of the log shows; for `api_requests r left join api_keys k`. */
export const LOGGED_COLUMNS = sql`r.id, r.request_id as "requestId", r.method, r.path, r.status,
  r.duration_ms as "durationMs", k.name as "keyName", k.last_four as "keyLastFour", r.client, r.error,
  ${millis('r.occurred_at')} as at`;

/** Calls of the API, latest first. */
export async function listRequests(
  tx: Tx,
  organizationId: string,
  filters: RequestFilters,
  window: PageWindow,
): Promise<Listed<LoggedRequest>> {
  const where = conditions(organizationId, filters);
  const counted = await tx.execute<{ n: string }>(
    sql`select count(*)::text as n from api_requests r where ${where}`,
  );
  const rows = await tx.execute<LoggedRequest & Record<string, unknown>>(sql`
    select ${LOGGED_COLUMNS} from api_requests r
    left join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
    where ${where} order by r.id desc limit ${window.perPage} offset ${offsetOf(window)}`);
  return { totalCount: Number(counted[0]?.n ?? 0), rows: [...rows] };
}
