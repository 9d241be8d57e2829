import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { LOGGED_COLUMNS, type LoggedRequest } from '../api/api-logs.ts';
import { type Page, page, readTimeCursor } from './cursor';
import { at, likeText, rowLimit } from './sql';

export interface ApiLogFilter {
  /** Only refused calls, or only those that were done. */
  outcome?: 'refused' | 'done';
  /** Part of the path, or a whole request id. */
  text?: string;
  apiKeyId?: string;
  /** Epoch milliseconds: calls from then on. */
  since?: number;
}

const SIZE = 50;

/** Calls of the API, latest first, a page at a time. */
export async function apiLog(
  tx: Tx,
  organizationId: string,
  { outcome, text, apiKeyId, since }: ApiLogFilter,
  after?: string,
  size = SIZE,
): Promise<Page<LoggedRequest>> {
  const cursor = readTimeCursor(after);
  const conditions: SQL[] = [sql`r.organization_id = ${organizationId}`];
  if (outcome === 'refused') conditions.push(sql`r.status >= 400`);
  if (outcome === 'done') conditions.push(sql`r.status < 400`);
  if (apiKeyId) conditions.push(sql`r.api_key_id = ${apiKeyId}::uuid`);
  if (since !== undefined) conditions.push(sql`r.occurred_at >= ${at(since)}`);
  if (text) conditions.push(sql`(r.path like ${`%${likeText(text)}%`} or r.request_id = ${text})`);
  // Ids are time-ordered: the id alone says where to go on.
  if (cursor) conditions.push(sql`r.id < ${cursor.id}::uuid`);
  const rows = await tx.execute<LoggedRequest & Record<string, unknown>>(sql`
    select ${LOGGED_COLUMNS} from api_requests r
    left join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
    where ${sql.join(conditions, sql` and `)} order by r.id desc ${rowLimit(size + 1)}`);
  return page<LoggedRequest>([...rows], size, (row) => ({ value: String(row.at), id: row.id }));
}
