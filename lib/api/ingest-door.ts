import { pino } from 'pino';
import type { Databases } from '@/db/clients';
import { refusalOf, requestIdOf } from './app.ts';
import { admit } from './authenticate.ts';
import type { Caller } from './environment.ts';
import { type ApiError, missingRoot } from './errors.ts';
import { INGEST, type IngestCall } from './ingest.ts';
import { readRateSettings } from './rate-limits.ts';
import { isObject, type JsonObject, readJsonBytes } from './read-json.ts';
import { requestLogOf } from './request-log.ts';
import { settleDue } from './settle.ts';

const logger = pino({ name: 'api', level: process.env.LOG_LEVEL ?? 'info' });

/** A call as a listener hands it over. */
export interface RawCall {
  /** Without the query. */
  path: string;
  header(name: string): string | undefined;
  /** Throws 413 and 400. */
  readBody(): Promise<Buffer>;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The body is known to be ASCII. */
  ascii: boolean;
}

/** The routes of `INGEST` under the API's path. */
export function isIngestPath(path: string): boolean {
  return path.startsWith(BASE) && Object.hasOwn(INGEST, path.slice(BASE.length));
}

const BASE = '/api/v1';
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/**
 * Answers calls that bring events without the router's machinery: the same checks and the same code as the router's
 * routes, at a fraction of the cost. Never throws.
 */
export function createIngestDoor(databases: Databases): (raw: RawCall) => Promise<RawAnswer> {
  const rates = readRateSettings(process.env);
  const log = requestLogOf(databases);
  return async (raw) => {
    const begun = performance.now();
    const requestId = requestIdOf(raw.header('x-request-id'));
    const headers: Record<string, string> = { ...JSON_HEADERS, 'x-request-id': requestId };
    let caller: Caller | undefined;
    try {
      const knock = { authorization: raw.header('authorization'), method: 'POST', path: raw.path };
      const admitted = await admit(databases, rates, knock, Date.now());
      caller = admitted.caller;
      Object.assign(headers, admitted.headers);
      const { text, ascii } = await answer(databases, caller.organizationId, raw);
      await settle(databases, caller.organizationId);
      return { status: 200, headers, body: text, ascii };
    } catch (error) {
      const refusal = refusalOf(error, requestId, raw.path);
      if (caller) note(refusal, caller, performance.now() - begun);
      return {
        status: refusal.status,
        headers: { ...headers, ...refusal.headers },
        body: JSON.stringify(refusal.body),
        ascii: false,
      };
    }

    function note(refusal: ApiError, { organizationId, actor }: Caller, durationMs: number): void {
      log.record({
        organizationId,
        requestId,
        method: 'POST',
        path: raw.path,
        status: refusal.status,
        durationMs,
        apiKeyId: actor.id,
        client: raw.header('user-agent') ?? null,
        error: refusal.body,
      });
    }
  };
}

async function answer(databases: Databases, organizationId: string, raw: RawCall) {
  const route = raw.path.slice(BASE.length) as keyof typeof INGEST;
  const { value: parsed, length, plain } = readJsonBytes(await raw.readBody());
  const call: IngestCall = {
    organizationId,
    databases,
    bodyLength: length,
    plain,
    body: async () => parsed,
    attributes: async (root) => attributesOf(parsed, root),
  };
  return INGEST[route](call);
}

function attributesOf(body: JsonObject, root: string): JsonObject {
  const value = body[root];
  if (!isObject(value) || Object.keys(value).length === 0) throw missingRoot(root);
  return value;
}

/** The events are stored: the call is answered even when what they set off fails. */
async function settle(databases: Databases, organizationId: string): Promise<void> {
  try {
    await settleDue(databases, organizationId);
  } catch (error) {
    logger.error({ err: error, organizationId }, 'due work after a call failed');
  }
}
