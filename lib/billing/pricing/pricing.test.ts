import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import type { PriceInput, PriceResult } from './model.ts';
import { type ChargeModelName, price } from './registry.ts';

const priceOf = (
  model: ChargeModelName,
  properties: Record<string, unknown>,
  units: string | number,
  rest: Partial<PriceInput> = {},
): PriceResult =>
  price(model, { units: Exact.of(units), eventsCount: 0, properties, currencyExponent: 2, ...rest });
const amount = (...args: Parameters<typeof priceOf>): string => priceOf(...args).amountMajor.toString();
const events = (
  values: (string | number)[],
  shares: (string | number)[] = values,
): Pick<PriceInput, 'perEvent' | 'eventsCount'> => ({
  eventsCount: values.length,
  perEvent: values.map((v, i) => ({ timestamp: i, units: Exact.of(v), prorated: Exact.of(shares[i]!) })),
});
const range = (
  from_value: number,
  to_value: number | null,
  rate: string,
  flat_amount: string,
  field = 'per_unit_amount',
) => ({
  from_value,
  to_value,
  [field]: rate,
  flat_amount,
});

describe('standard (6.1)', () => {
  it.each([
    ['1.25', 4, '5'],
    ['0.0002', 1_000_000, '200'],
    ['0', 12, '0'],
  ])('at %s, %i units cost %s', (rate, units, cost) =>
    expect(amount('standard', { amount: rate }, units)).toBe(cost),
  );
  it('a prorated charge divides by its full units', () => {
    const result = priceOf('standard', { amount: '10' }, '1.5', { fullUnits: Exact.of(2), prorated: true });
    expect([result.amountMajor, result.unitAmountMajor].map(String)).toEqual(['15', '7.5']);
  });
});

describe('graduated (6.2): 0–10 @10 + 2, 11–20 @5 + 3, 21+ @5 + 3', () => {
  const classic = {
    graduated_ranges: [range(0, 10, '10', '2'), range(11, 20, '5', '3'), range(21, null, '5', '3')],
  };
  const adjacent = {
    graduated_ranges: [range(0, 10, '10', '2'), range(10, 20, '5', '3'), range(20, null, '5', '3')],
  };
  it.each([
    [0, '2'],
    [1, '12'],
    [10, '102'],
    ['10.5', '107.5'],
    [11, '110'],
    [12, '115'],
    [21, '163'],
  ])('%s units cost %s, however the ranges are written', (units, cost) => {
    expect(amount('graduated', classic, units)).toBe(cost);
    expect(amount('graduated', adjacent, units)).toBe(cost);
  });
  it('tells only the ranges reached', () =>
    expect(priceOf('graduated', classic, 11).details).toEqual({
      graduated_ranges: [
        {
          from_value: 0,
          to_value: 10,
          flat_unit_amount: '2.0',
          per_unit_amount: '10.0',
          units: '10.0',
          per_unit_total_amount: '100.0',
          total_with_flat_amount: '102.0',
        },
        {
          from_value: 11,
          to_value: 20,
          flat_unit_amount: '3.0',
          per_unit_amount: '5.0',
          units: '1.0',
          per_unit_total_amount: '5.0',
          total_with_flat_amount: '8.0',
        },
      ],
    }));
});

describe('graduated percentage (6.3): 0–10 1 % + 200, 11–20 2 % + 300, 21+ 3 % + 400', () => {
  const ranges = {
    graduated_percentage_ranges: [
      range(0, 10, '1', '200', 'rate'),
      range(11, 20, '2', '300', 'rate'),
      range(21, null, '3', '400', 'rate'),
    ],
  };
  it.each([
    [0, '200'],
    [1, '200.01'],
    [10, '200.1'],
    [11, '500.12'],
    [21, '900.33'],
  ])('%i units cost %s', (units, cost) => expect(amount('graduated_percentage', ranges, units)).toBe(cost));
});

describe('package (6.4): 100 per started 10', () => {
  it.each([
    [121, 0, '1300'],
    [121, 10, '1200'],
    [121, 200, '0'],
    [0, 0, '0'],
    [120, 0, '1200'],
    ['0.5', 0, '100'],
  ])('%s units with %i free cost %s', (units, free_units, cost) =>
    expect(amount('package', { amount: '100', package_size: 10, free_units }, units)).toBe(cost),
  );
  it('tells free and paid units', () =>
    expect(priceOf('package', { amount: '100', package_size: 10, free_units: 10 }, 121).details).toEqual({
      free_units: '10.0',
      paid_units: '111.0',
      per_package_size: 10,
      per_package_unit_amount: '100.0',
    }));
});

