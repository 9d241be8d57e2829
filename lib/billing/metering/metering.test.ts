import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { advanceIncrements } from './advance.ts';
import { aggregate, aggregated } from './aggregate.ts';
import type { AggregationInput, Mergeable, UsageEvent } from './metric.ts';
import { type AggregatedMetric, type AggregationType, aggregations } from './registry.ts';

const at = (iso: string): number => Date.parse(iso);
let sequence = 0n;
function event(day: string, properties: Record<string, unknown> = {}, amount?: string): UsageEvent {
  sequence += 1n;
  return {
    transactionId: `t${sequence}`,
    sequence,
    timestamp: at(day),
    properties,
    ...(amount ? { preciseTotalAmountMinor: Exact.of(amount) } : {}),
  };
}
const value = (day: string, v: unknown): UsageEvent => event(day, { v });
const seat = (day: string, v: string, operation_type?: string): UsageEvent =>
  event(day, operation_type ? { v, operation_type } : { v });

const metric = (
  aggregationType: AggregationType,
  rest: Partial<AggregatedMetric> = {},
): AggregatedMetric => ({
  code: 'm',
  name: 'Metric',
  aggregationType,
  fieldName: 'v',
  recurring: false,
  ...rest,
});
const august: Omit<AggregationInput, 'events'> = {
  windowFrom: at('2023-08-01'),
  windowTo: at('2023-09-01') - 1,
  periodDays: 31,
  timezone: 'UTC',
};
const figures = (
  type: AggregatedMetric,
  events: UsageEvent[],
  rest: Partial<AggregationInput> = {},
): unknown => {
  const result = aggregate(type, { ...august, ...rest, events });
  return [result.units.toString(), result.eventsCount];
};

describe('which values count (5.2)', () => {
  it.each([
    ['5', '5'],
    ['-2.50', '-2.5'],
    [12.434, '12.434'],
    [1e-7, '0.0000001'],
    [1e21, '1000000000000000000000'],
    ['1e3', null],
    ['+5', null],
    ['.5', null],
    [' 5', null],
    ['', null],
    [null, null],
    [true, null],
    [undefined, null],
  ])('%j → %s', (v, counted) => {
    const { units, eventsCount } = aggregate(metric('sum_agg'), {
      ...august,
      events: [value('2023-08-02', v), value('2023-08-02', 3)],
    });
    expect(eventsCount).toBe(counted === null ? 1 : 2);
    expect(
      units.eq(
        Exact.of(counted ?? 0)
          .add(3)
          .max(0),
      ),
    ).toBe(true);
  });

  it('sees both ends of the window and nothing outside', () => {
    const days = [
      '2023-07-31T23:59:59.999Z',
      '2023-08-01T00:00:00Z',
      '2023-08-31T23:59:59.999Z',
      '2023-09-01T00:00:00Z',
    ];
    expect(
      figures(
        metric('count_agg'),
        days.map((day) => event(day)),
      ),
    ).toEqual(['2', 2]);
  });
});

describe('aggregations (5.3)', () => {
  const days = ['2023-08-03', '2023-08-01', '2023-08-02'];
  it.each([
    ['count_agg', [5, 20, 3], '3', 3],
    ['sum_agg', [5, 20, 3], '28', 3],
    ['sum_agg', [5, -20, 3], '0', 3],
    ['max_agg', [5, 20, 3], '20', 3],
    ['max_agg', [-5, -20, -3], '0', 3],
    ['latest_agg', [5, 20, 3], '5', 3],
    ['latest_agg', [-5, 20, 3], '0', 3],
    ['count_agg', [], '0', 0],
    ['sum_agg', [], '0', 0],
    ['max_agg', [], '0', 0],
    ['latest_agg', [], '0', 0],
    ['unique_count_agg', [], '0', 0],
    ['weighted_sum_agg', [], '0', 0],
  ] as const)('%s of %j is %s', (type, values, units, count) => {
    expect(
      figures(
        metric(type),
        values.map((v, i) => value(days[i]!, v)),
      ),
    ).toEqual([units, count]);
  });

  it('the later ingested of two latest wins', () =>
    expect(figures(metric('latest_agg'), [value('2023-08-03', 1), value('2023-08-03', 2)].reverse())).toEqual(
      ['2', 2],
    ));

  it('carries the amounts of the dynamic model', () => {
    const events = [event('2023-08-01', { v: 10 }, '10.1'), event('2023-08-02', { v: 10 }, '30.1')];
    expect(aggregate(metric('sum_agg'), { ...august, events }).preciseTotalAmountMinor?.toString()).toBe(
      '40.2',
    );
  });
});

