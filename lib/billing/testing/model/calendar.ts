/**
 * Dates by walking: days are looked at one after another, and what a zone's clock shows is asked of the platform. The
 * engine computes the same from month arithmetic and another library (semantics 2 and 4.1).
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a clock on the wall shows, as if it were UTC. */
const clocks = new Map<string, Intl.DateTimeFormat>();

export function onTheWall(instant: number, zone: string): number {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  const shown = Object.fromEntries(
    clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second, ((instant % 1000) + 1000) % 1000);
}

/** The local date, told by its midnight as if it were UTC: steps of one day lead from date to date. */
export const dateAt = (instant: number, zone: string): number => {
  const wall = onTheWall(instant, zone);
  return wall - (((wall % DAY) + DAY) % DAY);
};

const dawns = new Map<string, number>();

/** The first instant of a local date, found by trying every quarter of an hour. */
export function dawn(date: number, zone: string): number {
  const key = `${zone} ${date}`;
  const known = dawns.get(key);
  if (known !== undefined) return known;
  for (let instant = date - 15 * HOUR; instant <= date + 15 * HOUR; instant += HOUR / 4) {
    if (dateAt(instant, zone) === date) {
      dawns.set(key, instant);
      return instant;
    }
  }
  throw new RangeError('No such day');
}

export const nextDate = (date: number): number => date + DAY;
export const dateBefore = (date: number): number => date - DAY;

export interface Calendar {
  interval: 'weekly' | 'monthly' | 'quarterly' | 'semiannual' | 'yearly';
  billingTime: 'calendar' | 'anniversary';
  /** Date of the anchor. */
  anchor: number;
}

const MONTHS = { weekly: 0, monthly: 1, quarterly: 3, semiannual: 6, yearly: 12 };

/** Whether a period opens on the date (semantics 2.1, 2.2). */
export function opens(date: number, { interval, billingTime, anchor }: Calendar): boolean {
  const [now, origin] = [new Date(date), new Date(anchor)];
  const inWeek = billingTime === 'calendar' ? 1 : origin.getUTCDay();
  if (interval === 'weekly') return now.getUTCDay() === inWeek;
  const from = billingTime === 'calendar' ? 0 : origin.getUTCMonth();
  const wanted = billingTime === 'calendar' ? 1 : origin.getUTCDate();
  if ((now.getUTCMonth() - from + 12) % MONTHS[interval] !== 0) return false;
  const tomorrow = new Date(nextDate(date));
  const lastOfMonth = tomorrow.getUTCDate() === 1;
  return now.getUTCDate() === wanted || (lastOfMonth && now.getUTCDate() < wanted);
}

export interface Dates {
  first: number;
  last: number;
  days: number;
}

/** The period that contains the date. */
export function periodOn(date: number, calendar: Calendar): Dates {
  let first = date;
  while (!opens(first, calendar)) first = dateBefore(first);
  let last = date;
  while (!opens(nextDate(last), calendar)) last = nextDate(last);
  let days = 1;
  for (let day = first; day < last; day = nextDate(day)) days++;
  return { first, last, days };
}

/** Usage is measured over this. */
export interface Window {
  from: number;
  to: number;
  zone: string;
  /** Days of the whole period. */
  days: number;
  /** The last day belongs to the plan it was upgraded to. */
  upgraded: boolean;
}

/** D of semantics 4.1: how many times a day must be added to `from` on the wall to reach `to`. */
export function daysBetween(from: number, to: number, zone: string): number {
  let end = onTheWall(to, zone);
  if (end % DAY === 0) end += 1000;
  let days = 0;
  for (let cursor = onTheWall(from, zone); cursor < end; cursor += DAY) days++;
  return days;
}

/** All local dates from one instant's to another's. */
export function datesFrom(first: number, last: number, zone: string): number[] {
  const dates: number[] = [];
  const end = dateAt(last, zone);
  for (let date = dateAt(first, zone); date <= end; date = nextDate(date)) dates.push(date);
  return dates;
}
