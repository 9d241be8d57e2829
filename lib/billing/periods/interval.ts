import {
  addMonths,
  dateOf,
  dateOfEpochDay,
  dateParts,
  epochDay,
  type Instant,
  type LocalDate,
  localDate,
  startOfDay,
} from './zone.ts';

/**
 * Billing periods. Period n opens at anchor + n × interval, always derived from the anchor and never stepped from a
 * previous end, so a short month never drags the following ones (semantics 2.1, 2.2).
 */

export type Interval = 'weekly' | 'monthly' | 'quarterly' | 'semiannual' | 'yearly';
export type BillingTime = 'calendar' | 'anniversary';

export interface PeriodRule {
  interval: Interval;
  billingTime: BillingTime;
  /** `subscription_at`; only its local date matters. */
  anchor: Instant;
  timezone: string;
}

/** One billing period, half-open: [start, end) at local midnights. Index 0 contains the anchor. */
export interface Period {
  index: number;
  startDate: LocalDate;
  endDateExclusive: LocalDate;
  start: Instant;
  end: Instant;
  /** Calendar days, whatever the clock does. */
  days: number;
}

const MONTHS: Record<Exclude<Interval, 'weekly'>, number> = {
  monthly: 1,
  quarterly: 3,
  semiannual: 6,
  yearly: 12,
};

export const isInterval = (value: string): value is Interval => value === 'weekly' || value in MONTHS;

/** Monday is 0. */
const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Where period 0 opens and which day of the month later ones aim for. */
interface Opening {
  origin: LocalDate;
  anchorDay: number;
}

function opening({ interval, billingTime, anchor, timezone }: PeriodRule): Opening {
  const date = localDate(anchor, timezone);
  const parts = dateParts(date);
  if (billingTime === 'anniversary') return { origin: date, anchorDay: parts.day };
  if (interval === 'weekly') {
    const day = epochDay(date);
    return { origin: dateOfEpochDay(day - weekday(day)), anchorDay: 1 };
  }
  const month = parts.month - ((parts.month - 1) % MONTHS[interval]);
  return { origin: dateOf({ year: parts.year, month, day: 1 }), anchorDay: 1 };
}

function openingDate(rule: PeriodRule, { origin, anchorDay }: Opening, index: number): LocalDate {
  if (rule.interval === 'weekly') return dateOfEpochDay(epochDay(origin) + 7 * index);
  return addMonths(origin, MONTHS[rule.interval] * index, anchorDay);
}

function build(rule: PeriodRule, from: Opening, index: number): Period {
  const startDate = openingDate(rule, from, index);
  const endDateExclusive = openingDate(rule, from, index + 1);
  return {
    index,
    startDate,
    endDateExclusive,
    start: startOfDay(startDate, rule.timezone),
    end: startOfDay(endDateExclusive, rule.timezone),
    days: epochDay(endDateExclusive) - epochDay(startDate),
  };
}

/** Period `index` of the rule; negative indexes lie before the anchor. */
export function periodAt(rule: PeriodRule, index: number): Period {
  return build(rule, opening(rule), index);
}

function indexOn(rule: PeriodRule, from: Opening, date: LocalDate): number {
  if (rule.interval === 'weekly') return Math.floor((epochDay(date) - epochDay(from.origin)) / 7);
  const origin = dateParts(from.origin);
  const target = dateParts(date);
  const months = (target.year - origin.year) * 12 + (target.month - origin.month);
  const guess = Math.floor(months / MONTHS[rule.interval]);
  // In an opening month the period only opens on its day; before it, the previous period still runs.
  return openingDate(rule, from, guess) > date ? guess - 1 : guess;
}

/** The period that contains the instant. */
export function periodContaining(rule: PeriodRule & { at: Instant }): Period {
  const from = opening(rule);
  const found = build(rule, from, indexOn(rule, from, localDate(rule.at, rule.timezone)));
  // A clock set back over midnight shows yesterday's date again after the day has begun; the day stays begun.
  return rule.at >= found.end ? build(rule, from, found.index + 1) : found;
}

export function nextPeriod(period: Period, rule: PeriodRule): Period {
  return periodAt(rule, period.index + 1);
}

export function previousPeriod(period: Period, rule: PeriodRule): Period {
  return periodAt(rule, period.index - 1);
}
