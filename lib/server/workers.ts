import type { Databases } from '@/db/clients';
import { addressCheck } from '@/lib/adapters/outbound/addresses';
import { webhookMessage } from '@/lib/api/webhooks/message';
import { publicOrigin } from '@/lib/auth/origin';
import { startApiSweep } from '@/lib/runners/api-sweep';
import { startFolding } from '@/lib/runners/folding';
import type { Runner } from '@/lib/runners/loop';
import { startWebhooks } from '@/lib/runners/webhooks/start';
import { startWorkers } from '@/lib/runners/worker';
import type { ServerSettings } from './settings.ts';

/** Starts what this process does by itself: due work (`workers` customers beside one another), usage folding, webhooks. */
export function startRunners(
  databases: Databases,
  {
    workers,
    webhookNetworks,
    apiLogDays,
  }: Pick<ServerSettings, 'workers' | 'webhookNetworks' | 'apiLogDays'>,
): Runner {
  const runners =
    workers > 0
      ? [
          startWorkers({ databases, concurrency: workers }),
          startFolding({ databases }),
          startApiSweep({ databases, days: apiLogDays }),
          startWebhooks({
            databases,
            makeMessage: webhookMessage,
            mayDial: addressCheck(webhookNetworks),
            issuer: publicOrigin(),
          }),
        ]
      : [];
  return {
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}
