import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient, reasonOf } from './failures.ts';
import type { RunnerLog } from './log.ts';

export interface Runner {
  /** Takes nothing more up and resolves when the work in hand is done. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  name: string;
  /** Milliseconds between two looks while there is nothing to do. */
  everyMs: number;
  /** One round of work; true asks for the next round at once. `stopping` is aborted when the round should end early. */
  round(stopping: AbortSignal): Promise<boolean>;
  log: RunnerLog;
}

const LONGEST_WAIT_MS = 10_000;

/**
 * Does one round after another until stopped. A round that throws does not end the loop: it waits longer after each
 * failure in a row (at most 10 s), says so once, and says once when it works again.
 */
export function startLoop({ name, everyMs, round, log }: LoopOptions): Runner {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal }).catch(() => {});
  const loop = async () => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const more = await round(signal);
        if (failures > 0) log.info({ runner: name }, 'works again');
        failures = 0;
        if (!more) await pause(everyMs);
      } catch (error) {
        failures += 1;
        if (failures === 1) {
          const why = isTransient(error) ? { reason: reasonOf(error) } : { err: error };
          log.error({ runner: name, ...why }, 'waiting to try again');
        }
        await pause(Math.min(everyMs * 2 ** (failures - 1), LONGEST_WAIT_MS));
      }
    }
  };
  const ended = loop();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
