import { describe, expect, it } from 'vitest';
import { computeInvoice } from './compute.ts';
import type { ChargeFacts, TaxFacts } from './facts.ts';
import { bill, coupon, invoice, plan, sum, tax, usageOf } from './testing/facts-builder.ts';
import { shares } from './testing/lines.ts';

describe('coupons (8)', () => {
  const rates = (second: TaxFacts): Partial<ChargeFacts>[] => [{ taxes: [tax('10')] }, { taxes: [second] }];
  const four = (name: string) =>
    [10, 20, 30, 40].map((_, i) => usageOf(`${name}${i + 1}`, { ...rates(tax('20'))[i === 1 ? 1 : 0] }));
  const usage = (name: string) =>
    Object.fromEntries([10, 20, 30, 40].map((units, i) => [`${name}${i + 1}`, sum(String(units))]));
  const two = ['p', 'q'].map((name) =>
    bill({
      subscriptionId: name,
      billSubscriptionFee: false,
      plan: plan({ id: `plan-${name}`, charges: four(name) }),
      usage: usage(name),
    }),
  );

  it('metrics first, then plans, then all; five decimals after each (8.5)', () => {
    const result = computeInvoice(
      invoice({
        subscriptions: two,
        coupons: [
          coupon({ id: 'all', amountMinor: 500n, createdAt: 1 }),
          coupon({ id: 'plan', amountMinor: 1000n, planIds: ['plan-q'], createdAt: 2 }),
          coupon({ id: 'metrics', amountMinor: 2000n, metricIds: ['metric-p1', 'metric-p2'], createdAt: 3 }),
        ],
      }),
    );
    expect(shares(result.fees)[0]).toBe('676.47059');
    expect(result.fees.map((fee) => fee.taxesAmountMinor)).toEqual([
      32n,
      129n,
      291n,
      388n,
      87n,
      349n,
      262n,
      349n,
    ]);
    expect(result.fees[0]?.taxesPreciseAmountMinor.toDecimalString(6)).toBe('32.352941');
    expect(result).toMatchObject({
      feesAmountMinor: 20_000n,
      couponsAmountMinor: 3500n,
      subTotalExcludingTaxesMinor: 16_500n,
      taxesAmountMinor: 1889n,
      totalAmountMinor: 18_389n,
    });
  });

  const applied = (part: Parameters<typeof coupon>[0]) =>
    computeInvoice(invoice({ subscriptions: two, coupons: [coupon(part)] })).coupons.map(
      (use) => use.amountMinor,
    );
  it.each([
    ['once: what is left of it', { amountMinor: 1000n, usedMinor: 400n }, [600n]],
    ['once: used up', { amountMinor: 1000n, usedMinor: 1000n }, []],
    [
      'forever: the whole amount each time',
      { amountMinor: 1000n, usedMinor: 5000n, frequency: 'forever' },
      [1000n],
    ],
    ['never more than the lines', { amountMinor: 50_000n }, [20_000n]],
    ['recurring: none left', { amountMinor: 1n, frequency: 'recurring', frequencyDurationRemaining: 0 }, []],
    ['recurring: one left', { amountMinor: 1n, frequency: 'recurring', frequencyDurationRemaining: 1 }, [1n]],
    ['another currency', { amountMinor: 1000n, currency: 'USD' }, []],
    ['a percentage in any currency', { type: 'percentage', percentageRate: '12.5', currency: null }, [2500n]],
    ['no line on its plan', { amountMinor: 1000n, planIds: ['elsewhere'] }, []],
  ] as const)('%s', (_, part, expected) =>
    expect(applied(part as Parameters<typeof coupon>[0])).toEqual(expected),
  );
});
