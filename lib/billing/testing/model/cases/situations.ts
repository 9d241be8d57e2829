import fc from 'fast-check';
import type { BillWindows } from '../../../invoice/facts.ts';
import { type Calendar, type Dates, dateAt, dateBefore, dawn, nextDate, periodOn } from '../calendar.ts';
import { HOUR } from './events.ts';

export const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'America/Havana',
];

/** What of a yearly or half-yearly plan is billed every month (semantics 2.6). */
interface Split {
  charges: boolean;
  fixed: boolean;
}

const SITUATIONS = ['periodic', 'periodic', 'periodic', 'terminating', 'upgrading', 'ended_on_billing_day'];

/** A subscription and one bill of it, with the windows of semantics 2.4 walked on the model's calendar. */
export interface Situation {
  zone: string;
  calendar: Calendar;
  split: Split;
  payInAdvance: boolean;
  situation: 'periodic' | 'terminating' | 'upgrading' | 'ended_on_billing_day';
  anchor: number;
  startedAt: number;
  billedAt: number;
  terminatedAt: number | null;
  windows: BillWindows;
  /** The bill closes (or, in advance, opens) a period of the plan itself, or ends the subscription. */
  billsPlan: boolean;
  /** Bills before this one. */
  index: number;
  /** Whole periods of the plan before the one it bills. */
  planIndex: number;
}

interface Given extends Omit<Situation, 'calendar' | 'windows' | 'billsPlan' | 'index' | 'planIndex'> {
  periods: number;
  plans: Calendar;
  charges: Calendar;
  fixed: Calendar;
}

const lastOf = (date: number, zone: string): number => dawn(nextDate(date), zone) - 1;

/** The whole periods from the first date to the one that ends before the other. */
function between(first: number, date: number, calendar: Calendar): number {
  let count = 0;
  for (let period = periodOn(first, calendar); period.last < date; count++) {
    period = periodOn(nextDate(period.last), calendar);
  }
  return count;
}

/** The windows of a subscription that ends inside a period. */
function cutShort(given: Given & { terminatedAt: number }): BillWindows {
  const { zone, terminatedAt, startedAt, plans, charges, fixed } = given;
  const date = dateAt(terminatedAt, zone);
  const begin = (calendar: Calendar): number =>
    Math.max(dawn(periodOn(date, calendar).first, zone), startedAt);
  return {
    from: Math.max(dawn(periodOn(date, plans).first, zone), dawn(dateAt(startedAt, zone), zone)),
    to: terminatedAt,
    chargesFrom: begin(charges),
    chargesTo: terminatedAt,
    fixedChargesFrom: begin(fixed),
    fixedChargesTo: terminatedAt,
  };
}

/** The windows of a billing day; of an ended subscription those it would have had, up to that day. */
function onBillingDay(given: Given, today: number, opensPlan: boolean): BillWindows {
  const { zone, startedAt, payInAdvance, plans } = given;
  const ended = given.situation === 'ended_on_billing_day';
  const yesterday = dateBefore(today);
  const dayOne = dawn(dateAt(startedAt, zone), zone);
  const part = (calendar: Calendar): [number | null, number | null] => {
    const closes = periodOn(today, calendar).first === today;
    if (!closes && !ended) return [null, null];
    const from = dawn(periodOn(yesterday, calendar).first, zone);
    return [Math.max(from, startedAt), dawn(today, zone) - 1];
  };
  const whole = ({ first, last }: Dates) => ({
    from: Math.max(dawn(first, zone), dayOne),
    to: Math.max(lastOf(last, zone), startedAt),
  });
  const running = periodOn(today, plans);
  const before = periodOn(dateBefore(running.first), plans);
  const cut = { ...whole(running), to: dawn(today, zone) - 1 };
  const plan = ended && !opensPlan ? cut : whole(payInAdvance ? running : before);
  const [chargesFrom, chargesTo] = part(given.charges);
  const [fixedChargesFrom, fixedChargesTo] = part(given.fixed);
  return { ...plan, chargesFrom, chargesTo, fixedChargesFrom, fixedChargesTo };
}