describe('percentage (6.5): 1.3 % and 2 per event on 50, 100, 250, 400', () => {
  const terms = { rate: '1.3', fixed_amount: '2' };
  const four = events([50, 100, 250, 400]);
  it.each([
    ['both allowances', { free_units_per_events: 3, free_units_per_total_aggregation: '250' }, '11.15'],
    ['the volume only', { free_units_per_total_aggregation: '250' }, '11.15'],
    ['the events only', { free_units_per_events: 3 }, '7.2'],
    ['none', {}, '18.4'],
    ['a volume never reached', { free_units_per_events: 3, free_units_per_total_aggregation: '500' }, '7.2'],
    ['more free events than events', { free_units_per_events: 5 }, '0'],
    ['reaching the volume exactly pays the fixed fee', { free_units_per_total_aggregation: '150' }, '14.45'],
    [
      'a volume reached by the first event leaves the free events',
      { free_units_per_events: 3, free_units_per_total_aggregation: '50' },
      '11.75',
    ],
  ])('%s: %j costs %s', (_, allowances, cost) =>
    expect(amount('percentage', { ...terms, ...allowances }, 800, four)).toBe(cost),
  );

  it('no units cost nothing', () => expect(amount('percentage', terms, 0, events([0]))).toBe('0'));

  it('counts keep their whole running total', () => {
    const allowances = { ...terms, free_units_per_events: 3, free_units_per_total_aggregation: '2' };
    const count = { aggregationType: 'count_agg', eventsCount: 5 } as const;
    expect(priceOf('percentage', allowances, 5, count).details).toMatchObject({
      free_units: '3.0',
      paid_units: '2.0',
      free_events: '1.0',
    });
  });

  it('tells every figure', () =>
    expect(priceOf('percentage', { ...terms, free_units_per_events: 3 }, 800, four).details).toEqual({
      units: '800.0',
      free_units: '400.0',
      free_events: '3.0',
      paid_units: '400.0',
      rate: '1.3',
      per_unit_total_amount: '5.2',
      paid_events: '1.0',
      fixed_fee_unit_amount: '2.0',
      fixed_fee_total_amount: '2.0',
      min_max_adjustment_total_amount: '0.0',
    }));

  it('asks for the events where it needs them', () =>
    expect(() =>
      amount('percentage', { rate: '1', free_units_per_events: 1 }, 5, { eventsCount: 1 }),
    ).toThrow(RangeError));
});

describe('percentage with limits (6.5): 2.99 % on 10, 80, 10 000, at least 1.75, at most 12', () => {
  const terms = { rate: '2.99', per_transaction_min_amount: '1.75', per_transaction_max_amount: '12' };
  it.each([
    ['as it is', {}, '16.142'],
    ['with 2 per event', { fixed_amount: '2' }, '18.691'],
    ['with two free events', { free_units_per_events: 2 }, '12'],
    ['with 30 free', { free_units_per_total_aggregation: '30' }, '13.794'],
    [
      'the volume overrides the events',
      { free_units_per_events: 3, free_units_per_total_aggregation: '30' },
      '13.794',
    ],
  ])('%s', (_, more, cost) =>
    expect(amount('percentage', { ...terms, ...more }, 10_090, events([10, 80, 10_000]))).toBe(cost),
  );
  it('an event of nothing is free as long as something is', () => {
    const free = { ...terms, free_units_per_total_aggregation: '30' };
    expect(amount('percentage', free, 20, events([10, 0, 10]))).toBe('0');
    expect(amount('percentage', free, 40, events([40, 0]))).toBe('3.5');
  });
});

describe('volume (6.6): 0–100 @2 + 10, 101–200 @1, 201+ @0.5 + 50', () => {
  const ranges = {
    volume_ranges: [range(0, 100, '2', '10'), range(101, 200, '1', '0'), range(201, null, '0.5', '50')],
  };
  it.each([
    [0, '10'],
    [1, '12'],
    [100, '210'],
    ['100.5', '100.5'],
    [200, '200'],
    [201, '150.5'],
  ])('%s units cost %s', (units, cost) => expect(amount('volume', ranges, units)).toBe(cost));
  it('prorated: full units choose the range, prorated units are priced', () =>
    expect(amount('volume', ranges, 60, { fullUnits: Exact.of(120), prorated: true })).toBe('60'));
  it('tells the range', () =>
    expect(priceOf('volume', ranges, 1).details).toEqual({
      flat_unit_amount: '10.0',
      per_unit_amount: '2.0',
      per_unit_total_amount: '2.0',
    }));
});

