import { describe, expect, it } from 'vitest';
import { Exact } from './exact.ts';

/** The table of docs/differences.md, both ways. */
describe('where doubles and exact numbers differ by one', () => {
  it.each([
    [65n, 30n, 27n, 59n, 58],
    [150n, 28n, 21n, 113n, 112],
    [1003n, 30n, 15n, 502n, 501],
    // The minimum of a charge is shared out over days the same way.
    [115n, 28n, 14n, 58n, 57],
    [230n, 28n, 7n, 58n, 57],
  ])('%s over %s days, %s of them', (amount, ofDays, days, ours, doubles) => {
    expect(Exact.ratio(amount * days, ofDays).roundToBigInt()).toBe(ours);
    expect(Math.round((Number(amount) / Number(ofDays)) * Number(days))).toBe(doubles);
  });

  it.each([
    [90n, 35, 32n, 31],
    [650n, 35, 228n, 227],
  ])('%s at %s %%', (base, rate, ours, doubles) => {
    expect(Exact.of(base).mul(BigInt(rate)).pow10(-2).roundToBigInt()).toBe(ours);
    expect(Math.round(Number(base) * (rate / 100))).toBe(doubles);
  });
});
