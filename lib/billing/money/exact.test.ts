import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from './exact.ts';

const exact = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([n, d]) => Exact.ratio(n, d));

describe('Exact reads and writes decimals', () => {
  it.each([
    ['0', '0'],
    ['-12.34', '-12.34'],
    ['10.00', '10'],
    ['0.0002', '0.0002'],
    ['-0.5', '-0.5'],
    ['007.10', '7.1'],
  ])('%s → %s', (text, canonical) => expect(Exact.of(text).toString()).toBe(canonical));

  it.each(['1e3', '+5', '.5', ' 5', '5.', '', '-', '1,5', 'NaN'])('refuses %j', (text) => {
    expect(Exact.parse(text)).toBeNull();
    expect(() => Exact.of(text)).toThrow(RangeError);
  });

  it('refuses a decimal that would take seconds to read, and keeps no long powers in memory', () => {
    expect(Exact.parse(`0.${'1'.repeat(100_000)}`)).toBeNull();
    const before = process.memoryUsage().heapUsed;
    expect(
      Exact.of(`0.${'1'.repeat(9_000)}`)
        .mul(10)
        .floor()
        .toBigInt(),
    ).toBe(1n);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  });

  it('refuses numbers that are no integers', () => expect(() => Exact.of(0.1)).toThrow(RangeError));
  it('writes what does not terminate as a fraction', () => {
    expect(Exact.ratio(2n, 6n).toString()).toBe('1/3');
    expect(Exact.of('1/3').mul(3).eq(1)).toBe(true);
  });
  it('writes the wire form with one decimal at least', () => {
    expect(Exact.of(10).toDecimalString(15, { minOne: true })).toBe('10.0');
    expect(Exact.of('0.25').toDecimalString(15, { minOne: true })).toBe('0.25');
    expect(Exact.ZERO.toDecimalString(15, { minOne: true })).toBe('0.0');
    expect(Exact.ratio(-2n, 3n).toDecimalString(4)).toBe('-0.6667');
    expect(Exact.ratio(-1n, 3000n).toDecimalString(2)).toBe('0');
  });
});

describe('rounding', () => {
  it.each([
    ['2.5', 0, '3', '3', '2', '2'],
    ['-2.5', 0, '-3', '-2', '-3', '-2'],
    ['58.5', 0, '59', '59', '58', '58'],
    ['1.2345', 3, '1.235', '1.235', '1.234', '1.234'],
    ['-0.0049', 2, '0', '0', '-0.01', '0'],
    ['1255', -1, '1260', '1260', '1250', '1250'],
  ] as const)(
    '%s at %i: round %s, ceil %s, floor %s, trunc %s',
    (value, scale, round, ceil, floor, trunc) => {
      const x = Exact.of(value);
      expect([x.round(scale), x.ceil(scale), x.floor(scale), x.trunc(scale)].map(String)).toEqual([
        round,
        ceil,
        floor,
        trunc,
      ]);
    },
  );

  it('toBigInt throws on a fraction', () => expect(() => Exact.of('1.5').toBigInt()).toThrow(RangeError));

  it('stays within half a unit of the value', () => {
    fc.assert(
      fc.property(exact, fc.integer({ min: -3, max: 8 }), (x, scale) => {
        expect(x.round(scale).sub(x).abs().mul(2).lte(Exact.ONE.pow10(-scale))).toBe(true);
        expect(x.floor(scale).lte(x) && x.ceil(scale).gte(x)).toBe(true);
        expect(x.round(scale).neg().eq(x.neg().round(scale))).toBe(true);
      }),
    );
  });
});

describe('laws', () => {
  it('is a field with an order', () => {
    fc.assert(
      fc.property(exact, exact, exact, (a, b, c) => {
        expect(a.add(b).eq(b.add(a))).toBe(true);
        expect(
          a
            .add(b)
            .add(c)
            .eq(a.add(b.add(c))),
        ).toBe(true);
        expect(
          a
            .mul(b)
            .mul(c)
            .eq(a.mul(b.mul(c))),
        ).toBe(true);
        expect(a.mul(b.add(c)).eq(a.mul(b).add(a.mul(c)))).toBe(true);
        expect(a.sub(a).isZero()).toBe(true);
        if (!b.isZero()) expect(a.div(b).mul(b).eq(a)).toBe(true);
        expect(a.cmp(b) + b.cmp(a)).toBe(0);
        expect(a.lt(b)).toBe(a.add(c).lt(b.add(c)));
        expect(Exact.of(a.toString()).eq(a)).toBe(true);
      }),
    );
  });

  it('sums a hundred thousand decimals fast', () => {
    const values = Array.from({ length: 100_000 }, (_, i) => Exact.of(`${i}.${i % 1000}`));
    const before = performance.now();
    expect(Exact.sum(values).isPositive()).toBe(true);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
