/**
 * Dates as pages and documents write them: "Fri 30 Oct", with the year when it is not this one. An instant is epoch
 * milliseconds and always comes with the zone whose day it is.
 */

export type DateStyle =
  | 'weekday' // Fri 30 Oct
  | 'day' // 30 Oct
  | 'full' // Fri 30 Oct 2026
  | 'time' // 10:24
  | 'seconds' // 10:24:08
  | 'moment' // Fri 30 Oct, 10:24
  | 'month'; // October 2026

const formatters = new Map<string, Intl.DateTimeFormat>();

function partsOf(instant: number, tz: string): Record<string, string> {
  let formatter = formatters.get(tz);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: tz,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(tz, formatter);
  }
  const parts = Object.fromEntries(formatter.formatToParts(instant).map((part) => [part.type, part.value]));
  return { ...parts, month: (parts.month ?? '').slice(0, 3) };
}

/** `now` decides whether the year is said; without it the year always is. */
export function formatInstant(
  instant: number,
  tz: string,
  style: DateStyle = 'weekday',
  now?: number,
): string {
  const { weekday, day, month, year, hour, minute, second } = partsOf(instant, tz);
  if (style === 'time') return `${hour}:${minute}`;
  if (style === 'seconds') return `${hour}:${minute}:${second}`;
  if (style === 'month') {
    return new Intl.DateTimeFormat('en-GB', { timeZone: tz, month: 'long', year: 'numeric' }).format(instant);
  }
  const thisYear = now !== undefined && partsOf(now, tz).year === year && style !== 'full';
  const date = `${style === 'day' ? '' : `${weekday} `}${day} ${month}${thisYear ? '' : ` ${year}`}`;
  return style === 'moment' ? `${date}, ${hour}:${minute}` : date;
}

/** A day without a zone (ISO text) as "Fri 30 Oct 2026"; without the year when `today` is in the same one. */
export function formatDay(day: string, today?: string): string {
  const instant = Date.parse(`${day}T00:00:00Z`);
  const now = today === undefined ? undefined : Date.parse(`${today}T00:00:00Z`);
  return formatInstant(instant, 'UTC', 'weekday', now);
}

/** The place a zone is named after: "Europe/Lisbon" is "Lisbon". */
export function zonePlace(tz: string): string {
  return tz === 'UTC' || tz === 'Etc/UTC' ? 'UTC' : (tz.split('/').pop() ?? tz).replaceAll('_', ' ');
}

const STEPS: [limit: number, unit: number, one: string, many: string][] = [
  [3_600_000, 60_000, 'minute', 'minutes'],
  [86_400_000, 3_600_000, 'hour', 'hours'],
  [30 * 86_400_000, 86_400_000, 'day', 'days'],
  [365 * 86_400_000, 30 * 86_400_000, 'month', 'months'],
  [Number.POSITIVE_INFINITY, 365 * 86_400_000, 'year', 'years'],
];

/** "12 minutes ago", "in 3 days"; below a minute "just now" or "in a moment". */
export function formatRelative(instant: number, now: number): string {
  const distance = Math.abs(instant - now);
  if (distance < 60_000) return instant > now ? 'in a moment' : 'just now';
  const [, unit, one, many] = STEPS.find(([limit]) => distance < limit) ?? STEPS[4]!;
  const count = Math.floor(distance / unit);
  const words = `${count} ${count === 1 ? one : many}`;
  return instant > now ? `in ${words}` : `${words} ago`;
}
