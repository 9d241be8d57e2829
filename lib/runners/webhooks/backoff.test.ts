import { describe, expect, it } from 'vitest';
import { MOST_TRIES, waitAfter } from './backoff.ts';

const HOUR = 3_600_000;

describe('waiting between tries', () => {
  it('begins as Lago does', () => {
    expect([waitAfter(1, 0), waitAfter(2, 0), waitAfter(1, 1), waitAfter(2, 1)]).toEqual([
      3_000, 18_000, 3_150, 20_400,
    ]);
  });

  it('grows to most of a day and goes on for more than three days', () => {
    const waits = Array.from({ length: MOST_TRIES - 1 }, (_, index) => waitAfter(index + 1, 0) ?? 0);
    expect(waits).toEqual([...waits].sort((one, other) => one - other));
    expect(waits.at(-1)).toBeLessThan(24 * HOUR);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(3 * 24 * HOUR);
  });

  it('ends', () => {
    expect(waitAfter(MOST_TRIES, 0.5)).toBeNull();
  });
});
