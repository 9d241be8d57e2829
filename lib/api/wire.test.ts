import { describe, expect, it } from 'vitest';
import { stringify } from './json.ts';
import { dec, float, ts, ts3 } from './wire.ts';

describe('wire formats', () => {
  it('writes decimals with at least one place and no trailing zeros beyond it', () => {
    expect(dec('10')).toBe('10.0');
    expect(dec('10.500')).toBe('10.5');
    expect(dec('0.25')).toBe('0.25');
    expect(dec('-0.0')).toBe('0.0');
    expect(dec(12n)).toBe('12.0');
    expect(dec('0.00000000000001')).toBe('0.00000000000001');
  });

  it('writes instants in UTC with whole seconds, or milliseconds where asked', () => {
    expect(ts(new Date('2024-01-31T10:00:00.999Z'))).toBe('2024-01-31T10:00:00Z');
    expect(ts3(0)).toBe('1970-01-01T00:00:00.000Z');
    for (const at of [
      -2_208_988_800_001, -1, 951_782_399_999, 253_402_300_799_999, 253_402_300_800_000, 12.7,
    ]) {
      expect(ts3(at)).toBe(new Date(at).toISOString());
    }
    expect(() => ts3(8.7e15)).toThrow(RangeError);
    expect(float('12.50')).toBe(12.5);
  });

  it('writes bigints as JSON integers, also beyond what a double holds', () => {
    expect(stringify({ amount_cents: 100n, big: 9007199254740993n, text: '1' })).toBe(
      '{"amount_cents":100,"big":9007199254740993,"text":"1"}',
    );
  });
});
