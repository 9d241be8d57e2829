import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';

/*
 * What the driver (postgres.js 3.4) needs so that a process outlives the end of its connections:
 * - a socket factory that rejects leaves a place of the pool lost for good, so the socket is handed over unconnected;
 * - a query sent in the turn in which the socket closes is written to nothing and ends the process, so the close is told
 *   a turn later;
 * - a transaction whose connection has ended still sends its rollback, and whatever its body goes on to ask, to that
 *   place of the pool, where another transaction may be by then. So its body is never let back in.
 */

/** How long the driver may take to notice that a connection has ended after a query was refused for it. */
const NOTICE_MS = 1_000;

const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P05',
  '25P03',
]);

class Socket extends net.Socket {
  #told = false;

  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (event !== 'close' || this.#told) return super.emit(event, ...given);
    this.#told = true;
    // "Without an error", because only then does the driver refuse what was sent since the error.
    setImmediate(() => setImmediate(() => super.emit('close', false)));
    return true;
  }
}

/** A socket on its way to the server. Its failures are events, which the driver hears. */
export function openSocket({ host, port }: { host: string[]; port: number[] }): net.Socket {
  const socket = new Socket();
  // Without no-delay a COPY over TCP stalls 40 ms for each packet that waits for an acknowledgement.
  socket.setNoDelay(true);
  return socket.connect({ host: host[0] ?? '127.0.0.1', port: port[0] ?? 5432 });
}

type Body = (sql: postgres.TransactionSql) => unknown;

/** One transaction: whether its connection has ended. */
interface Course {
  over: boolean;
}

/** Makes transactions of this client end with their connection. Returns the same client. */
export function endWithConnection(client: postgres.Sql): postgres.Sql {
  const begin = client.begin.bind(client) as (options: string, body: Body) => Promise<unknown>;
  const guarded = (first: string | Body, second?: Body): Promise<unknown> => {
    const [options, body] = typeof first === 'string' ? [first, second] : ['', first];
    const course: Course = { over: false };
    const ending = begin(options, (sql) => follow(course, sql, body as Body));
    ending.catch(() => {
      course.over = true;
    });
    return ending;
  };
  return Object.assign(client, { begin: guarded });
}

/** Runs a body. When the connection has ended it never settles: the driver has already refused the transaction. */
async function follow(course: Course, sql: postgres.TransactionSql, body: Body): Promise<unknown> {
  try {
    const result = await body(guard(course, sql));
    if (!course.over) return result;
  } catch (error) {
    if (!course.over && !(isLost(error) && (await endsSoon(course)))) throw error;
  }
  return new Promise(() => {});
}

async function endsSoon(course: Course): Promise<boolean> {
  for (let waited = 0; waited < NOTICE_MS && !course.over; waited += 5) await sleep(5);
  return course.over;
}

/** The transaction's own client, which asks nothing once the connection has ended. */
function guard(course: Course, sql: postgres.TransactionSql): postgres.TransactionSql {
  const check = () => {
    if (course.over)
      throw Object.assign(new Error('the connection has ended'), { code: 'CONNECTION_CLOSED' });
  };
  return new Proxy(sql, {
    apply(target, self, given) {
      check();
      return Reflect.apply(target, self, given);
    },
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === 'savepoint') {
        return (...given: [Body] | [string, Body]) => {
          check();
          const body = given.at(-1) as Body;
          const inner: Body = (nested) => follow(course, nested, body);
          return given.length === 1 ? target.savepoint(inner) : target.savepoint(given[0], inner);
        };
      }
      if (name !== 'unsafe' || typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        check();
        return Reflect.apply(member, target, prepared(given));
      };
    },
  });
}

/**
 * Drizzle asks for no named statement, so every query would be parsed and described anew; a transaction's queries with
 * parameters are prepared once per connection instead.
 */
function prepared([query, parameters, options]: unknown[]): unknown[] {
  if (!Array.isArray(parameters) || parameters.length === 0) return [query, parameters, options];
  return [query, parameters, { ...(options as object | undefined), prepare: true }];
}

function isLost(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 10; depth++) {
    if ('code' in current && typeof current.code === 'string' && LOST.has(current.code)) return true;
    current = current.cause;
  }
  return false;
}
