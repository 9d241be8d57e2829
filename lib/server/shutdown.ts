import type { Server } from 'node:http';
import type { Logger } from 'pino';

export interface Stoppable {
  server: Server;
  /** Ends after the work in hand, and takes no more. */
  stopWorkers(): Promise<void>;
  /** Closes what the requests used: the console, then the pools. */
  closeRest(): Promise<void>;
}

/** Running requests and the work in hand get this long. */
const FINISH_MS = 8_000;
const CLOSE_MS = 3_000;
const SWEEP_MS = 50;

/**
 * Stops in order: no new connections, idle ones closed, requests and workers finish (at most 8 s), then the rest (at most
 * 3 s). What is cut off was in a transaction and rolls back. Never throws.
 */
export async function shutDown({ server, stopWorkers, closeRest }: Stoppable, log: Logger): Promise<void> {
  const requests = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last answer went out after this moment would be kept for the next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  if (!(await within(FINISH_MS, Promise.allSettled([requests, stopWorkers()])))) {
    log.warn('cutting off what is still running');
    server.closeAllConnections();
  }
  clearInterval(sweep);
  await within(CLOSE_MS, Promise.allSettled([closeRest()]));
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}
