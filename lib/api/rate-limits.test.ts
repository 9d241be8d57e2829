import { expect, it } from 'vitest';
import { RateWindows, rateHeaders, readRateSettings } from './rate-limits.ts';

it('counts each key in minutes of the clock', () => {
  const windows = new RateWindows();
  const start = 60_000 * 1_000;
  expect(windows.take('a', 2, start + 500)).toEqual({ limit: 2, remaining: 1, reset: 60, exceeded: false });
  expect(windows.take('a', 2, start + 59_500)).toMatchObject({ remaining: 0, reset: 1, exceeded: false });
  expect(windows.take('a', 2, start + 59_999)).toMatchObject({ remaining: 0, reset: 1, exceeded: true });
  expect(windows.take('b', 2, start + 59_999)).toMatchObject({ remaining: 1, exceeded: false });
  const fresh = windows.take('a', 2, start + 60_000);
  expect(fresh.exceeded).toBe(false);
  expect(rateHeaders(fresh)).toEqual({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-reset': '60',
  });
});

it('reads its settings, and says what is wrong with them', () => {
  const read = (value: string) =>
    readRateSettings({ COUNTERFOIL_REQUESTS_PER_MINUTE: value } as unknown as NodeJS.ProcessEnv);
  expect(read('').requestsPerMinute).toBe(6_000);
  expect(read('0').requestsPerMinute).toBe(0);
  expect(read('12').requestsPerMinute).toBe(12);
  expect(() => read('many')).toThrow('COUNTERFOIL_REQUESTS_PER_MINUTE must be');
  expect(() => read('-1')).toThrow();
});
