import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { creditsToMoney } from './credits.ts';
import { type FixedRule, isBelowThreshold, type TargetRule, topUpOf } from './rule.ts';

const x = (value: string | number) => Exact.of(String(value));
const at = (ongoing: number | string, pending: number | string = 0) => ({
  ongoing: x(ongoing),
  pending: x(pending),
});
const open = { min: null, max: null };

describe('rules that fill a wallet (10.8)', () => {
  it.each([
    [10, at(10), true],
    [10, at('10.1'), false],
    [10, at(5, 5), true],
    [10, at(5, 6), false],
  ])('threshold %s', (threshold, balances, fires) =>
    expect(isBelowThreshold(x(threshold), balances)).toBe(fires),
  );

  const fixed = (part: Partial<FixedRule> = {}): FixedRule => ({
    method: 'fixed',
    trigger: 'threshold',
    paidCredits: x(50),
    grantedCredits: x(0),
    thresholdCredits: x(10),
    ...part,
  });
  it.each([
    ['threshold 10, paid 50, ongoing −429.8, pending 50', fixed(), at('-429.8', 50), open, '400'],
    ['a small gap takes the paid part once', fixed(), at(0), open, '50'],
    ['a gap of exactly the paid part takes two', fixed(), at(-40), open, '100'],
    ['granted credits close part of it', fixed({ grantedCredits: x(10) }), at(-40), open, '50'],
    ["the wallet's maximum caps it", fixed(), at('-429.8', 50), { min: null, max: x(200) }, '200'],
    ['by interval, always the paid part', fixed({ trigger: 'interval' }), at(-1000), open, '50'],
  ])('%s', (_, rule, balances, limits, paid) =>
    expect(topUpOf(rule, balances, limits).paidCredits.toString()).toBe(paid),
  );

  const target = (grantsTargetTopUp = false): TargetRule => ({
    method: 'target',
    trigger: 'threshold',
    targetOngoingBalance: x(100),
    grantsTargetTopUp,
  });
  const bought = (rule: TargetRule, ongoing: number, min: number | null = null) => {
    const result = topUpOf(rule, at(ongoing), { min: min === null ? null : x(min), max: x(20) });
    return [result.paidCredits.toString(), result.grantedCredits.toString()];
  };
  it('a target buys the gap, at least the minimum, without the cap; or gives it', () => {
    expect(bought(target(), 30)).toEqual(['70', '0']);
    expect(bought(target(), 95, 15)).toEqual(['15', '0']);
    expect(bought(target(), 120)).toEqual(['0', '0']);
    expect(bought(target(true), 30, 500)).toEqual(['0', '70']);
  });
});

describe('credits and money (10.1)', () => {
  it('17.9699999999999988631316 credits are 17.97', () => {
    const { amountMinor, credits } = creditsToMoney(x('17.9699999999999988631316'), x(1), 'EUR');
    expect([amountMinor, credits.toString()]).toEqual([1797n, '17.97']);
  });
  it('only whole cents exist', () => {
    const { amountMinor, credits } = creditsToMoney(x('1.005'), x('0.5'), 'EUR');
    expect([amountMinor, credits.toString()]).toEqual([50n, '1']);
    expect(creditsToMoney(x('0.001'), x(1), 'EUR').amountMinor).toBe(0n);
  });
});
