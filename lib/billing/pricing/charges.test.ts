import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceIncrements, advanceQuantities } from '../metering/advance.ts';
import type { UsageEvent } from '../metering/metric.ts';
import type { AggregatedMetric, AggregationType } from '../metering/registry.ts';
import { Exact } from '../money/exact.ts';
import { majorToMinorRounded } from '../money/money.ts';
import { priceInAdvance } from './advance.ts';
import {
  fixedChargeIncrease,
  fixedChargeUnits,
  fixedChargeUpgradeAmount,
  priceFixedCharge,
} from './fixed-charge.ts';
import type { PriceResult } from './model.ts';
import { type ChargeModelName, price } from './registry.ts';
import { trueUp } from './true-up.ts';

const at = (iso: string): number => Date.parse(iso);
const february = {
  windowFrom: at('2023-02-01'),
  windowTo: at('2023-03-01') - 1,
  periodDays: 28,
  timezone: 'UTC',
};

function billEach(
  type: AggregationType,
  model: ChargeModelName,
  properties: Record<string, unknown>,
  rows: Record<string, unknown>[],
): PriceResult[] {
  const metric: AggregatedMetric = {
    code: 'm',
    name: 'Metric',
    aggregationType: type,
    fieldName: 'v',
    recurring: false,
  };
  const events: UsageEvent[] = rows.map((row, i) => ({
    transactionId: `t${i}`,
    sequence: BigInt(i),
    timestamp: at('2023-02-15') + i,
    properties: row,
  }));
  const increments = advanceIncrements(metric, { ...february, events });
  return increments.map((_, i) =>
    priceInAdvance({
      model,
      properties,
      currencyExponent: 2,
      aggregationType: type,
      ...advanceQuantities(increments, i),
    }),
  );
}
const cents = (results: PriceResult[]): bigint[] =>
  results.map(({ amountMajor }) => majorToMinorRounded(amountMajor, 'EUR'));
const values = (...list: number[]): Record<string, unknown>[] => list.map((v) => ({ v }));

describe('pay in advance (6.11)', () => {
  it('sum at 1: +10, \u22126, +10', () =>
    expect(cents(billEach('sum_agg', 'standard', { amount: '1' }, values(10, -6, 10)))).toEqual([
      1000n,
      0n,
      400n,
    ]));
  it('packages of 2 at 100, 3 free: +3, +1, +2', () =>
    expect(
      cents(
        billEach('sum_agg', 'package', { amount: '100', package_size: 2, free_units: 3 }, values(3, 1, 2)),
      ),
    ).toEqual([0n, 10_000n, 10_000n]));
  it('unique at 12: add, again, remove, back', () =>
    expect(
      cents(
        billEach('unique_count_agg', 'standard', { amount: '12' }, [
          { v: 'a' },
          { v: 'a' },
          { v: 'a', operation_type: 'remove' },
          { v: 'a' },
        ]),
      ),
    ).toEqual([1200n, 0n, 0n, 0n]));

  it('graduated percentages are filled event by event', () => {
    const graduated_percentage_ranges = [
      { from_value: 0, to_value: 100, rate: '20', flat_amount: '10' },
      { from_value: 101, to_value: 200, rate: '30', flat_amount: '7' },
      { from_value: 201, to_value: null, rate: '40', flat_amount: '5' },
    ];
    const bills = billEach(
      'sum_agg',
      'graduated_percentage',
      { graduated_percentage_ranges },
      values(50, 100, 300),
    );
    expect(cents(bills)).toEqual([2000n, 3200n, 12_000n]);
    const totals = bills.map(({ details }) =>
      (details.graduated_percentage_ranges as { total_with_flat_amount: string }[]).map(
        (r) => r.total_with_flat_amount,
      ),
    );
    expect(totals).toEqual([['20.0'], ['10.0', '22.0'], ['0.0', '15.0', '105.0']]);
  });

  it('a percentage with two free events', () => {
    const bills = billEach(
      'sum_agg',
      'percentage',
      { rate: '5', fixed_amount: '1', free_units_per_events: 2 },
      values(8, 5, 3),
    );
    expect(cents(bills)).toEqual([0n, 0n, 115n]);
    expect(bills[0]?.details).toMatchObject({ free_events: '1.0', free_units: '8.0', paid_units: '0.0' });
    expect(bills[1]?.details).toMatchObject({ free_events: '1.0', free_units: '5.0', paid_events: '0.0' });
    expect(bills[2]?.details).toMatchObject({
      paid_units: '3.0',
      paid_events: '1.0',
      fixed_fee_unit_amount: '1.0',
      per_unit_total_amount: '0.15',
      fixed_fee_total_amount: '1.0',
    });
  });

  it('both allowances of a count never take back what an event cost before (6.5)', () => {
    const properties = { rate: '100', free_units_per_events: 3, free_units_per_total_aggregation: '1' };
    const results = billEach('count_agg', 'percentage', properties, values(1, 1, 1, 1, 1));
    expect(cents(results)).toEqual([0n, 100n, 100n, 0n, 100n]);
    const rows = results[3]!.working.map(({ kind, amount }) => [kind, amount]);
    expect(rows).toContainEqual(['floor', '1']);
  });

  it('prorated: the rate on the share, told by the whole unit', () => {
    const one = { units: Exact.ONE, eventsCount: 1, perEvent: [] };
    const result = priceInAdvance({
      model: 'standard',
      properties: { amount: '31' },
      currencyExponent: 2,
      aggregationType: 'unique_count_agg',
      before: { units: Exact.ZERO, eventsCount: 0, perEvent: [] },
      after: one,
      proratedIncrement: Exact.ratio(21n, 31n).ceil(5),
    });
    expect(result.amountMajor.toString()).toBe('21.00002');
    expect(result.unitAmountMajor.eq(result.amountMajor)).toBe(true);
  });

  it('billing event by event comes to the bill of the whole', () => {
    const graduated_ranges = [
      { from_value: 0, to_value: 10, per_unit_amount: '2', flat_amount: '1' },
      { from_value: 11, to_value: null, per_unit_amount: '1', flat_amount: '3' },
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 12 }), (list) => {
        const parts = billEach('sum_agg', 'graduated', { graduated_ranges }, values(...list));
        const units = Exact.of(list.reduce((a, b) => a + b, 0));
        const whole = price('graduated', {
          units,
          eventsCount: list.length,
          properties: { graduated_ranges },
          currencyExponent: 2,
        });
        expect(Exact.sum(parts.map((p) => p.amountMajor)).eq(whole.amountMajor)).toBe(true);
        for (const part of parts) {
          expect(Exact.sum(part.working.map((row) => Exact.of(row.amount))).eq(part.amountMajor)).toBe(true);
        }
      }),
    );
  });
});

