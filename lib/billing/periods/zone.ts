import { Temporal } from 'temporal-polyfill';

/**
 * Local dates of instants and back, for IANA zones. Offsets come from Temporal once per stretch between two
 * transitions and are remembered, so that billing thousands of subscriptions costs integer arithmetic only.
 */

/** Epoch milliseconds. */
export type Instant = number;
/** 'YYYY-MM-DD'. */
export type LocalDate = string;

export const SECOND = 1000;
export const DAY = 86_400_000;

/** A stretch [from, to) of instants with one UTC offset (milliseconds east). */
interface OffsetSpan {
  from: number;
  to: number;
  offset: number;
}

const spansByZone = new Map<string, OffsetSpan[]>();
const validity = new Map<string, boolean>();

/** Whether `name` is an IANA zone (or UTC); fixed offsets such as "+02:00" are not names. */
export function isTimeZone(name: string): boolean {
  let valid = validity.get(name);
  if (valid === undefined) {
    try {
      valid = /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
    } catch {
      valid = false;
    }
    validity.set(name, valid);
  }
  return valid;
}

function loadSpan(instant: Instant, tz: string): OffsetSpan {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz);
  // 'previous' is strictly earlier than its receiver, so ask one millisecond later to include `instant` itself.
  const previous = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const next = zoned.getTimeZoneTransition('next');
  return {
    from: previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    to: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: Math.round(zoned.offsetNanoseconds / 1e6),
  };
}

function spanAt(instant: Instant, tz: string): OffsetSpan {
  let spans = spansByZone.get(tz);
  if (!spans) {
    spans = [];
    spansByZone.set(tz, spans);
  }
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle]!;
    if (instant < span.from) high = middle - 1;
    else if (instant >= span.to) low = middle + 1;
    else return span;
  }
  const span = loadSpan(instant, tz);
  spans.splice(low, 0, span);
  return span;
}

/** UTC offset in milliseconds, positive east of Greenwich. Throws RangeError on an unknown zone. */
export function offsetAt(instant: Instant, tz: string): number {
  return tz === 'UTC' ? 0 : spanAt(instant, tz).offset;
}

/** Days since 1970-01-01 of a proleptic Gregorian date (month 1 to 12). */
export function epochDayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface DateParts {
  year: number;
  /** 1 to 12 */
  month: number;
  day: number;
}

export function partsOfEpochDay(epochDay: number): DateParts {
  const z = epochDay + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

export function dateParts(date: LocalDate): DateParts {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

export function epochDay(date: LocalDate): number {
  const { year, month, day } = dateParts(date);
  return epochDayOf(year, month, day);
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

export function dateOf({ year, month, day }: DateParts): LocalDate {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

export function dateOfEpochDay(day: number): LocalDate {
  return dateOf(partsOfEpochDay(day));
}

/** Days since 1970-01-01 of the instant's local date. */
export function localEpochDay(instant: Instant, tz: string): number {
  return Math.floor((instant + offsetAt(instant, tz)) / DAY);
}

/** The calendar date a wall clock in `tz` shows. */
export function localDate(instant: Instant, tz: string): LocalDate {
  return dateOfEpochDay(localEpochDay(instant, tz));
}

export interface LocalTime {
  date: LocalDate;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

/** What a wall clock in `tz` shows. */
export function localTime(instant: Instant, tz: string): LocalTime {
  const wall = instant + offsetAt(instant, tz);
  const inDay = wall - Math.floor(wall / DAY) * DAY;
  return {
    date: dateOfEpochDay(Math.floor(wall / DAY)),
    hour: Math.floor(inDay / 3_600_000),
    minute: Math.floor(inDay / 60_000) % 60,
    second: Math.floor(inDay / SECOND) % 60,
    millisecond: inDay % SECOND,
  };
}

/** The first instant of a local day: midnight, or the end of the gap where the clock skips midnight. */
export function startOfEpochDay(day: number, tz: string): Instant {
  const wall = day * DAY;
  if (tz === 'UTC') return wall;
  const before = spanAt(wall - DAY, tz).offset;
  const early = wall - before;
  const span = spanAt(early, tz);
  if (span.offset === before) return early;
  const late = wall - span.offset;
  return Math.max(late, span.from);
}

export function startOfDay(date: LocalDate, tz: string): Instant {
  return startOfEpochDay(epochDay(date), tz);
}

export function addDays(date: LocalDate, n: number): LocalDate {
  return dateOfEpochDay(epochDay(date) + n);
}

/** From `a` to `b`, negative when `b` is earlier. */
export function daysBetween(a: LocalDate, b: LocalDate): number {
  return epochDay(b) - epochDay(a);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `n` months later on `anchorDay`, or on the month's last day where it has no such day (semantics 2.2). */
export function addMonths(date: LocalDate, n: number, anchorDay = dateParts(date).day): LocalDate {
  const { year, month } = dateParts(date);
  const months = year * 12 + (month - 1) + n;
  const targetYear = Math.floor(months / 12);
  const targetMonth = months - targetYear * 12 + 1;
  return dateOf({
    year: targetYear,
    month: targetMonth,
    day: Math.min(anchorDay, daysInMonth(targetYear, targetMonth)),
  });
}
