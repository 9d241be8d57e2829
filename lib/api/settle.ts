import { sql } from 'drizzle-orm';
import type { MiddlewareHandler } from 'hono';
import { pino } from 'pino';
import type { Databases } from '@/db/clients';
import { moveClock } from '@/lib/runners/clock';
import { CommandError } from '@/lib/schedule/errors';
import type { ApiEnv } from './environment.ts';

const logger = pino({ name: 'api', level: process.env.LOG_LEVEL ?? 'info' });

/** Organisations known to be live. Live is for good, so a process may remember it. */
const live = new Set<string>();

interface Standing {
  [column: string]: unknown;
  mode: 'live' | 'sandbox' | 'history';
  now: string | null;
  /** Something is due at the present clock. */
  due: boolean;
}

/**
 * Runs everything due at the present clock of an organisation whose clock is moved by hand, so that what a call sets off
 * is there when it is answered. A live organisation is left to its workers.
 */
export async function settleDue(databases: Databases, organizationId: string): Promise<void> {
  if (live.has(organizationId)) return;
  const [standing] = await databases.system.execute<Standing>(sql`
    select o.mode, floor(extract(epoch from o.clock_now) * 1000)::bigint::text as now,
           o.mode <> 'live' and exists (
             select 1 from due_items d
             where d.organization_id = o.id and d.due_at <= o.clock_now
               and d.done_at is null and d.canceled_at is null and d.parked_at is null) as due
    from organizations o where o.id = ${organizationId}`);
  if (standing?.mode === 'live') live.add(organizationId);
  if (!standing?.due || standing.now === null) return;
  try {
    await moveClock(databases, organizationId, Number(standing.now));
  } catch (error) {
    // Somebody moved the clock on meanwhile, and whoever moves it runs what is due.
    if (!(error instanceof CommandError)) throw error;
  }
}

/** After a call that changed something: see `settleDue`. The call is answered even when that fails. */
export function settleAfterWrites(databases: Databases): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    await next();
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD' || context.res.status >= 400) return;
    const { organizationId } = context.get('caller');
    try {
      await settleDue(databases, organizationId);
    } catch (error) {
      logger.error({ err: error, organizationId }, 'due work after a call failed');
    }
  };
}
