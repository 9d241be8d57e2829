import { describe, expect, it } from 'vitest';
import { codeFrom, curveOf, type PriceDraft, priceOf, rescaled, termsOf, typedNumber } from './draft';

const steps: PriceDraft = {
  key: 'a',
  metricId: 'm',
  model: 'graduated',
  per: '1000',
  values: {},
  carries: null,
  steps: [
    { key: '1', upTo: '2,500', price: '0', flat: '' },
    { key: '2', upTo: '20,000', price: '18.00', flat: '' },
    { key: '3', upTo: '', price: '14', flat: '' },
  ],
};

describe('a price being drafted', () => {
  it('reads numbers as people type them', () => {
    expect(typedNumber('2,500')?.toString()).toBe('2500');
    expect(typedNumber('$18.00')?.toString()).toBe('18');
    expect(typedNumber('1 000 000')?.toString()).toBe('1000000');
    for (const text of ['', '-1', 'many', '1,5', '1.2.3']) expect(typedNumber(text)).toBeNull();
  });

  it('becomes contiguous steps, per unit', () => {
    expect(termsOf(steps)).toEqual({
      model: 'graduated',
      properties: {
        graduated_ranges: [
          { from_value: 0, to_value: 2500, per_unit_amount: '0', flat_amount: '0' },
          { from_value: 2501, to_value: 20000, per_unit_amount: '0.018', flat_amount: '0' },
          { from_value: 20001, to_value: null, per_unit_amount: '0.014', flat_amount: '0' },
        ],
      },
    });
  });

  it('says what is missing instead of guessing', () => {
    expect(termsOf({ ...steps, steps: [{ key: '1', upTo: '', price: '', flat: '' }] })).toHaveProperty(
      'missing',
    );
    const falling = [
      { key: '1', upTo: '10', price: '1', flat: '' },
      { key: '2', upTo: '5', price: '1', flat: '' },
      { key: '3', upTo: '', price: '1', flat: '' },
    ];
    expect(termsOf({ ...steps, steps: falling })).toHaveProperty('missing');
    expect(termsOf({ ...steps, model: 'standard', values: { amount: '' } })).toHaveProperty('missing');
  });

  it('is priced by the engine: 48,000 units cost $707.00 above the base', () => {
    expect(priceOf(steps, '48,000', 'USD')?.amountMinor).toBe(31_500n + 39_200n);
    expect(curveOf(steps, 'USD', 16_000n, 48_000).points).toEqual([
      { units: 0, bill: 160 },
      { units: 2500, bill: 160 },
      { units: 20000, bill: 475 },
      { units: 48000, bill: 867 },
    ]);
  });

  it('takes every model the engine has, by its fields', () => {
    const pack: PriceDraft = {
      ...steps,
      model: 'package',
      values: { amount: '5', package_size: '100', free_units: '50' },
    };
    expect(priceOf(pack, '351', 'USD')?.amountMinor).toBe(2000n);
    expect(termsOf({ ...pack, values: { amount: '5', package_size: '0' } })).toHaveProperty('missing');
    const share: PriceDraft = {
      ...steps,
      model: 'percentage',
      values: { rate: '1.5', fixed_amount: '0.25' },
    };
    expect(priceOf(share, '1,000', 'USD', 10)?.amountMinor).toBe(1750n);
    const limits = { rate: '1', per_transaction_min_amount: '3', per_transaction_max_amount: '2' };
    expect(termsOf({ ...share, values: limits })).toEqual({
      missing: 'Most per event does not fit the other numbers.',
    });
    const all: PriceDraft = {
      ...steps,
      model: 'volume',
      per: '1',
      steps: [
        { key: '1', upTo: '100', price: '2', flat: '10' },
        { key: '2', upTo: '', price: '1', flat: '' },
      ],
    };
    expect(priceOf(all, '100', 'USD')?.amountMinor).toBe(21_000n);
    expect(priceOf(all, '101', 'USD')?.amountMinor).toBe(10_100n);
  });

  it('keeps the price when its unit is switched', () => {
    expect(rescaled('18', '1000', '1')).toBe('0.018');
    expect(rescaled('0.018', '1', '1000')).toBe('18');
  });

  it('makes a code from any name', () => {
    expect(codeFrom('  Crew, für Große! ')).toBe('crew-fur-gro-e');
  });
});
