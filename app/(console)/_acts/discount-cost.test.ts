import { describe, expect, it } from 'vitest';
import type { ForecastBill, Outlook, PreviewResult } from '@/lib/commands/preview/types';
import { deltaRows } from './delta-rows';
import { discountCost } from './discount-cost';

const bill = (date: string, off: number, exact = true): ForecastBill => ({
  date,
  totalMinor: String(14_000 - off),
  exact,
  lines: [
    { label: 'Crew', name: 'Crew', working: null, amountMinor: '14000', exact, kind: 'plan' },
    ...(off > 0
      ? [
          {
            label: 'off',
            name: 'off',
            working: null,
            amountMinor: String(-off),
            exact,
            kind: 'discount' as const,
          },
        ]
      : []),
  ],
});
const DAYS = ['2026-11-01', '2026-12-01', '2027-01-01'];
const bills = (offs: number[], exact = true) => DAYS.map((day, index) => bill(day, offs[index] ?? 0, exact));

const outlook = (
  discounts: Outlook['discounts'],
  nextBills: ForecastBill[],
  interval = 'monthly',
): Outlook => ({
  currency: 'USD',
  timezone: 'America/Halifax',
  plan: { code: 'crew', name: 'Crew', amountMinor: '14000', interval },
  trial: null,
  pendingPlan: null,
  creditsMinor: '0',
  owesMinor: '0',
  discounts,
  nextBills,
});
const preview = (before: Outlook, after: Outlook) =>
  ({
    command: 'discounts/apply-discount',
    before,
    after,
    dueNow: { totalMinor: '0', lines: [] },
    givenAwayMinor: '0',
    postponedMinor: '0',
  }) as unknown as PreviewResult;
const none = outlook([], bills([0, 0, 0]));
const of = (billsLeft: number | null, title = '20% off') => ({ title, billsLeft });

describe('what a discount gives away', () => {
  it('is exactly what it takes off the bills that were worked out', () => {
    expect(discountCost(preview(none, outlook([of(2)], bills([2_800, 2_800]))))).toEqual({
      minor: 5_600n,
      exact: true,
      bills: 2,
      known: 2,
    });
  });

  it('beyond them is an estimate like the last one, and so is a bill with use', () => {
    expect(discountCost(preview(none, outlook([of(12)], bills([2_800, 2_800, 2_900]))))).toMatchObject({
      minor: 2_800n + 2_800n + 2_900n + 9n * 2_900n,
      exact: false,
    });
    expect(discountCost(preview(none, outlook([of(1)], bills([2_800], false))))).toMatchObject({
      minor: 2_800n,
      exact: false,
    });
  });

  it('without an end is told by the year, however often is billed', () => {
    const all = bills([2_800, 2_800, 2_800]);
    expect(discountCost(preview(none, outlook([of(null)], all)))).toMatchObject({ minor: 33_600n });
    expect(discountCost(preview(none, outlook([of(null)], all, 'quarterly')))).toMatchObject({
      minor: 11_200n,
    });
  });

  it('leaves out what another discount takes off already', () => {
    const before = outlook([of(3, '10% off')], bills([1_400, 1_400, 1_400]));
    const after = outlook([of(3, '10% off'), of(1)], bills([4_200, 1_400, 1_400]));
    expect(discountCost(preview(before, after))).toMatchObject({ minor: 2_800n, bills: 1 });
  });

  it('stands in the panel with its length', () => {
    const row = (left: number | null, offs: number[]) =>
      deltaRows(preview(none, outlook([of(left)], bills(offs))), '2026-10-13').find(
        ({ label }) => label === 'Given away',
      );
    expect(row(2, [2_800, 2_800])).toMatchObject({ after: '$56.00', difference: 'over 2 bills' });
    expect(row(null, [2_800, 2_800, 2_800])).toMatchObject({
      after: 'about $336.00',
      difference: 'each year',
    });
  });
});
