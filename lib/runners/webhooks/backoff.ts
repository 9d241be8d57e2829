/** Tries before a delivery is given up: the first, and 17 more over three to four days. */
export const MOST_TRIES = 18;
/** An endpoint without one success for this long is turned off. */
export const TURN_OFF_AFTER_DAYS = 5;

const JITTER = 0.15;

/**
 * Milliseconds to wait after the n-th failed try: n⁴ seconds, up to 15 % more by `chance` (0 to 1), and 2 seconds
 * (semantics 15.1). Null when that was the last.
 */
export function waitAfter(failedTries: number, chance: number): number | null {
  if (failedTries >= MOST_TRIES) return null;
  return Math.round((failedTries ** 4 * (1 + JITTER * chance) + 2) * 1_000);
}
