import { randomUUID } from 'node:crypto';
import { DrizzleQueryError, sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { pino } from 'pino';
import type { Databases } from '@/db/clients';
import type { About } from './about.ts';
import { authenticate, isIngest } from './authenticate.ts';
import { refuseLargeBodies } from './body.ts';
import { openFile } from './documents.ts';
import type { ApiContext, ApiEnv } from './environment.ts';
import { ApiError, toApiError, unknown } from './errors.ts';
import { answerOnce } from './idempotency.ts';
import { jsonResponse } from './json.ts';
import { openApiDocument } from './openapi/document.ts';
import { referencePage } from './openapi/page.ts';
import type { JsonSchema } from './openapi/schema.ts';
import { readRateSettings } from './rate-limits.ts';
import { type RequestLog, requestLogOf } from './request-log.ts';
import { resources } from './resources/index.ts';
import { settleAfterWrites } from './settle.ts';

export const API_VERSION = '0.1.0';
/** Where a fork publishes its source; health answers carry it. */
const SOURCE_URL = process.env.SOURCE_URL ?? '';
const logger = pino({ name: 'api', level: process.env.LOG_LEVEL ?? 'info' });

/** An expected refusal in Lago's shape; anything else is logged and answered with a reference to quote. */
export function refusalOf(error: unknown, requestId: string, path: string): ApiError {
  const known = toApiError(error);
  if (known && known.status !== 503) return known;
  logger.error({ ...loggable(error), requestId, path }, known ? 'database unavailable' : 'unexpected error');
  const body = { status: 500, error: 'Internal Server Error', code: 'internal_error', reference: requestId };
  return known ?? new ApiError(500, body);
}

/** A failed query without its parameters: they are customers' data, and thousands of them in a batch of usage. */
function loggable(error: unknown): Record<string, unknown> {
  return error instanceof DrizzleQueryError ? { err: error.cause, query: error.query } : { err: error };
}

/** The caller's own word for the call, when it is fit for logs, or a new one. */
export function requestIdOf(given: string | undefined): string {
  return given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Events that were taken are their own record: of their calls only the refused ones are noted. */
function note(context: ApiContext, log: RequestLog, durationMs: number): void {
  const caller = context.get('caller') as ApiEnv['Variables']['caller'] | undefined;
  const { method, path } = context.req;
  const { status } = context.res;
  if (!caller || (status < 400 && isIngest(method, path))) return;
  log.record({
    organizationId: caller.organizationId,
    requestId: context.get('requestId'),
    method,
    path,
    status,
    durationMs,
    apiKeyId: caller.actor.id,
    client: context.req.header('User-Agent') ?? null,
    error: context.get('refusal') ?? null,
  });
}

/**
 * The HTTP API, compatible with Lago's (base path /api/v1), with /health and /ready beside it. It holds no state of its
 * own, so any number of processes may serve it.
 */
export function createApi(databases: Databases): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>({ strict: false });
  const log = requestLogOf(databases);
  app.use(async (context, next) => {
    const begun = performance.now();
    const requestId = requestIdOf(context.req.header('X-Request-Id'));
    context.set('requestId', requestId);
    await next();
    context.header('X-Request-Id', requestId);
    note(context, log, performance.now() - begun);
  });
  app.onError((error, context) => {
    const { body, status, headers } = refusalOf(error, context.get('requestId'), context.req.path);
    context.set('refusal', body);
    return jsonResponse(body, status, headers);
  });
  app.notFound(({ req }) => {
    const { body, status } = unknown('resource');
    const message = `${req.method} ${req.path} is not served here. docs/api-guide.md lists what is.`;
    return jsonResponse({ ...body, message }, status);
  });

  app.get('/health', async () => {
    const about = { version: API_VERSION, github_url: SOURCE_URL };
    try {
      await databases.app.execute(sql`select 1`);
      return jsonResponse({ ...about, message: 'Success' });
    } catch {
      return jsonResponse({ ...about, message: 'Unhealthy', details: 'the database is away' }, 500);
    }
  });
  app.get('/ready', () => jsonResponse({ status: 'ok' }));

  const described = new Map<string, About>();
  let document: JsonSchema | undefined;
  const describe = () => {
    document ??= openApiDocument(described, API_VERSION);
    return document;
  };
  app.get('/api/v1/openapi.json', () => jsonResponse(describe()));
  app.get('/api/v1/reference', (context) => context.html(referencePage(describe())));

  // The link is the credential: whoever was given it may open it.
  app.get('/api/v1/files/:token', ({ req }) => openFile(databases, req.param('token'), Date.now()));

  const router = new Hono<ApiEnv>({ strict: false });
  router.use(refuseLargeBodies);
  router.use(authenticate(databases, readRateSettings(process.env)));
  router.use(answerOnce(databases));
  router.use(settleAfterWrites(databases));
  for (const hangUp of resources) hangUp({ router, databases, described });
  app.route('/api/v1', router);
  return app;
}
