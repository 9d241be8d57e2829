import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { type RunnerLog, runnerLog } from '../log.ts';
import { type Runner, startLoop } from '../loop.ts';
import { dispatchRound, type MakeMessage } from './dispatch.ts';
import { tellEventErrors } from './event-errors.ts';
import { purgeRound } from './purge.ts';
import { type SendOptions, startSending } from './send.ts';

export interface WebhookOptions extends Omit<SendOptions, 'log'> {
  databases: Databases;
  makeMessage: MakeMessage;
  log?: RunnerLog;
}

const DISPATCH_EVERY_MS = 500;
const EVENT_CHECK_EVERY_MS = 60_000;
const PURGE_EVERY_MS = 6 * 3_600_000;

/** Webhooks out: makes messages of what was announced, sends them, and clears away what is old. */
export function startWebhooks({ makeMessage, log = runnerLog, ...options }: WebhookOptions): Runner {
  const { databases, pollMs = DISPATCH_EVERY_MS } = options;
  const runners = [
    startLoop({
      name: 'webhook messages',
      everyMs: pollMs,
      round: () => dispatchRound(databases, makeMessage, log),
      log,
    }),
    startSending({ ...options, log }),
    startLoop({ name: 'event errors', everyMs: EVENT_CHECK_EVERY_MS, round: hourly(databases), log }),
    startLoop({
      name: 'old webhooks',
      everyMs: PURGE_EVERY_MS,
      round: () => purgeRound(databases),
      log,
    }),
  ];
  return {
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

const HOUR_MS = 3_600_000;
/** Minutes into an hour after which the hour before is looked over (semantics 16). */
const CHECK_AFTER_MS = 5 * 60_000;

/** A round that looks each hour's events over once in this process. */
function hourly(databases: Databases): () => Promise<boolean> {
  let done = 0;
  return async () => {
    const [clock] = await databases.system.execute<{ now: string }>(
      sql`select floor(extract(epoch from now()) * 1000)::bigint::text as now`,
    );
    const now = Number(clock?.now);
    const hour = now - (now % HOUR_MS);
    if (hour === done || now - hour < CHECK_AFTER_MS) return false;
    await tellEventErrors(databases, hour);
    done = hour;
    return false;
  };
}
