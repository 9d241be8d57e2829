import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount } from './parse-amount';

const USD = { code: 'USD', digits: 2 };
const JPY = { code: 'JPY', digits: 0 };
const KWD = { code: 'KWD', digits: 3 };

const minor = (text: string, currency = USD) => {
  const read = parseAmount(text, currency);
  return read.ok ? read.minor : read.reason;
};

describe('parseAmount', () => {
  it.each([
    ['140', 14000n],
    ['140.00', 14000n],
    ['$140', 14000n],
    ['USD 140', 14000n],
    ['140 usd', 14000n],
    ['1,234.50', 123450n],
    ['1.234,50', 123450n],
    ['1 234,50', 123450n],
    ['1\u202f234,50', 123450n],
    ["1'234.50", 123450n],
    ['1,234', 123400n],
    ['1,234,567', 123456700n],
    ['1.234.567', 123456700n],
    ['12,5', 1250n],
    ['.50', 50n],
    ['0.5', 50n],
    ['1.2k', 120000n],
    ['1,2K', 120000n],
    ['3m', 300000000n],
    ['1,234.5k', 123450000n],
    ['007', 700n],
    ['0', 0n],
  ])('reads %s', (text, expected) => {
    expect(minor(text)).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['ten', 'not-a-number'],
    ['1.234', 'ambiguous'],
    ['1.234,5', 'ambiguous'],
    ['1.234k', 'ambiguous'],
    ['1,23,456', 'not-a-number'],
    ['12 34', 'not-a-number'],
    ['1,234.567.8', 'not-a-number'],
    ['-40', 'negative'],
    ['−40', 'negative'],
    ['0.125', 'too-precise'],
    ['1.2345', 'too-precise'],
    ['1.23456789k', 'too-precise'],
  ])('refuses %s as %s', (text, reason) => {
    expect(minor(text)).toBe(reason);
  });

  it('asks in words which of two readings is meant', () => {
    expect(parseAmount('1.234,5', USD)).toMatchObject({
      message: 'Is this 1,234.50 or 1.2345? Write it once more.',
    });
    expect(parseAmount('1.234', USD)).toMatchObject({
      message: 'Is this 1,234.00 or 1.23? Write it once more.',
    });
  });

  it('follows the decimals of the currency', () => {
    expect(minor('1,234', JPY)).toBe(1234n);
    expect(minor('1.234', JPY)).toBe(1234n);
    expect(minor('12.5', JPY)).toBe('too-precise');
    expect(minor('1.234', KWD)).toBe('ambiguous');
    expect(minor('1.5', KWD)).toBe(1500n);
  });

  it('gives back any amount written out in full, in either manner', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), (amount) => {
        const text = amount.toString().padStart(3, '0');
        const whole = text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
        const english = `${whole}.${text.slice(-2)}`;
        const german = english.replace(/[.,]/g, (c) => (c === '.' ? ',' : '.'));
        const french = english.replace(/[.,]/g, (c) => (c === '.' ? ',' : '\u00a0'));
        for (const written of [english, german, french]) {
          const read = parseAmount(written, USD);
          expect(read).toEqual({
            ok: true,
            minor: amount,
            decimal: `${text.slice(0, -2)}.${text.slice(-2)}`,
          });
        }
      }),
    );
  });

  it('never reads anything as a number without digits, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseAmount(text, USD);
        if (read.ok) expect(text).toMatch(/\d/);
      }),
    );
  });
});
