import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { foldUsage } from '@/lib/usage/fold';
import { type RunnerLog, runnerLog } from './log.ts';
import { type Runner, startLoop } from './loop.ts';
import { foldTallies } from './tallies.ts';

export interface FoldingOptions {
  databases: Databases;
  everyMs?: number;
  log?: RunnerLog;
}

/**
 * Folds new events into rollups and kept sums into few rows, each organisation's at most once a second. Only speed depends on it: what a reader sees is
 * right without. Any number of processes may run it.
 */
export function startFolding({ databases, everyMs = 1_000, log = runnerLog }: FoldingOptions): Runner {
  const round = async (stopping: AbortSignal) => {
    for (const organizationId of await unfolded(databases)) {
      if (stopping.aborted) break;
      await foldUsage(databases, organizationId);
    }
    await foldTallies(databases);
    return false;
  };
  return startLoop({ name: 'usage folding', everyMs, round, log });
}

/** The organisations with events past their rollups. */
async function unfolded(databases: Databases): Promise<string[]> {
  const rows = await databases.system.execute<{ id: string }>(sql`
    select o.id from organizations o
    cross join lateral (select max(e."sequence") as last from events e where e.organization_id = o.id) newest
    left join usage_folds f on f.organization_id = o.id
    where newest.last > coalesce(f.folded_sequence, 0)`);
  return rows.map((row) => row.id);
}
