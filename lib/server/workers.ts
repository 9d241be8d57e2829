import type { Databases } from '@/db/clients';
import { startFolding } from '@/lib/runners/folding';
import type { Runner } from '@/lib/runners/loop';
import { startWorkers } from '@/lib/runners/worker';

/** Starts what this process does by itself: due work (`concurrency` customers beside one another) and usage folding. */
export function startRunners(databases: Databases, concurrency: number): Runner {
  const runners =
    concurrency > 0 ? [startWorkers({ databases, concurrency }), startFolding({ databases })] : [];
  return {
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}
