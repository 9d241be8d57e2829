import { addDays, dateOf, epochDay, type LocalDate } from './calendar.ts';

/**
 * Days of instants and their beginnings, by what the runtime itself knows of zones. It answers as `zone.ts` does, which
 * the tests compare: that one remembers offsets for billing and brings Temporal, 20 kB that no page needs.
 */

const DAY = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What a wall clock in `tz` shows, as if it were UTC, in milliseconds. Throws RangeError on an unknown zone. */
function wallClock(instant: number, tz: string): number {
  let formatter = formatters.get(tz);
  if (!formatter) {
    const numeric = 'numeric';
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: tz,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formatters.set(tz, formatter);
  }
  const shown: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return epochDay(dateOf({ year, month, day })) * DAY + ((hour * 60 + minute) * 60 + second) * 1000;
}

const offsetOf = (instant: number, tz: string): number =>
  wallClock(instant, tz) - Math.floor(instant / 1000) * 1000;

/** The calendar date a wall clock in `tz` shows at `instant` (epoch milliseconds). */
export function dayOf(instant: number, tz: string): LocalDate {
  return addDays('1970-01-01', Math.floor(wallClock(instant, tz) / DAY));
}

/** The first instant of a day: midnight, or the end of the gap where the clock skips midnight. */
export function startOf(day: LocalDate, tz: string): number {
  const wall = epochDay(day) * DAY;
  const before = offsetOf(wall - DAY, tz);
  const early = wall - before;
  const after = offsetOf(early, tz);
  let [first, last] = [wall - after, early];
  if (first >= last) return first;
  // The clock skips midnight: looks for the instant at which it does.
  while (last - first > 1) {
    const middle = Math.floor((first + last) / 2);
    if (offsetOf(middle, tz) === after) last = middle;
    else first = middle;
  }
  return offsetOf(first, tz) === after ? first : last;
}
