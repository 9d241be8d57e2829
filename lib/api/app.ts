import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { pino } from 'pino';
import type { Databases } from '@/db/clients';
import { authenticate } from './authenticate.ts';
import { refuseLargeBodies } from './body.ts';
import type { ApiEnv } from './environment.ts';
import { ApiError, toApiError, unknown } from './errors.ts';
import { jsonResponse } from './json.ts';
import { resources } from './resources/index.ts';
import { settleAfterWrites } from './settle.ts';

export const API_VERSION = '0.1.0';
/** Where a fork publishes its source; health answers carry it. */
const SOURCE_URL = process.env.SOURCE_URL ?? '';
const logger = pino({ name: 'api', level: process.env.LOG_LEVEL ?? 'info' });

/** An expected refusal in Lago's shape; anything else is logged and answered with a reference to quote. */
function answerError(error: unknown, requestId: string, path: string): Response {
  const known = toApiError(error);
  if (known && known.status !== 503) return jsonResponse(known.body, known.status, known.headers);
  const failure =
    known ??
    new ApiError(500, {
      status: 500,
      error: 'Internal Server Error',
      code: 'internal_error',
      reference: requestId,
    });
  logger.error({ err: error, requestId, path }, known ? 'database unavailable' : 'unexpected error');
  return jsonResponse(failure.body, failure.status, failure.headers);
}

/**
 * The HTTP API, compatible with Lago's (base path /api/v1), with /health and /ready beside it. It holds no state of its
 * own, so any number of processes may serve it.
 */
export function createApi(databases: Databases): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>({ strict: false });
  app.use(async (context, next) => {
    const given = context.req.header('X-Request-Id');
    const requestId = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    context.set('requestId', requestId);
    await next();
    context.header('X-Request-Id', requestId);
  });
  app.onError((error, context) => answerError(error, context.get('requestId'), context.req.path));
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

  const router = new Hono<ApiEnv>({ strict: false });
  router.use(refuseLargeBodies);
  router.use(authenticate(databases));
  router.use(settleAfterWrites(databases));
  for (const hangUp of resources) hangUp({ router, databases });
  app.route('/api/v1', router);
  return app;
}
