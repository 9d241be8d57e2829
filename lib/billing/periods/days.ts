import { type BillingTime, type Interval, periodContaining } from './interval.ts';
import { DAY, type Instant, localEpochDay, offsetAt, SECOND } from './zone.ts';

/**
 * The day counter of semantics 4.1: wall-clock time in days, rounded up, so that any started day counts and clock
 * shifts cancel out. `upgradeMinusOne` leaves the switch day of an upgrade to the new plan (never below 0).
 */
export function dayCount(
  from: Instant,
  to: Instant,
  timezone: string,
  { upgradeMinusOne = false }: { upgradeMinusOne?: boolean } = {},
): number {
  const wallFrom = from + offsetAt(from, timezone);
  let wallTo = to + offsetAt(to, timezone);
  if (wallTo % DAY === 0) wallTo += SECOND;
  return Math.max(0, Math.ceil((wallTo - wallFrom) / DAY) - (upgradeMinusOne ? 1 : 0));
}

/** Local dates from the first instant's to the last one's, both counted. 0 when the last is earlier. */
export function datesInclusive(first: Instant, last: Instant, timezone: string): number {
  return Math.max(0, localEpochDay(last, timezone) - localEpochDay(first, timezone) + 1);
}

/** Days of the whole period that contains `at`, however much of it is billed (semantics 4.2). */
export function fullPeriodDays(rule: {
  interval: Interval;
  billingTime: BillingTime;
  anchor: Instant;
  timezone: string;
  at: Instant;
}): number {
  return periodContaining(rule).days;
}