describe('unique counts (5.4)', () => {
  it.each([
    ['distinct values', [seat('2023-08-01', 'a'), seat('2023-08-02', 'b'), seat('2023-08-03', 'a')], '2'],
    ['added and removed', [seat('2023-08-01', 'a'), seat('2023-08-02', 'a', 'remove')], '0'],
    ['a leading removal is void', [seat('2023-08-01', 'a', 'remove'), seat('2023-08-02', 'a', 'add')], '1'],
    [
      'repeated operations are void',
      [
        seat('2023-08-01', 'a'),
        seat('2023-08-02', 'a', 'remove'),
        seat('2023-08-03', 'a', 'remove'),
        seat('2023-08-04', 'a'),
      ],
      '1',
    ],
    [
      'values of other types',
      [event('2023-08-01', { v: 7 }), event('2023-08-01', { v: '7' }), event('2023-08-01', {})],
      '1',
    ],
  ])('%s', (_, events, units) =>
    expect(figures(metric('unique_count_agg'), events)).toEqual([units, Number(units)]),
  );

  it('a metered count ignores what was added before, a recurring one counts it', () => {
    const events = [seat('2023-07-01', 'a'), seat('2023-08-02', 'b')];
    expect(figures(metric('unique_count_agg'), events)).toEqual(['1', 1]);
    expect(figures(metric('unique_count_agg', { recurring: true }), events)).toEqual(['2', 2]);
    expect(
      figures(metric('unique_count_agg', { recurring: true }), [
        ...events,
        seat('2023-08-03', 'a', 'remove'),
      ]),
    ).toEqual(['1', 1]);
  });
});

describe('weighted sums (5.5)', () => {
  const variations = [
    ['00:00', 2],
    ['01:00', 3],
    ['01:30', 1],
    ['02:00', -4],
    ['04:00', -2],
    ['05:00', 10],
    ['05:30', -10],
  ].map(([time, v]) => value(`2023-08-01T${time}:00Z`, v));

  it('16.5 unit hours of 744', () => {
    const { units, totalAggregatedUnits, eventsCount } = aggregate(metric('weighted_sum_agg'), {
      ...august,
      events: variations,
    });
    expect(units.toDecimalString(5)).toBe('0.02218');
    expect(units.eq(Exact.ratio(59_400n, 2_678_400n).ceil(20))).toBe(true);
    expect(totalAggregatedUnits.isZero()).toBe(true);
    expect(eventsCount).toBe(7);
  });
  it('one event at the start stands for the whole period', () =>
    expect(figures(metric('weighted_sum_agg'), [value('2023-08-01', 1000)])).toEqual(['1000', 1]));
  it('a recurring level is carried over, from a persisted level or from history', () => {
    const recurring = metric('weighted_sum_agg', { recurring: true });
    expect(figures(recurring, [], { carriedOver: { units: Exact.of(1000) } })).toEqual(['1000', 0]);
    expect(figures(recurring, [value('2023-07-01', 1000)])).toEqual(['1000', 0]);
    expect(
      aggregate(recurring, {
        ...august,
        events: [value('2023-07-01', 5), value('2023-08-16', 5)],
      }).totalAggregatedUnits.toString(),
    ).toBe('10');
  });
  it('divides by the full period, in a truncated window too', () =>
    expect(
      figures(metric('weighted_sum_agg'), [value('2023-08-01', 31)], { windowTo: at('2023-08-11') - 1 }),
    ).toEqual(['10', 1]));
});