function situate(input: {
  zone: string;
  interval: Calendar['interval'];
  billingTime: Calendar['billingTime'];
  split: Split;
  payInAdvance: boolean;
  situation: Situation['situation'];
  day: number;
  hour: number;
  startedLater: number;
  periods: number;
  into: number;
}): Situation {
  const { zone, payInAdvance, situation, interval, periods } = input;
  const anchor = dawn(Date.UTC(2023, 0, 1) + input.day * 24 * HOUR, zone) + input.hour * HOUR;
  const plans = { interval, billingTime: input.billingTime, anchor: dateAt(anchor, zone) };
  const long = interval === 'yearly' || interval === 'semiannual';
  const split = { charges: long && input.split.charges, fixed: long && input.split.fixed };
  const monthly: Calendar = { ...plans, interval: 'monthly' };
  const selection = split.charges || split.fixed ? monthly : plans;
  const startedAt = anchor + input.startedLater * HOUR;
  const begun = dateAt(startedAt, zone);

  let period = periodOn(begun, selection);
  for (let i = 0; i < periods; i++) period = periodOn(nextDate(period.last), selection);
  const given: Given = {
    zone,
    split,
    payInAdvance,
    situation,
    anchor,
    startedAt,
    billedAt: 0,
    terminatedAt: null,
    periods,
    plans,
    charges: split.charges ? monthly : plans,
    fixed: split.fixed ? monthly : plans,
  };
  const common = { zone, calendar: plans, split, payInAdvance, situation, anchor, startedAt };

  if (situation === 'terminating' || situation === 'upgrading') {
    const begin = Math.max(dawn(period.first, zone), startedAt);
    const hours = Math.floor((lastOf(period.last, zone) - begin) / HOUR);
    const terminatedAt = begin + Math.floor((hours * input.into) / 100) * HOUR;
    const windows = cutShort({ ...given, terminatedAt });
    const planIndex = between(begun, dateAt(terminatedAt, zone), plans);
    return {
      ...common,
      billedAt: terminatedAt,
      terminatedAt,
      windows,
      billsPlan: true,
      index: periods,
      planIndex,
    };
  }
  const today = nextDate(period.last);
  const opensPlan = periodOn(today, plans).first === today;
  const ended = situation === 'ended_on_billing_day';
  const billedAt = dawn(today, zone);
  const passed = between(begun, today, plans);
  return {
    ...common,
    billedAt,
    terminatedAt: ended ? billedAt : null,
    windows: onBillingDay(given, today, opensPlan),
    billsPlan: opensPlan || ended,
    index: periods,
    planIndex: opensPlan && !payInAdvance ? passed - 1 : passed,
  };
}

export const situation = (zones: readonly string[] = ZONES): fc.Arbitrary<Situation> =>
  fc
    .record({
      zone: fc.constantFrom(...zones),
      interval: fc.constantFrom(
        'weekly' as const,
        'monthly' as const,
        'monthly' as const,
        'quarterly' as const,
        'semiannual' as const,
        'yearly' as const,
      ),
      billingTime: fc.constantFrom('calendar' as const, 'anniversary' as const),
      split: fc.record({ charges: fc.boolean(), fixed: fc.boolean() }),
      payInAdvance: fc.boolean(),
      situation: fc.constantFrom(...SITUATIONS).map((name) => name as Situation['situation']),
      day: fc.integer({ min: 0, max: 500 }),
      hour: fc.integer({ min: 0, max: 22 }),
      startedLater: fc.constantFrom(0, 0, 5, 200),
      periods: fc.integer({ min: 0, max: 2 }),
      into: fc.integer({ min: 1, max: 99 }),
    })
    .map(situate);
