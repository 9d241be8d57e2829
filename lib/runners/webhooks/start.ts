import type { Databases } from '@/db/clients';
import { type RunnerLog, runnerLog } from '../log.ts';
import { type Runner, startLoop } from '../loop.ts';
import { dispatchRound, type MakeMessage } from './dispatch.ts';
import { purgeRound } from './purge.ts';
import { type SendOptions, startSending } from './send.ts';

export interface WebhookOptions extends Omit<SendOptions, 'log'> {
  databases: Databases;
  makeMessage: MakeMessage;
  log?: RunnerLog;
}

const DISPATCH_EVERY_MS = 500;
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
