import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { isForIngest } from './ingest-listener.ts';
import type { Readiness } from './readiness.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Doors {
  /** The HTTP API: it never waits behind the console's rendering. */
  api: Handler;
  /** Calls that bring usage events, where they are many and small; the API's own when left out. */
  ingest?: Handler;
  /** Everything else. */
  console: Handler;
  readiness(): Promise<Readiness>;
}

/** Longer than load balancers keep idle connections, so that they never send into one that is just closing. */
const KEEP_ALIVE_MS = 65_000;

const API = /^\/(api\/v1|health)(?=[/?]|$)/;
const READY = /^\/ready\/?(?=\?|$)/;

/** One server for the API and the console. It is not listening yet. */
export function createHttpServer(doors: Doors, log: Logger): Server {
  const server = createServer((request, response) => {
    const begun = performance.now();
    response.once('close', () => {
      const { method, url } = request;
      const took = Math.round(performance.now() - begun);
      log.debug({ method, path: withoutSecrets(url), status: response.statusCode, took }, 'request');
    });
    notePeer(request);
    doorFor(request, doors)(request, response).catch((error: unknown) => {
      log.error({ err: error, method: request.method, path: withoutSecrets(request.url) }, 'request failed');
      fail(response);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  return server;
}

/** Adds the peer to the hops, as every proxy does. Next keeps the header it finds, so without this the caller writes the end. */
function notePeer({ headers, socket }: IncomingMessage): void {
  const hops = [headers['x-forwarded-for'], socket.remoteAddress].flat();
  headers['x-forwarded-for'] = hops.filter(Boolean).join(', ');
}

function doorFor(asked: IncomingMessage, doors: Doors): Handler {
  if (doors.ingest && isForIngest(asked)) return doors.ingest;
  const url = asked.url ?? '/';
  if (READY.test(url)) return (request, response) => answerReady(request, response, doors);
  return API.test(url) ? doors.api : doors.console;
}

async function answerReady(request: IncomingMessage, response: ServerResponse, doors: Doors): Promise<void> {
  const readiness = await doors.readiness();
  request.resume();
  response.writeHead(readiness === 'ready' ? 200 : 503, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify({ status: readiness }));
}

const SIGNED = /^(\/api\/v1\/files\/).+/;

/** What may be written down of an address: queries can hold names of people, and a signed address opens without a key. */
function withoutSecrets(url: string | undefined): string {
  return ((url ?? '/').split('?', 1)[0] ?? '/').replace(SIGNED, '$1…');
}

function fail(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('Something went wrong here. Try again; if it stays, look into the server log.\n');
}
