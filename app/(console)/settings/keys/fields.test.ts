import { describe, expect, it } from 'vitest';
import { readKey } from './fields';

const NOW = Date.parse('2026-10-13T09:24:00Z');

function read(values: Record<string, string | string[]>) {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) data.append(name, one);
  }
  return readKey(data, NOW, 'Europe/Lisbon');
}

describe('a new key as it is typed', () => {
  it('may do everything for ever when only its name is given', () => {
    expect(read({ name: ' Producer ' })).toMatchObject({
      fields: { name: 'Producer', scopes: null, expiresAt: null, requestsPerMinute: null },
      errors: {},
    });
  });

  it('takes what it may do, how often and until when', () => {
    const { fields, errors } = read({
      name: 'Reports',
      reach: 'chosen',
      may: ['invoice:read', 'customer:read'],
      ends: 'day',
      day: '2026-10-31',
      calls: '1,200',
    });
    expect(errors).toEqual({});
    expect(fields).toMatchObject({
      scopes: { invoice: ['read'], customer: ['read'] },
      // To the end of the day in Lisbon, where summer time has ended by then.
      expiresAt: Date.parse('2026-11-01T00:00:00Z'),
      requestsPerMinute: 1_200,
    });
    expect(read({ name: 'x', ends: '30' }).fields.expiresAt).toBe(NOW + 30 * 86_400_000);
  });

  it('says what to mend', () => {
    const { errors } = read({ name: '', reach: 'chosen', ends: 'day', day: '2026-10-12', calls: '0' });
    expect(Object.keys(errors).toSorted()).toEqual(['calls', 'day', 'name', 'reach']);
    expect(read({ name: 'x', reach: 'chosen', may: 'invoice:delete' }).errors.reach).toBeDefined();
    expect(read({ name: 'x', reach: 'anything' }).errors.reach).toBeDefined();
    expect(read({ name: 'x', ends: 'soon' }).errors.ends).toBeDefined();
  });
});