describe('rounding of units (5.6)', () => {
  it.each([
    ['round', 0, '12'],
    ['ceil', 2, '12.44'],
    ['floor', 1, '12.4'],
    ['ceil', -1, '20'],
  ] as const)('%s at %i', (fn, precision, units) => {
    const rounded = metric('sum_agg', { rounding: { fn, precision } });
    expect(figures(rounded, [value('2023-08-01', '12.434')])).toEqual([units, 1]);
    expect(aggregated(rounded, { units: Exact.of('12.434'), eventsCount: 1 }).units.toString()).toBe(units);
  });
});

describe('prorated recurring usage (5.9)', () => {
  const sum = metric('sum_agg', { recurring: true });
  const unique = metric('unique_count_agg', { recurring: true });
  const stock = [value('2023-07-01', 2.5), value('2023-07-01', 2.5)];

  it('sum: 5 from before, twice 12 on day 26 of 31', () => {
    const result = aggregate(sum, {
      ...august,
      prorated: true,
      events: [...stock, value('2023-08-26', 12), value('2023-08-26', 12)],
    });
    expect([result.units, result.fullUnits].map(String)).toEqual(['9.64517', '29']);
    expect(result.eventsCount).toBe(4);
    expect(result.perEvent?.map(({ units, prorated }) => [String(units), String(prorated)])).toEqual([
      ['5', '5'],
      ['12', '2.32259'],
      ['12', '2.32259'],
    ]);
  });

  it('unique: one carried, one added on day 11 of 31', () => {
    const result = aggregate(unique, {
      ...august,
      prorated: true,
      events: [seat('2023-07-01', 'a'), seat('2023-08-11', 'b')],
    });
    expect([result.units, result.fullUnits].map(String)).toEqual(['1.67742', '2']);
  });

  it.each([
    ['terminated after 16 of 31 days', false, Exact.ratio(16n, 31n)],
    ['upgraded on that same day', true, Exact.ratio(15n, 31n)],
  ])('%s', (_, upgraded, share) => {
    const closing = { ...august, windowTo: at('2023-08-16T09:00:00Z'), prorated: true, upgraded };
    expect(aggregate(unique, { ...closing, events: [seat('2023-07-01', 'a')] }).units.eq(share.ceil(5))).toBe(
      true,
    );
    expect(aggregate(sum, { ...closing, events: [value('2023-07-01', 1)] }).units.eq(share.ceil(5))).toBe(
      true,
    );
  });

  it.each([
    [
      'add and remove on one day count that day',
      [seat('2023-08-11T01:00Z', 'a'), seat('2023-08-11T02:00Z', 'a', 'remove')],
      1n,
    ],
    [
      'removed and re-added the same day never left',
      [
        seat('2023-08-11T01:00Z', 'a'),
        seat('2023-08-11T02:00Z', 'a', 'remove'),
        seat('2023-08-11T03:00Z', 'a'),
      ],
      21n,
    ],
    [
      'back a day later',
      [seat('2023-08-01', 'a'), seat('2023-08-10', 'a', 'remove'), seat('2023-08-22', 'a')],
      20n,
    ],
    ['gone before the period', [seat('2023-07-01', 'a'), seat('2023-07-20', 'a', 'remove')], 0n],
    ['carried and removed on day 10', [seat('2023-07-01', 'a'), seat('2023-08-10', 'a', 'remove')], 10n],
  ])('%s', (_, events, days) => {
    const { units, perEvent } = aggregate(unique, { ...august, prorated: true, events });
    expect(units.eq(Exact.ratio(days, 31n).ceil(5))).toBe(true);
    const changes = Exact.sum((perEvent ?? []).map(({ prorated }) => prorated));
    expect(changes.sub(units).abs().lt(Exact.of('0.0001'))).toBe(true);
  });

  it('a month with a clock change has its nominal days', () => {
    const march = {
      windowFrom: at('2024-03-01T05:00:00Z'),
      windowTo: at('2024-04-01T04:00:00Z') - 1,
      periodDays: 31,
      timezone: 'America/New_York',
    };
    expect(
      aggregate(sum, { ...march, prorated: true, events: [value('2024-02-01', 7)] }).units.toString(),
    ).toBe('7');
  });
});

