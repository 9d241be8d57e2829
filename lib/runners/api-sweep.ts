import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { type RunnerLog, runnerLog } from './log.ts';
import { type Runner, startLoop } from './loop.ts';

export interface SweepOptions {
  databases: Databases;
  /** How long calls stay in the log. */
  days: number;
  everyMs?: number;
  log?: RunnerLog;
}

const DAY_MS = 86_400_000;
const AT_ONCE = 5_000;

/** Removes calls from the API's log when they are old, and answers whose idempotency keys are over. */
export function startApiSweep({ databases, days, everyMs = 600_000, log = runnerLog }: SweepOptions): Runner {
  const round = () => sweepApi(databases, Date.now() - days * DAY_MS);
  return startLoop({ name: 'API log', everyMs, round, log });
}

/** One round: calls from before `before` (epoch milliseconds). Answers whether more may be left. */
export async function sweepApi(databases: Databases, before: number): Promise<boolean> {
  const floor = `${before.toString(16).padStart(12, '0')}00000000000000000000`;
  const { count } = await databases.system.execute(sql`
    delete from api_requests r using (
      select o.id as organization_id, old.id from organizations o
      cross join lateral (
        select id from api_requests a where a.organization_id = o.id and a.id < ${floor}::uuid
        order by a.id limit ${AT_ONCE}
      ) old
    ) gone
    where r.organization_id = gone.organization_id and r.id = gone.id`);
  await databases.system.execute(sql`delete from api_answers where expires_at <= clock_timestamp()`);
  return count >= AT_ONCE;
}
