import { describe, expect, it } from 'vitest';
import { computeChargeUsage } from './current-usage.ts';
import { bill, charge, event, metric, plan, sum, tax, usageOf } from './testing/facts-builder.ts';

const options = { timezone: 'UTC', customer: { taxes: [tax('20')] }, entityTaxes: [], applyTaxes: true };

describe('usage of the running period', () => {
  const filtered = charge({
    id: 'b',
    filters: [
      { id: 'card', displayName: 'Card', values: { method: ['card'] }, properties: { amount: '2' } },
      { id: 'wire', displayName: null, values: { method: ['wire'] }, properties: { amount: '3' } },
    ],
    properties: { amount: '1', pricing_group_keys: ['region'] },
  });
  const events = [
    event('1', '2023-08-02', { v: 5, method: 'card', region: 'eu' }),
    event('2', '2023-08-03', { v: 7, region: 'us' }),
    event('3', '2023-08-04', { v: 1, region: 'eu' }),
  ];
  const running = bill({
    plan: plan({
      amountMinor: 9999n,
      charges: [usageOf('a', { minAmountMinor: 5000n }), filtered, usageOf('c', { payInAdvance: true })],
    }),
    usage: { a: sum('0', 0), b: { kind: 'events', events, history: [] }, c: sum('4', 2) },
  });
  const usage = computeChargeUsage(running, options);

  it('shows every charge, without the plan, without minimums', () => {
    expect(
      usage.charges.map(({ charge: own, amountMinor, eventsCount }) => [own.id, amountMinor, eventsCount]),
    ).toEqual([
      ['a', 0n, 0],
      ['b', 1800n, 3],
      ['c', 400n, 2],
    ]);
    expect(usage).toMatchObject({ amountMinor: 2200n, taxesAmountMinor: 440n, totalAmountMinor: 2640n });
    expect(computeChargeUsage(running, { ...options, applyTaxes: false }).totalAmountMinor).toBe(2200n);
  });
  it('empty filters included, groups with their own filters', () => {
    const [, own, plain] = usage.charges;
    expect(own!.filters.map(({ filter, units }) => [filter?.id ?? null, units.toString()])).toEqual([
      ['card', '5'],
      ['wire', '0'],
      [null, '8'],
    ]);
    expect(
      own!.groups.map(({ groupedBy, units, filters }) => [
        groupedBy.region,
        units.toString(),
        filters.length,
      ]),
    ).toEqual([
      ['eu', '6', 2],
      [null, '0', 1],
      ['us', '7', 1],
    ]);
    expect(plain).toMatchObject({ filters: [], groups: [] });
  });
  it('a seat paid in advance keeps its price when it goes again', () => {
    const seats = charge({
      id: 'seats',
      payInAdvance: true,
      prorated: true,
      metric: metric({ aggregationType: 'unique_count_agg', recurring: true }),
      properties: { amount: '31' },
    });
    const moves = [
      event('1', '2023-08-11', { v: 'a' }),
      event('2', '2023-08-13', { v: 'a', operation_type: 'remove' }),
    ];
    const running = bill({
      plan: plan({ charges: [seats] }),
      usage: { seats: { kind: 'events', events: moves, history: [] } },
    });
    expect(computeChargeUsage(running, options).amountMinor).toBe(2100n);
  });

  it('splits what is shown by the keys of its presentation, not what it costs', () => {
    const team = (v: number, name?: string, method?: string) =>
      event(`${v}${name}${method}`, '2023-08-02', {
        v,
        ...(name ? { team: name } : {}),
        ...(method ? { method } : {}),
      });
    const shown = charge({
      id: 'd',
      filters: [{ id: 'card', displayName: null, values: { method: ['card'] }, properties: { amount: '2' } }],
      properties: { amount: '1', presentation_group_keys: [{ value: 'team' }] },
    });
    const parts = [team(3, 'a'), team(4, 'b'), team(2, 'a'), team(1), team(6, 'a', 'card')];
    const [own] = computeChargeUsage(
      bill({
        plan: plan({ amountMinor: 0n, charges: [shown] }),
        usage: { d: { kind: 'events', events: parts, history: [] } },
      }),
      options,
    ).charges;
    const plainly = (breakdowns: { by: object; units: object }[] = []) =>
      Object.fromEntries(breakdowns.map(({ by, units }) => [JSON.stringify(by), String(units)]));
    expect(own?.amountMinor).toBe(2200n);
    expect(plainly(own?.breakdowns)).toEqual({
      '{"team":"a"}': '11',
      '{"team":"b"}': '4',
      '{"team":null}': '1',
    });
    expect(own?.filters.map(({ filter, breakdowns }) => [filter?.id ?? null, plainly(breakdowns)])).toEqual(
      expect.arrayContaining([
        ['card', { '{"team":"a"}': '6' }],
        [null, { '{"team":"a"}': '5', '{"team":"b"}': '4', '{"team":null}': '1' }],
      ]),
    );
  });
});
