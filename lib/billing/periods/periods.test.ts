import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dayCount, fullPeriodDays } from './days.ts';
import {
  type BillingTime,
  type Interval,
  nextPeriod,
  type PeriodRule,
  periodAt,
  periodContaining,
  previousPeriod,
} from './interval.ts';
import { addMonths, isTimeZone, localDate, localTime, offsetAt, startOfDay } from './zone.ts';

const at = (iso: string): number => Date.parse(iso);
const ZONES = [
  'UTC',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Europe/Paris',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Pacific/Apia',
  'Pacific/Chatham',
];
const INTERVALS: Interval[] = ['weekly', 'monthly', 'quarterly', 'semiannual', 'yearly'];

describe('zones', () => {
  it('begins a day where the clock skips midnight at the end of the gap', () => {
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toBe(at('2018-11-04T03:00:00Z'));
    expect(localTime(startOfDay('2018-11-04', 'America/Sao_Paulo'), 'America/Sao_Paulo').hour).toBe(1);
  });
  it('begins a day that has two midnights at the first', () =>
    expect(startOfDay('2024-11-03', 'America/Havana')).toBe(at('2024-11-03T04:00:00Z')));
  it('survives a day that never was', () =>
    expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia')));
  it('knows names only', () => {
    expect(isTimeZone('Europe/Paris')).toBe(true);
    expect(isTimeZone('+02:00')).toBe(false);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });
  it('adds months on the anchor day', () => {
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(addMonths('2024-02-29', 1, 31)).toBe('2024-03-31');
    expect(addMonths('2024-01-31', -2)).toBe('2023-11-30');
  });
  it('agrees with Temporal anywhere', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: at('1971-01-01'), max: at('2071-01-01') }),
        (tz, t) => {
          const zoned = Temporal.Instant.fromEpochMilliseconds(t).toZonedDateTimeISO(tz);
          expect(offsetAt(t, tz)).toBe(zoned.offsetNanoseconds / 1e6);
          expect(localDate(t, tz)).toBe(zoned.toPlainDate().toString());
          expect(startOfDay(localDate(t, tz), tz)).toBe(zoned.startOfDay().epochMilliseconds);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function starts(interval: Interval, billingTime: BillingTime, anchor: string, count: number): string[] {
  const rule: PeriodRule = { interval, billingTime, anchor: at(anchor), timezone: 'UTC' };
  return Array.from({ length: count }, (_, n) => periodAt(rule, n).startDate);
}

describe('opening dates (2.1, 2.2)', () => {
  it.each([
    [
      'monthly',
      'anniversary',
      '2024-01-31T01:00:00Z',
      ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31'],
    ],
    [
      'monthly',
      'anniversary',
      '2022-12-30T00:00:00Z',
      ['2022-12-30', '2023-01-30', '2023-02-28', '2023-03-30'],
    ],
    [
      'quarterly',
      'anniversary',
      '2022-01-31T00:00:00Z',
      ['2022-01-31', '2022-04-30', '2022-07-31', '2022-10-31'],
    ],
    ['semiannual', 'anniversary', '2023-08-31T00:00:00Z', ['2023-08-31', '2024-02-29', '2024-08-31']],
    [
      'yearly',
      'anniversary',
      '2024-02-29T00:00:00Z',
      ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'],
    ],
    ['weekly', 'anniversary', '2024-02-29T00:00:00Z', ['2024-02-29', '2024-03-07']],
    ['weekly', 'calendar', '2024-02-29T00:00:00Z', ['2024-02-26', '2024-03-04']],
    ['monthly', 'calendar', '2024-02-29T00:00:00Z', ['2024-02-01', '2024-03-01']],
    [
      'quarterly',
      'calendar',
      '2024-05-20T00:00:00Z',
      ['2024-04-01', '2024-07-01', '2024-10-01', '2025-01-01'],
    ],
    ['semiannual', 'calendar', '2024-05-20T00:00:00Z', ['2024-01-01', '2024-07-01']],
    ['yearly', 'calendar', '2024-05-20T00:00:00Z', ['2024-01-01', '2025-01-01']],
  ] as const)('%s %s from %s', (interval, billingTime, anchor, expected) => {
    expect(starts(interval, billingTime, anchor, expected.length)).toEqual(expected);
  });

  it('July has its 31st, so the period opened on 30 April still runs on 30 July', () => {
    const rule = {
      interval: 'quarterly',
      billingTime: 'anniversary',
      anchor: at('2022-01-31'),
      timezone: 'UTC',
    } as const;
    expect(periodContaining({ ...rule, at: at('2022-07-30') }).startDate).toBe('2022-04-30');
    expect(periodContaining({ ...rule, at: at('2022-08-15') }).startDate).toBe('2022-07-31');
  });

  it('anchors on the local date', () => {
    const rule = {
      interval: 'monthly',
      billingTime: 'anniversary',
      anchor: at('2023-02-08T05:00:00Z'),
    } as const;
    expect(periodAt({ ...rule, timezone: 'America/Los_Angeles' }, 0).startDate).toBe('2023-02-07');
  });
});

describe('periods tile time', () => {
  it('leaves neither gap nor overlap over fifty years, for any anchor, interval and zone', () => {
    const rules = fc.record({
      interval: fc.constantFrom(...INTERVALS),
      billingTime: fc.constantFrom<BillingTime>('calendar', 'anniversary'),
      anchor: fc.integer({ min: at('2000-01-01'), max: at('2030-01-01') }),
      timezone: fc.constantFrom(...ZONES),
    });
    const fiftyYears = 50 * 366 * 86_400_000;
    fc.assert(
      fc.property(rules, fc.double({ min: 0, max: 1, noNaN: true }), (rule, where) => {
        const t = Math.floor(rule.anchor + where * fiftyYears);
        const found = periodContaining({ ...rule, at: t });
        expect(found.start <= t && t < found.end).toBe(true);
        expect(nextPeriod(found, rule).start).toBe(found.end);
        expect(previousPeriod(found, rule).end).toBe(found.start);
        expect(periodAt(rule, found.index)).toEqual(found);
        expect(periodContaining({ ...rule, at: found.start }).index).toBe(found.index);
        expect(periodContaining({ ...rule, at: found.end - 1 }).index).toBe(found.index);
        expect(periodContaining({ ...rule, at: rule.anchor }).index).toBe(0);
        expect(dayCount(found.start, found.end - 1, rule.timezone)).toBe(found.days);
      }),
      { numRuns: 400 },
    );
  });

  it('walks six hundred months without losing the 31st', () => {
    const rule = {
      interval: 'monthly',
      billingTime: 'anniversary',
      anchor: at('2000-01-31T12:00:00Z'),
      timezone: 'Europe/Paris',
    } as const;
    for (let n = 0; n < 600; n++) {
      const { start, end, startDate } = periodAt(rule, n);
      expect(periodAt(rule, n + 1).start).toBe(end);
      expect(start).toBeLessThan(end);
      expect(Number(startDate.slice(8))).toBeGreaterThanOrEqual(28);
    }
  });

  it('is cheap enough for a thousand invoices', () => {
    const rule = {
      interval: 'monthly',
      billingTime: 'anniversary',
      anchor: at('2024-01-31T12:00:00Z'),
      timezone: 'Europe/Paris',
    } as const;
    periodContaining({ ...rule, at: at('2024-06-01') });
    const before = performance.now();
    for (let i = 0; i < 5000; i++) periodContaining({ ...rule, at: at('2024-06-01') + i * 3_600_000 });
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe('the day counter (4.1)', () => {
  it.each([
    ['a whole January', '2024-01-01T00:00:00Z', '2024-01-31T23:59:59.999Z', 'UTC', 31],
    ['quarter started 20 May, ended 20 June', '2024-05-20T00:00:00Z', '2024-06-20T10:00:00Z', 'UTC', 32],
    [
      'an end exactly at midnight counts the day begun',
      '2024-01-01T00:00:00Z',
      '2024-01-16T00:00:00Z',
      'UTC',
      16,
    ],
    [
      'a March with a clock change',
      '2024-03-01T05:00:00Z',
      '2024-04-01T03:59:59.999Z',
      'America/New_York',
      31,
    ],
    [
      'an October with a clock change',
      '2024-09-30T22:00:00Z',
      '2024-10-31T22:59:59.999Z',
      'Europe/Paris',
      31,
    ],
    [
      'the trial\u2019s time of day: 15 March 12:12 to the end',
      '2024-03-15T12:12:00Z',
      '2024-03-31T23:59:59.999Z',
      'UTC',
      17,
    ],
    ['25 of 28 days', '2023-02-04T00:00:00Z', '2023-02-28T23:59:59.999Z', 'UTC', 25],
  ])('%s', (_, from, to, tz, days) => expect(dayCount(at(from), at(to), tz)).toBe(days));

  it('leaves the day of an upgrade to the new plan', () => {
    const upgrade = { upgradeMinusOne: true };
    expect(dayCount(at('2024-01-01'), at('2024-01-16T10:00:00Z'), 'UTC', upgrade)).toBe(15);
    expect(dayCount(at('2024-01-16'), at('2024-01-16T10:00:00Z'), 'UTC', upgrade)).toBe(0);
  });

  it.each([
    ['quarterly', 'calendar', '2024-05-20', '2024-06-20', 91],
    ['yearly', 'calendar', '2024-05-20', '2024-06-20', 366],
    ['yearly', 'anniversary', '2023-07-19', '2023-11-19', 366],
    ['monthly', 'anniversary', '2023-08-31', '2023-09-15', 30],
    ['weekly', 'calendar', '2024-05-20', '2024-05-22', 7],
  ] as const)('full %s %s period (4.2)', (interval, billingTime, anchor, day, days) => {
    expect(fullPeriodDays({ interval, billingTime, anchor: at(anchor), timezone: 'UTC', at: at(day) })).toBe(
      days,
    );
  });
});
