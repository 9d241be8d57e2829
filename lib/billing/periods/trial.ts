import { addDays, type Instant, type LocalDate, localDate, startOfDay } from './zone.ts';

/**
 * A trial's end as people say it. A trial may end at any time of day (semantics 3.3) and any started day is paid whole
 * (4.1), so the day it ends on is the first paid one; only the days before it are free.
 */
export function firstPaidDay(trialEndsAt: Instant, timezone: string): LocalDate {
  return localDate(trialEndsAt, timezone);
}

export function lastFreeDay(trialEndsAt: Instant, timezone: string): LocalDate {
  return addDays(firstPaidDay(trialEndsAt, timezone), -1);
}

/** The last millisecond of the last free day, for formatters of instants. */
export function lastFreeMoment(trialEndsAt: Instant, timezone: string): Instant {
  return startOfDay(firstPaidDay(trialEndsAt, timezone), timezone) - 1;
}