describe('pay in advance (6.11)', () => {
  const increments = (
    type: AggregatedMetric,
    events: UsageEvent[],
    rest: Partial<AggregationInput> = {},
  ): string[] =>
    advanceIncrements(type, { ...august, ...rest, events }).map(({ increment }) => increment.toString());

  it('sum: +10, \u22126, +10 bills 10, 0 and 4', () =>
    expect(
      increments(metric('sum_agg'), [
        value('2023-08-01', 10),
        value('2023-08-02', -6),
        value('2023-08-03', 10),
      ]),
    ).toEqual(['10', '0', '4']));
  it('unique: the same value again, and one removed and re-added, are free', () =>
    expect(
      increments(metric('unique_count_agg'), [
        seat('2023-08-01', 'a'),
        seat('2023-08-02', 'a'),
        seat('2023-08-03', 'a', 'remove'),
        seat('2023-08-04', 'a'),
      ]),
    ).toEqual(['1', '0', '0', '0']));
  it('count: one each', () =>
    expect(increments(metric('count_agg'), [event('2023-08-01'), event('2023-08-01')])).toEqual(['1', '1']));
  it('a recurring value starts from what was carried over', () =>
    expect(
      increments(metric('unique_count_agg', { recurring: true }), [
        seat('2023-07-01', 'a'),
        seat('2023-08-02', 'b'),
      ]),
    ).toEqual(['1']));
  it('prorates to the end of the period', () => {
    const [first] = advanceIncrements(metric('unique_count_agg', { recurring: true }), {
      ...august,
      prorated: true,
      events: [seat('2023-08-11', 'a')],
    });
    expect(first?.prorated.eq(Exact.ratio(21n, 31n).ceil(5))).toBe(true);
  });
  it('refuses what is never billed in advance', () =>
    expect(() => increments(metric('max_agg'), [])).toThrow(RangeError));
});

describe('splitting changes nothing', () => {
  const types = ['count_agg', 'sum_agg', 'max_agg', 'latest_agg', 'unique_count_agg'] as const;
  const usage = fc.array(
    fc.record({
      hour: fc.integer({ min: 0, max: 743 }),
      v: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constantFrom('1.25', '-0.75', 'x', null)),
      operation_type: fc.constantFrom('add', 'remove'),
      chunk: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 40 },
  );

  it.each(types)('%s: partials merged in any order equal the raw events', (type) => {
    const facts = metric(type);
    const mergeable = aggregations[type].mergeable as Mergeable<unknown>;
    fc.assert(
      fc.property(usage, fc.boolean(), (rows, backwards) => {
        const events = rows.map(({ hour, v, operation_type }) =>
          event(new Date(august.windowFrom + hour * 3_600_000).toISOString(), { v, operation_type }),
        );
        const chunks = [0, 1, 2, 3].map((chunk) =>
          events
            .filter((_, i) => rows[i]!.chunk === chunk)
            .reduce((partial, e) => mergeable.add(partial, e, facts), mergeable.empty()),
        );
        if (backwards) chunks.reverse();
        const merged = mergeable.result(chunks.reduce((a, b) => mergeable.merge(a, b)));
        const raw = aggregate(facts, { ...august, events });
        expect(merged.units.max(0).eq(raw.units)).toBe(true);
        expect(merged.eventsCount).toBe(raw.eventsCount);
      }),
    );
  });

  it('the order in which events arrive does not matter', () => {
    fc.assert(
      fc.property(usage, fc.constantFrom(...types, 'weighted_sum_agg' as const), (rows, type) => {
        const events = rows.map(({ hour, v, operation_type }) =>
          event(new Date(august.windowFrom + hour * 3_600_000).toISOString(), { v, operation_type }),
        );
        const facts = metric(type);
        const shuffled = aggregate(facts, { ...august, events: [...events].reverse() });
        expect(shuffled.units.eq(aggregate(facts, { ...august, events }).units)).toBe(true);
      }),
    );
  });
});
