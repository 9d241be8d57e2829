import { Temporal } from 'temporal-polyfill';
import { dateOfEpochDay, epochDay, type LocalDate } from './calendar.ts';

export * from './calendar.ts';

/**
 * Local dates of instants and back, for IANA zones. Offsets come from Temporal once per stretch between two
 * transitions and are remembered, so that billing thousands of subscriptions costs integer arithmetic only.
 */

/** Epoch milliseconds. */
export type Instant = number;

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
