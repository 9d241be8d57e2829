import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyCodes, exponentOf, isCurrency, subunits } from './currency.ts';
import { Exact } from './exact.ts';
import { formatMoney, formatQuantity, formatUnitPrice } from './format.ts';
import { allocate, majorToMinorRounded, minorToMajor, sumMinor } from './money.ts';

describe('currencies', () => {
  it.each([
    ['EUR', 2, 100n],
    ['JPY', 0, 1n],
    ['KWD', 3, 1000n],
    ['CLF', 4, 10_000n],
  ] as const)('%s has %i decimals', (code, exponent, units) => {
    expect(exponentOf(code)).toBe(exponent);
    expect(subunits(code)).toBe(units);
  });
  it('knows no others', () => {
    expect(isCurrency('XXX')).toBe(false);
    expect(() => exponentOf('eur')).toThrow(RangeError);
    expect(new Set(currencyCodes).size).toBe(currencyCodes.length);
  });
});

describe('one rounding per fee', () => {
  it.each([
    ['0.402', 'EUR', 40n],
    ['58.5', 'JPY', 59n],
    ['1.0005', 'KWD', 1001n],
    ['-1.005', 'USD', -101n],
  ] as const)('%s %s → %s', (major, currency, minor) => {
    expect(majorToMinorRounded(Exact.of(major), currency)).toBe(minor);
  });
  it('comes back', () => expect(minorToMajor(1234n, 'EUR').toString()).toBe('12.34'));
});

describe('allocation', () => {
  it('gives the remainder to the largest fractions', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n]);
    expect(allocate(5n, [0n, 0n])).toEqual([5n, 0n]);
    expect(allocate(5n, [])).toEqual([]);
  });
  it('sums exactly and is never off by a whole unit', () => {
    const total = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(total, weights, (amount, parts) => {
        const split = allocate(amount, parts);
        expect(sumMinor(split)).toBe(amount);
        const whole = sumMinor(parts);
        if (whole === 0n) return;
        for (const [i, part] of split.entries()) {
          expect(
            Exact.of(part)
              .sub(Exact.ratio(amount * parts[i]!, whole))
              .abs()
              .lt(1),
          ).toBe(true);
        }
      }),
    );
  });
});

describe('as people read it', () => {
  it.each([
    [123_456_789n, 'USD', '$1,234,567.89'],
    [-1250n, 'USD', '\u2212$12.50'],
    [5000n, 'JPY', '¥5,000'],
    [1n, 'KWD', 'KWD\u00a00.001'],
    [900_719_925_474_099_312n, 'EUR', '€9,007,199,254,740,993.12'],
  ] as const)('%s %s → %s', (minor, currency, text) => expect(formatMoney(minor, currency)).toBe(text));

  it('shows the code when asked', () =>
    expect(formatMoney(100n, 'USD', { showCode: true })).toBe('USD\u00a01.00'));

  it.each([
    ['1234567.25', '1,234,567.25'],
    ['-3', '\u22123'],
    ['0.000000000000001', '0.000000000000001'],
  ])('quantity %s → %s', (value, text) => expect(formatQuantity(value)).toBe(text));

  it.each([
    ['0.00002', '$0.02 per 1,000'],
    ['0.0002', '$0.20 per 1,000'],
    ['0.0000000125', '$0.0125 per 1,000,000'],
    ['0.0125', '$0.0125'],
    ['10', '$10.00'],
    ['0', '$0.00'],
  ])('unit price %s → %s', (value, text) => expect(formatUnitPrice(value, 'USD')).toBe(text));
});