describe('dynamic (6.6)', () => {
  it('20 units carrying 40.2 cents cost 0.402', () =>
    expect(amount('dynamic', {}, 20, { preciseTotalAmountMinor: Exact.of('40.2') })).toBe('0.402'));
  it('nothing without units', () =>
    expect(amount('dynamic', {}, 0, { preciseTotalAmountMinor: Exact.of('40.2') })).toBe('0'));
});

describe('prorated graduated (6.12): 0–5 @10 + 100, 6+ @5 + 50', () => {
  const ranges = { graduated_ranges: [range(0, 5, '10', '100'), range(6, null, '5', '50')] };
  const prorated = (sizes: number[], shares: (string | number)[]): PriceResult =>
    priceOf('graduated', ranges, 0, { ...events(sizes, shares), fullUnits: Exact.of(14), prorated: true });
  it.each([
    ['up and down again', [5, 5, 10, -6], ['3.5', '2.66667', 2, '-2.2'], '197.33'],
    ['an event across the border', [2, 5, 10, -6], ['1.4', '2.66667', 2, '-2.2'], '184.33'],
    ['nothing at all', [], [], '100'],
    ['back below zero', [5, -6], [1, -1], '0'],
    ['a negative sum leaves the flat fees', [5, -4], ['0.5', -1], '100'],
    ['an addition without days is skipped', [5, 5], [5, 0], '150'],
  ] as const)('%s costs %s', (_, sizes, shares, cost) =>
    expect(prorated([...sizes], [...shares]).amountMajor.toDecimalString(2)).toBe(cost),
  );
});

describe('every price', () => {
  const money = fc.integer({ min: 0, max: 10_000 }).map((n) => Exact.of(n).pow10(-2).toString());
  const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
  const ranges = fc
    .tuple(steps, fc.array(fc.tuple(money, money), { minLength: 5, maxLength: 5 }))
    .map(([widths, prices]) => {
      let from = 0;
      const list = widths.map((width, i) => {
        const to = from + width;
        const [rate, flat] = prices[i]!;
        const made = range(from, to, rate, flat);
        from = to + 1;
        return made;
      });
      const [rate, flat] = prices[4]!;
      return [...list, range(from, null, rate, flat)];
    });
  const quantity = fc.integer({ min: 0, max: 20_000 }).map((n) => Exact.of(n).pow10(-2));

  it('graduated tiers never cost less for more', () => {
    fc.assert(
      fc.property(ranges, quantity, quantity, (graduated_ranges, a, b) => {
        const cost = (units: Exact): Exact =>
          priceOf('graduated', { graduated_ranges }, units.toString()).amountMajor;
        expect(cost(a.min(b)).lte(cost(a.max(b)))).toBe(true);
      }),
    );
  });

  it('is the sum of its working', () => {
    const cases = fc.oneof(
      ranges.map((r) => ['graduated', { graduated_ranges: r }] as const),
      ranges.map((r) => ['volume', { volume_ranges: r }] as const),
      ranges.map(
        (r) =>
          [
            'graduated_percentage',
            {
              graduated_percentage_ranges: r.map(({ per_unit_amount, ...rest }) => ({
                ...rest,
                rate: per_unit_amount,
              })),
            },
          ] as const,
      ),
      fc
        .record({
          amount: money,
          package_size: fc.integer({ min: 1, max: 50 }),
          free_units: fc.integer({ min: 0, max: 50 }),
        })
        .map((p) => ['package', p] as const),
      fc
        .record({
          rate: money,
          fixed_amount: money,
          per_transaction_max_amount: money,
          free_units_per_events: fc.integer({ min: 0, max: 3 }),
        })
        .map((p) => ['percentage', p] as const),
      fc.record({ amount: money }).map((p) => ['standard', p] as const),
    );
    fc.assert(
      fc.property(cases, fc.array(quantity, { maxLength: 8 }), ([model, properties], values) => {
        const units = Exact.sum(values);
        const result = priceOf(model, properties, units.toString(), events(values.map(String)));
        const working = Exact.sum(result.working.map((row) => Exact.of(row.amount)));
        expect(working.eq(result.amountMajor)).toBe(true);
        expect(result.amountMajor.isNegative()).toBe(false);
        expect(result.unitAmountMajor.mul(units).eq(units.isZero() ? 0 : result.amountMajor)).toBe(true);
      }),
    );
  });

  it('prorating everything by the whole period changes nothing', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }),
        (graduated_ranges, sizes) => {
          const units = sizes.reduce((a, b) => a + b, 0);
          const whole = priceOf('graduated', { graduated_ranges }, units).amountMajor;
          const walked = priceOf('graduated', { graduated_ranges }, units, {
            ...events(sizes),
            prorated: true,
          }).amountMajor;
          expect(walked.eq(whole)).toBe(true);
        },
      ),
    );
  });
});