describe('charge minimum (6.9)', () => {
  it('1000 for 25 of 28 days against 800', () => {
    const fee = trueUp({ minAmountMinor: 1000n, usedMinor: 800n, days: 25, periodDays: 28 });
    expect(fee?.amountMinor).toBe(93n);
    expect(fee?.proratedMinimumMinor.toDecimalString(3)).toBe('892.857');
  });
  it('nothing once it is reached', () =>
    expect(trueUp({ minAmountMinor: 1000n, usedMinor: 893n, days: 25, periodDays: 28 })).toBeNull());
});

describe('fixed charges (6.13)', () => {
  const segment = (units: number, effective: string, created = effective) => ({
    units: String(units),
    effectiveAt: at(effective),
    createdAt: at(created),
  });
  const august = {
    windowFrom: at('2023-07-19'),
    windowTo: at('2023-08-01') - 1,
    periodDays: 31,
    timezone: 'UTC',
  };
  const minor = (result: PriceResult): bigint => majorToMinorRounded(result.amountMajor, 'EUR');

  it('10 units at 1 for 13 of 31 days', () => {
    const quantity = fixedChargeUnits({ ...august, segments: [segment(10, '2023-07-19')], prorated: true });
    expect(minor(priceFixedCharge('standard', { amount: '1' }, quantity, 2))).toBe(419n);
  });
  it('10 units at 200 for 26 of 29 days', () => {
    const window = {
      windowFrom: at('2024-02-04'),
      windowTo: at('2024-03-01') - 1,
      periodDays: 29,
      timezone: 'UTC',
    };
    const quantity = fixedChargeUnits({ ...window, segments: [segment(10, '2024-02-04')], prorated: true });
    expect(minor(priceFixedCharge('standard', { amount: '200' }, quantity, 2))).toBe(179_310n);
  });
  it('an upgrade pays the new price less what was paid for the same days', () =>
    expect(
      fixedChargeUpgradeAmount({
        newAmountMinor: Exact.of(10_000),
        paidAmountMinor: Exact.of(1500),
        daysLeft: 11,
        periodDays: 31,
      }),
    ).toBe(3016n));

  const month = {
    windowFrom: at('2024-03-01'),
    windowTo: at('2024-04-01') - 1,
    periodDays: 31,
    timezone: 'UTC',
  };
  const changes = [segment(10, '2024-01-01'), segment(15, '2024-03-11'), segment(20, '2024-03-21')];
  it('not prorated, the last units are billed whole', () =>
    expect(fixedChargeUnits({ ...month, segments: changes, prorated: false }).units.toString()).toBe('20'));
  it('prorated, each number counts for its days', () => {
    const { units, fullUnits, terms } = fixedChargeUnits({ ...month, segments: changes, prorated: true });
    expect(terms.map(({ days }) => days)).toEqual([10, 10, 11]);
    expect(units.toString()).toBe('15.16129');
    expect(fullUnits.toString()).toBe('20');
  });
  it('the latest decision wins over one that was planned before it', () => {
    const segments = [
      segment(10, '2024-01-01'),
      segment(30, '2024-03-25', '2024-03-02'),
      segment(20, '2024-03-21'),
    ];
    expect(fixedChargeUnits({ ...month, segments, prorated: false }).units.toString()).toBe('20');
  });
  it('an immediate increase bills the difference, a decrease nothing', () => {
    const change = { ...month, at: at('2024-03-06'), previousUnits: Exact.of(10), newUnits: Exact.of(15) };
    const increase = fixedChargeIncrease({ ...change, prorated: false });
    expect(minor(priceFixedCharge('standard', { amount: '10' }, increase, 2))).toBe(5000n);
    expect(fixedChargeIncrease({ ...change, prorated: true }).units.toString()).toBe('4.193548');
    expect(fixedChargeIncrease({ ...change, newUnits: Exact.of(5), prorated: false }).units.isZero()).toBe(
      true,
    );
  });
});
