import { describe, expect, it } from 'vitest';
import { monthOf, shortMonth } from './months';

describe('the month of a report', () => {
  it('is the last whole one unless another is asked for', () => {
    expect(monthOf(undefined, '2026-10-13')).toEqual({
      from: '2026-09-01',
      to: '2026-10-01',
      name: 'September 2026',
      partial: false,
    });
    expect(monthOf('2026-01', '2026-10-13')).toMatchObject({
      from: '2026-01-01',
      to: '2026-02-01',
      partial: false,
    });
    expect(monthOf('2026-10', '2026-10-13').partial).toBe(true);
  });

  it('is never one to come, and a torn address shows the usual one', () => {
    expect(monthOf('2027-01', '2026-10-13').from).toBe('2026-10-01');
    expect(monthOf('2026-13', '2026-10-13').from).toBe('2026-09-01');
  });

  it('is short on an axis, with the year once', () => {
    expect(shortMonth('2026-09-01')).toBe('Sep');
    expect(shortMonth('2026-01-01')).toBe('Jan 2026');
  });
});
