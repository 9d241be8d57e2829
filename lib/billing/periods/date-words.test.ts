import { describe, expect, it } from 'vitest';
import { dayOf, startOf } from './browser-zone.ts';
import { formatDay, formatInstant, formatRelative, zonePlace } from './date-words.ts';
import { addDays, localDate, startOfDay } from './zone.ts';

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

describe('days in a browser', () => {
  // Clocks that skip midnight, turn it back, are off by half an hour, or left out a whole day (Apia, 30 December 2011).
  it.each([
    ['UTC', '2026-01-01'],
    ['Europe/Lisbon', '2026-03-01'],
    ['America/Sao_Paulo', '2018-10-15'],
    ['Africa/Cairo', '2026-04-01'],
    ['America/Havana', '2026-02-20'],
    ['Asia/Beirut', '2026-03-10'],
    ['Australia/Lord_Howe', '2026-03-20'],
    ['Pacific/Apia', '2011-12-15'],
  ])('begin and end in %s where billing has them', (zone, from) => {
    for (let n = 0; n < 45; n++) {
      const day = addDays(from, n);
      const start = startOfDay(day, zone);
      expect([day, startOf(day, zone)]).toEqual([day, start]);
      for (const instant of [start - 1, start, start + 43_200_000]) {
        expect(dayOf(instant, zone)).toBe(localDate(instant, zone));
      }
    }
  });

  it('knows no invented zone', () => {
    expect(() => dayOf(0, 'Mars/Base')).toThrow(RangeError);
  });
});
