import { describe, expect, it } from 'vitest';
import { computeInvoice } from './compute.ts';
import type { InvoiceFacts, TaxFacts } from './facts.ts';
import { bill, coupon, invoice, plan, sum, tax, usageOf } from './testing/facts-builder.ts';
import { shares } from './testing/lines.ts';

describe('taxes (9)', () => {
  it('one rounding over everything: 950, 0, 570 and 380 make 1900', () => {
    const charges = [
      usageOf('free', { taxes: [tax('0')] }),
      usageOf('minimum', { taxes: [tax('20')], minAmountMinor: 5000n }),
    ];
    const result = computeInvoice(
      invoice({
        subscriptions: [
          bill({
            plan: plan({ amountMinor: 10_000n, charges, taxes: [tax('10')] }),
            usage: { free: sum('50'), minimum: sum('30') },
            history: { subscriptionFeeBilled: true },
          }),
        ],
        coupons: [coupon({ amountMinor: 1000n })],
      }),
    );
    expect(shares(result.fees)).toEqual(['500', '250', '150', '100']);
    expect(result.fees.map((fee) => fee.taxesAmountMinor)).toEqual([950n, 0n, 570n, 380n]);
    expect(result).toMatchObject({
      subTotalExcludingTaxesMinor: 19_000n,
      taxesAmountMinor: 1900n,
      totalAmountMinor: 20_900n,
    });
    expect(result.taxesRate.toString()).toBe('10');
    expect(result.taxes.map((line) => [line.tax.code, line.amountMinor, line.feesAmountMinor])).toEqual([
      ['tax-10', 950n, 9500n],
      ['tax-0', 0n, 4750n],
      ['tax-20', 950n, 4750n],
    ]);
  });

  const item = (kind: 'add_on' | 'credit', taxes: TaxFacts[]) => ({
    kind,
    itemId: kind,
    code: kind,
    name: kind,
    description: null,
    displayName: null,
    units: '1',
    unitAmountMinor: 1000n,
    taxes,
    from: null,
    to: null,
  });
  const bearing = (part: Partial<InvoiceFacts>) =>
    computeInvoice(invoice({ ...part, entityTaxes: [tax('1')] })).fees.flatMap((fee) =>
      fee.taxes.map((own) => own.tax.rate),
    );
  it.each<[string, Partial<InvoiceFacts>, string[]]>([
    ['its own', { type: 'one_off', items: [item('add_on', [tax('5')])] }, ['5']],
    ['several of one level', { type: 'one_off', items: [item('add_on', [tax('5'), tax('6')])] }, ['5', '6']],
    ["the entity's", { type: 'one_off', items: [item('add_on', [])] }, ['1']],
    [
      "the customer's",
      { type: 'one_off', items: [item('add_on', [])], customer: { id: 'c', name: 'C', taxes: [tax('2')] } },
      ['2'],
    ],
    ['none on bought credits', { type: 'credit', items: [item('credit', [])] }, []],
    [
      "the plan's",
      {
        subscriptions: [bill({ plan: plan({ taxes: [tax('3')] }) })],
        customer: { id: 'c', name: 'C', taxes: [tax('2')] },
      },
      ['3'],
    ],
  ])('%s', (_, part, expected) => expect(bearing(part)).toEqual(expected));

  it('weighs rates by lines when nothing is left to tax', () => {
    const result = computeInvoice(
      invoice({
        subscriptions: [bill({ plan: plan({ amountMinor: 0n, taxes: [tax('10'), tax('4')] }) })],
      }),
    );
    expect(result.taxesRate.toString()).toBe('14');
  });
});
