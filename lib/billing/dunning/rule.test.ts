import { describe, expect, it } from 'vitest';
import { DAY } from '../periods/zone.ts';
import { type DunningState, dunningStep, nextDunningRun } from './rule.ts';

const campaign = {
  maxAttempts: 2,
  daysBetweenAttempts: 2,
  thresholds: [
    { currency: 'EUR', amountMinor: 15_000n },
    { currency: 'USD', amountMinor: 10_000n },
  ],
};

describe('a dunning campaign (semantics 13)', () => {
  it('asks as in the worked example: two attempts a currency, strictly more than two days apart', () => {
    const overdue = { EUR: 14_900n, USD: 12_000n };
    let state: DunningState = { lastAttemptAt: null, attempts: {} };
    const story: string[] = [];
    for (const day of [3, 5, 6, 9, 12]) {
      const step = dunningStep(campaign, state, overdue, day * DAY);
      story.push(
        `${day}: ${step ? step.currencies.map((one) => `${one} ${step.attempts[one]}`) : 'nothing'}`,
      );
      if (step?.finished) story.push('finished');
      if (step) state = { lastAttemptAt: day * DAY, attempts: step.attempts };
      if (day === 5) overdue.EUR += 1_000n;
    }
    expect(story).toEqual([
      '3: USD 1',
      '5: nothing',
      '6: EUR 1,USD 2',
      '9: EUR 2',
      'finished',
      '12: nothing',
    ]);
  });

  it('asks at the threshold itself, and never in a currency without one', () => {
    const state = { lastAttemptAt: null, attempts: {} };
    expect(dunningStep(campaign, state, { EUR: 15_000n, GBP: 99_999n }, 0)?.currencies).toEqual(['EUR']);
    expect(dunningStep(campaign, state, { EUR: 14_999n, GBP: 99_999n }, 0)).toBeNull();
  });

  it('runs at a quarter to every hour, never at the instant asked about', () => {
    const at = (text: string) => new Date(nextDunningRun(Date.parse(text))).toISOString();
    expect(at('2024-03-01T00:00:00Z')).toBe('2024-03-01T00:45:00.000Z');
    expect(at('2024-03-01T00:45:00Z')).toBe('2024-03-01T01:45:00.000Z');
    expect(at('2024-03-01T23:50:00Z')).toBe('2024-03-02T00:45:00.000Z');
  });
});
