import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movementsBetween } from './movements.ts';
import { listMrr, type RevenueSubscription, revenueOf } from './mrr.ts';

const crew: RevenueSubscription = {
  id: 's1',
  planId: 'crew',
  interval: 'monthly',
  amountMinor: 14_000n,
  fixedAmountMinor: 0n,
  commitmentMinor: 0n,
  trialEndsAt: null,
  paused: false,
};

describe('MRR', () => {
  it.each([
    ['monthly', 14_000n, 14_000n],
    ['yearly', 134_400n, 11_200n],
    ['quarterly', 10_000n, 3_333n],
    ['weekly', 1_000n, 4_348n],
  ] as const)('of a %s price of %s is %s', (interval, amountMinor, expected) => {
    expect(listMrr({ ...crew, interval, amountMinor }, 0)).toBe(expected);
  });

  it('leaves out trials and pauses and counts a minimum above the fixed prices', () => {
    expect(listMrr({ ...crew, trialEndsAt: 10 }, 5)).toBe(0n);
    expect(listMrr({ ...crew, paused: true }, 5)).toBe(0n);
    expect(listMrr({ ...crew, commitmentMinor: 20_000n }, 5)).toBe(20_000n);
  });

  it('is lowered by discounts that last more than one bill, and by nothing else', () => {
    const percent = (bills: number | null) => ({
      type: 'percentage' as const,
      amountMinor: null,
      percentageRate: '20',
      bills,
      planIds: [],
    });
    expect(revenueOf([crew], [percent(2)], 0)[0]?.netMinor).toBe(11_200n);
    expect(revenueOf([crew], [percent(1)], 0)[0]?.netMinor).toBe(14_000n);
    expect(revenueOf([crew], [percent(null)], 0)[0]?.listMinor).toBe(14_000n);
  });
});

describe('movements', () => {
  it('name what happened', () => {
    const level = (listMinor: bigint, netMinor = listMinor) => ({ listMinor, netMinor });
    expect(movementsBetween(level(0n), level(100n), false)).toEqual([{ kind: 'new', amountMinor: 100n }]);
    expect(movementsBetween(level(0n), level(100n), true)).toEqual([
      { kind: 'reactivation', amountMinor: 100n },
    ]);
    expect(movementsBetween(level(100n), level(0n), true)).toEqual([{ kind: 'churn', amountMinor: -100n }]);
    expect(movementsBetween(level(100n), level(300n, 200n), true)).toEqual([
      { kind: 'expansion', amountMinor: 200n },
      { kind: 'discount_started', amountMinor: -100n },
    ]);
  });

  it('always add up', () => {
    const level = fc
      .tuple(fc.bigInt(0n, 10_000n), fc.bigInt(0n, 10_000n))
      .map(([listMinor, off]) => ({ listMinor, netMinor: listMinor > off ? listMinor - off : 0n }));
    fc.assert(
      fc.property(level, level, fc.boolean(), (before, after, ever) => {
        const sum = movementsBetween(before, after, ever).reduce(
          (total, move) => total + move.amountMinor,
          0n,
        );
        return before.netMinor + sum === after.netMinor;
      }),
    );
  });
});
