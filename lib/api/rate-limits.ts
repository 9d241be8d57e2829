/** How often a key may call in a minute; 0 is no limit. */
export interface RateSettings {
  /** Every call but usage events. A key may have a figure of its own. */
  requestsPerMinute: number;
  /** Calls that bring usage events. */
  ingestRequestsPerMinute: number;
}

const DEFAULTS = { requests: 6_000, ingest: 600_000 };
const WINDOW_MS = 60_000;

/** Reads the environment. Throws a sentence that says what to set. */
export function readRateSettings(env: NodeJS.ProcessEnv): RateSettings {
  return {
    requestsPerMinute: wholeNumber(env, 'COUNTERFOIL_REQUESTS_PER_MINUTE', DEFAULTS.requests),
    ingestRequestsPerMinute: wholeNumber(env, 'COUNTERFOIL_INGEST_REQUESTS_PER_MINUTE', DEFAULTS.ingest),
  };
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = Number(env[name] || fallback);
  if (env[name] === '0') return 0;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${name} must be a whole number of requests, or 0 for no limit, not "${env[name]}".`);
  }
  return value;
}

/** What is left of a key's minute. */
export interface Quota {
  limit: number;
  remaining: number;
  /** Whole seconds until the window ends. */
  reset: number;
  exceeded: boolean;
}

/**
 * Counts calls in fixed minutes of the clock, in this process's memory: with several processes each allows the limit.
 */
export class RateWindows {
  private minute = 0;
  private readonly counts = new Map<string, number>();

  /** Counts one call of `who` at `now` (epoch milliseconds). */
  take(who: string, limit: number, now: number): Quota {
    const minute = Math.floor(now / WINDOW_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.counts.clear();
    }
    const count = (this.counts.get(who) ?? 0) + 1;
    this.counts.set(who, count);
    return {
      limit,
      remaining: Math.max(0, limit - count),
      reset: Math.ceil(((minute + 1) * WINDOW_MS - now) / 1000),
      exceeded: count > limit,
    };
  }
}

const KEY = Symbol.for('counterfoil.rate-windows');
type Holder = { [KEY]?: RateWindows };

/** The process's one set of windows, whichever bundle asks. */
export function rateWindows(): RateWindows {
  const holder = globalThis as Holder;
  holder[KEY] ??= new RateWindows();
  return holder[KEY];
}

/** The headers Lago's clients read: whole numbers, `reset` in seconds. */
export function rateHeaders({ limit, remaining, reset }: Quota): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset),
  };
}
