import { describe, expect, it } from 'vitest';
import { crossedThresholds, type ThresholdFacts } from './thresholds.ts';

const fixed = (amount: number): ThresholdFacts => ({
  id: `${amount}`,
  amountMinor: BigInt(amount),
  recurring: false,
});
const step = (amount: number): ThresholdFacts => ({
  id: `step ${amount}`,
  amountMinor: BigInt(amount),
  recurring: true,
});

const passed = (thresholds: ThresholdFacts[], current: number, billed = 0, invoiced = 0): string[] =>
  crossedThresholds(thresholds, {
    currentMinor: BigInt(current),
    progressivelyBilledMinor: BigInt(billed),
    invoicedMinor: BigInt(invoiced),
  }).map(({ id }) => id);

describe('usage thresholds (7.2)', () => {
  it('20 000 is passed once', () => {
    expect(passed([fixed(20_000)], 19_999)).toEqual([]);
    expect(passed([fixed(20_000)], 20_000)).toEqual(['20000']);
    expect(passed([fixed(20_000)], 40_000, 20_000)).toEqual([]);
  });

  it('several at once make one crossing set, in order', () =>
    expect(passed([fixed(700), fixed(200), fixed(500)], 600)).toEqual(['200', '500']));

  it('200, 500, 700 and every 1000: events of 220 each, then 2200', () => {
    const thresholds = [fixed(200), fixed(500), fixed(700), step(1000)];
    const log: string[][] = [];
    const events = [220, 220, 220, 220, 2200, 2200];
    let usage = 0;
    let billed = 0;
    for (const amount of events) {
      usage += amount;
      const crossing = passed(thresholds, usage, billed);
      if (crossing.length > 0) billed = usage;
      log.push(crossing);
    }
    expect(log).toEqual([['200'], [], ['500'], ['700'], ['step 1000'], ['step 1000']]);
    expect(billed).toBe(5280);
  });

  it('a jump over everything passes the step once', () =>
    expect(passed([fixed(200), step(1000)], 9000)).toEqual(['200', 'step 1000']));
  it('the lifetime decides, not the period', () => {
    expect(passed([fixed(20_000)], 5000, 0, 16_000)).toEqual(['20000']);
    expect(passed([fixed(20_000)], 5000, 0, 20_000)).toEqual([]);
    expect(passed([fixed(100), step(1000)], 300, 0, 2700)).toEqual(['step 1000']);
  });
  it('a recurring step alone counts from zero', () => {
    expect(passed([step(1000)], 999)).toEqual([]);
    expect(passed([step(1000)], 1000)).toEqual(['step 1000']);
  });
  it('usage below what was billed passes nothing', () => expect(passed([fixed(10)], 5, 20)).toEqual([]));
});
