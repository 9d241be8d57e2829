import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { withSystem } from '@/db/tenancy';

const logger = pino({ name: 'api', level: process.env.LOG_LEVEL ?? 'info' });

/** One call as the log keeps it: no body, no query, no key. */
export interface LoggedCall {
  organizationId: string;
  requestId: string;
  method: string;
  path: string;
  status: number;
  durationMs: number;
  apiKeyId: string | null;
  client: string | null;
  /** What a refused call was told. */
  error: Record<string, unknown> | null;
}

const WAIT_MS = 500;
const AT_ONCE = 500;
const MOST_WAITING = 10_000;
const LONGEST_PATH = 500;
const LONGEST_CLIENT = 200;
const LONGEST_ERROR = 8_000;

/**
 * Writes calls down in bulk, off their way: nobody waits for the log, and what it cannot keep up with is dropped and
 * counted rather than kept in memory.
 */
export class RequestLog {
  private rows: object[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly databases: Databases) {}

  /** Notes a call that ended now. */
  record(call: LoggedCall): void {
    if (this.rows.length >= MOST_WAITING) {
      this.dropped++;
      return;
    }
    const error = call.error && keepableJson(call.error);
    this.rows.push({
      org: call.organizationId,
      id: newId(),
      rid: call.requestId,
      method: call.method,
      path: keepable(call.path.slice(0, LONGEST_PATH)),
      status: call.status,
      ms: Math.round(call.durationMs),
      api_key: call.apiKeyId,
      client: call.client && keepable(call.client.slice(0, LONGEST_CLIENT)),
      error: error && JSON.stringify(error).length <= LONGEST_ERROR ? error : null,
      at: new Date().toISOString(),
    });
    this.timer ??= setTimeout(() => void this.flush(), WAIT_MS).unref();
  }

  /** Writes down what waits. Never throws. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.rows.length > 0) {
      const rows = this.rows.splice(0, AT_ONCE);
      try {
        await withSystem(this.databases, (tx) =>
          tx.execute(sql`
            insert into api_requests (organization_id, id, request_id, method, path, status, duration_ms, api_key_id,
                                      client, error, occurred_at)
            select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
              as r(org uuid, id uuid, rid text, method text, path text, status int, ms int, api_key uuid,
                   client text, error jsonb, at timestamptz)`),
        );
      } catch (error) {
        this.dropped += rows.length;
        logger.warn({ err: error }, 'calls could not be written to the log');
      }
    }
    if (this.dropped > 0) logger.warn({ dropped: this.dropped }, 'the request log left calls out');
    this.dropped = 0;
  }
}

/** Without what the database cannot keep: NUL and halves of a pair. One of them would cost the whole batch. */
const keepable = (text: string): string => text.replace(/[\0\p{Cs}]/gu, '');

/** The same for what a refused call was told, which may repeat what the call said. */
function keepableJson(value: unknown): unknown {
  if (typeof value === 'string') return keepable(value);
  if (Array.isArray(value)) return value.map(keepableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [keepable(name), keepableJson(inner)]),
  );
}

const KEY = Symbol.for('counterfoil.request-logs');
type Holder = { [KEY]?: WeakMap<Databases, RequestLog> };

/** The one log of these pools, shared by the Node server and Next's bundle. */
export function requestLogOf(databases: Databases): RequestLog {
  const holder = globalThis as Holder;
  holder[KEY] ??= new WeakMap();
  let log = holder[KEY].get(databases);
  if (!log) {
    log = new RequestLog(databases);
    holder[KEY].set(databases, log);
  }
  return log;
}
