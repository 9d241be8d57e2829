import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval } from '../periods/interval.ts';
import { movementsBetween } from './movements.ts';
import { type RevenueDiscount, type RevenueSubscription, revenueOf } from './mrr.ts';

const subscription = (part: Partial<RevenueSubscription> = {}): RevenueSubscription => ({
  id: 's',
  planId: 'plan',
  interval: 'monthly',
  amountMinor: 10_000n,
  fixedAmountMinor: 0n,
  commitmentMinor: 0n,
  trialEndsAt: null,
  paused: false,
  ...part,
});
const discount = (part: Partial<RevenueDiscount>): RevenueDiscount => ({
  type: 'percentage',
  amountMinor: null,
  percentageRate: '10',
  bills: null,
  planIds: [],
  ...part,
});
const figures = (subscriptions: RevenueSubscription[], discounts: RevenueDiscount[] = [], at = 100) =>
  revenueOf(subscriptions, discounts, at).map(({ listMinor, netMinor }) => [listMinor, netMinor]);

describe('list MRR', () => {
  it.each([
    ['weekly', 4348n],
    ['monthly', 1000n],
    ['quarterly', 333n],
    ['semiannual', 167n],
    ['yearly', 83n],
  ] as const)('1000 %s is %s a month', (interval, expected) =>
    expect(figures([subscription({ interval, amountMinor: 1000n })])).toEqual([[expected, expected]]),
  );
  it('counts fixed charges, and the part of a minimum above both', () => {
    expect(figures([subscription({ fixedAmountMinor: 500n })])).toEqual([[10_500n, 10_500n]]);
    expect(figures([subscription({ fixedAmountMinor: 500n, commitmentMinor: 12_000n })])).toEqual([
      [12_000n, 12_000n],
    ]);
    expect(figures([subscription({ commitmentMinor: 9000n })])).toEqual([[10_000n, 10_000n]]);
  });
  it('nothing in a trial or a pause; from the end of the trial on, all of it', () => {
    expect(figures([subscription({ trialEndsAt: 101 })])).toEqual([[0n, 0n]]);
    expect(figures([subscription({ trialEndsAt: 100 })])).toEqual([[10_000n, 10_000n]]);
    expect(figures([subscription({ paused: true })])).toEqual([[0n, 0n]]);
  });
  it('the parts add up to the customer: three years at 100 are 25 a month', () =>
    expect(
      figures(['a', 'b', 'c'].map((id) => subscription({ id, interval: 'yearly', amountMinor: 100n }))).map(
        ([list]) => list,
      ),
    ).toEqual([9n, 8n, 8n]));
});

describe('MRR after discounts', () => {
  it.each([
    ['a lasting percentage', {}, 9000n],
    ['three bills', { bills: 3 }, 9000n],
    ['one bill: no effect', { bills: 1, percentageRate: '93' }, 10_000n],
    ['a fixed amount', { type: 'fixed_amount', amountMinor: 2500n }, 7500n],
    ['more than the price', { type: 'fixed_amount', amountMinor: 250_000n }, 0n],
    ['another plan', { planIds: ['other'] }, 10_000n],
  ] as const)('%s', (_, part, net) =>
    expect(figures([subscription()], [discount(part as Partial<RevenueDiscount>)])).toEqual([[10_000n, net]]),
  );
  it('a fixed amount on a yearly bill is worth a twelfth', () =>
    expect(
      figures(
        [subscription({ interval: 'yearly', amountMinor: 120_000n })],
        [discount({ type: 'fixed_amount', amountMinor: 12_000n })],
      ),
    ).toEqual([[10_000n, 9000n]]));
  it('plan limits first, then the rest on what is left', () =>
    expect(
      figures(
        [subscription()],
        [
          discount({ type: 'fixed_amount', amountMinor: 1000n }),
          discount({ percentageRate: '50', planIds: ['plan'] }),
        ],
      ),
    ).toEqual([[10_000n, 4000n]]));
});

describe('movements', () => {
  const level = (listMinor: number, netMinor = listMinor) => ({
    listMinor: BigInt(listMinor),
    netMinor: BigInt(netMinor),
  });
  it.each([
    ['first time', level(0), level(100, 90), false, [['new', 90n]]],
    ['back again', level(0), level(100), true, [['reactivation', 100n]]],
    ['gone', level(100, 90), level(0), true, [['churn', -90n]]],
    ['more', level(100), level(150), true, [['expansion', 50n]]],
    ['less', level(150), level(100), true, [['contraction', -50n]]],
    ['more, under the same percentage', level(1000, 900), level(1500, 1350), true, [['expansion', 450n]]],
    ['more, under the same amount', level(1000, 900), level(1500, 1400), true, [['expansion', 500n]]],
    ['a discount starts', level(100), level(100, 80), true, [['discount_started', -20n]]],
    ['a discount ends', level(100, 80), level(100), true, [['discount_ended', 20n]]],
    ['free for a while, then paying', level(100, 0), level(100), false, [['discount_ended', 100n]]],
    ['free for a while', level(100), level(100, 0), true, [['discount_started', -100n]]],
    [
      'both',
      level(1000),
      level(1500, 1200),
      true,
      [
        ['expansion', 500n],
        ['discount_started', -300n],
      ],
    ],
    ['free all along', level(0), level(100, 0), false, []],
    ['nothing', level(100), level(100), true, []],
  ] as const)('%s', (_, before, after, ever, expected) =>
    expect(movementsBetween(before, after, ever).map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual(
      expected,
    ),
  );

  it('opening plus movements is closing, whatever happens', () => {
    const interval = fc.constantFrom<Interval>('weekly', 'monthly', 'quarterly', 'semiannual', 'yearly');
    const amount = fc.bigInt({ min: 0n, max: 100_000n });
    const state = fc.tuple(
      fc.array(fc.record({ interval, amount, paused: fc.boolean() }), { maxLength: 3 }),
      fc.array(fc.record({ percent: fc.integer({ min: 0, max: 100 }), amount, fixed: fc.boolean() }), {
        maxLength: 2,
      }),
    );
    fc.assert(
      fc.property(fc.array(state, { maxLength: 12 }), (states) => {
        let level = { listMinor: 0n, netMinor: 0n };
        let ledger = 0n;
        for (const [subscriptions, discounts] of states) {
          const parts = revenueOf(
            subscriptions.map((own, i) =>
              subscription({
                id: `${i}`,
                interval: own.interval,
                amountMinor: own.amount,
                paused: own.paused,
              }),
            ),
            discounts.map((own) =>
              discount({
                type: own.fixed ? 'fixed_amount' : 'percentage',
                amountMinor: own.amount,
                percentageRate: String(own.percent),
              }),
            ),
            0,
          );
          const next = {
            listMinor: parts.reduce((sum, part) => sum + part.listMinor, 0n),
            netMinor: parts.reduce((sum, part) => sum + part.netMinor, 0n),
          };
          expect(next.netMinor >= 0n && next.netMinor <= next.listMinor).toBe(true);
          for (const { amountMinor } of movementsBetween(level, next, ledger > 0n)) ledger += amountMinor;
          expect(ledger).toBe(next.netMinor);
          level = next;
        }
      }),
    );
  });
});
