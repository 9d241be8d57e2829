import { describe, expect, it } from 'vitest';
import { formatDay, formatInstant, formatRelative, zonePlace } from './date-words.ts';

const now = Date.parse('2026-10-13T09:24:08Z');

describe('dates in words', () => {
  it('names the weekday and keeps this year to itself', () => {
    const instant = Date.parse('2026-10-30T12:00:00Z');
    expect(formatInstant(instant, 'Europe/Lisbon', 'weekday', now)).toBe('Fri 30 Oct');
    expect(formatInstant(instant, 'Europe/Lisbon', 'weekday')).toBe('Fri 30 Oct 2026');
    expect(formatInstant(instant, 'Europe/Lisbon', 'full', now)).toBe('Fri 30 Oct 2026');
    expect(formatInstant(instant, 'Europe/Lisbon', 'day', now)).toBe('30 Oct');
    expect(formatInstant(instant, 'Europe/Lisbon', 'month')).toBe('October 2026');
    expect(formatDay('2027-01-04', '2026-10-13')).toBe('Mon 4 Jan 2027');
  });

  it('writes September with three letters, like every other month', () => {
    expect(formatDay('2026-09-17', '2026-10-13')).toBe('Thu 17 Sep');
  });

  it('takes the day from the zone', () => {
    const instant = Date.parse('2026-10-31T02:30:00Z');
    expect(formatInstant(instant, 'America/Halifax', 'moment', now)).toBe('Fri 30 Oct, 23:30');
    expect(formatInstant(instant, 'Asia/Tokyo', 'moment', now)).toBe('Sat 31 Oct, 11:30');
    expect(formatInstant(now, 'Europe/Lisbon', 'seconds')).toBe('10:24:08');
    expect(zonePlace('America/New_York')).toBe('New York');
  });

  it('says how long ago in whole units', () => {
    expect(formatRelative(now - 30_000, now)).toBe('just now');
    expect(formatRelative(now - 12 * 60_000, now)).toBe('12 minutes ago');
    expect(formatRelative(now - 3_600_000, now)).toBe('1 hour ago');
    expect(formatRelative(now + 3 * 86_400_000, now)).toBe('in 3 days');
    expect(formatRelative(now - 800 * 86_400_000, now)).toBe('2 years ago');
  });
});
