import { describe, expect, it } from 'vitest';
import { includedIn, priceWords, unitWords } from './price-words';

const minutes = unitWords('minute', 'Minutes');

describe('prices in words', () => {
  it('read back one price, small ones per thousand', () => {
    expect(priceWords('standard', { amount: '0.15' }, 'USD', unitWords('GB', 'Storage'))).toBe(
      '$0.15 per GB',
    );
    expect(priceWords('standard', { amount: '0.00002' }, 'USD', minutes)).toBe('$0.02 per 1,000 minutes');
    expect(priceWords('standard', { amount: '0' }, 'USD', minutes)).toBe('Free');
  });

  it('read back steps', () => {
    const properties = {
      graduated_ranges: [
        { from_value: 0, to_value: 2500, per_unit_amount: '0', flat_amount: '0' },
        { from_value: 2501, to_value: 20000, per_unit_amount: '0.018', flat_amount: '0' },
        { from_value: 20001, to_value: null, per_unit_amount: '0.01', flat_amount: '5' },
      ],
    };
    expect(priceWords('graduated', properties, 'USD', minutes)).toBe(
      'First 2,500 minutes included, then $18.00 per 1,000 minutes up to 20,000, then $10.00 per 1,000 minutes plus $5.00',
    );
    expect(includedIn('graduated', properties)?.toString()).toBe('2500');
  });

  it('say that there is no price rather than inventing one', () => {
    expect(priceWords('standard', {}, 'USD', minutes)).toBe('No price yet');
    expect(priceWords('graduated', { graduated_ranges: 'x' }, 'USD', minutes)).toBe('No price yet');
    expect(includedIn('standard', { amount: '1' })).toBeNull();
  });
});
