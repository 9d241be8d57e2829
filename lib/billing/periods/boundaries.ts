import {
  type BillingTime,
  type Interval,
  type Period,
  type PeriodRule,
  periodAt,
  periodContaining,
} from './interval.ts';
import { DAY, type Instant, localDate, SECOND, startOfDay } from './zone.ts';

/**
 * Which windows a bill carries (semantics 2.3 to 2.6). `to` values are inclusive: the last millisecond of a local
 * day, or the instant of termination.
 */

export interface PlanSchedule {
  interval: Interval;
  payInAdvance: boolean;
  billChargesMonthly: boolean;
  billFixedChargesMonthly: boolean;
}

export interface BillingSchedule {
  plan: PlanSchedule;
  billingTime: BillingTime;
  /** `subscription_at` */
  anchor: Instant;
  timezone: string;
}

export type BillingSituation =
  | 'periodic'
  | 'starting'
  | 'terminating'
  | 'ended_on_billing_day'
  | 'upgrading'
  | 'downgrading'
  | 'current';

export interface BoundariesInput extends BillingSchedule {
  situation: BillingSituation;
  /** The instant the bill is made for; of a closing bill the termination, of current usage the time asked about. */
  billingAt: Instant;
  startedAt: Instant;
  terminatedAt?: Instant | null;
  /** The latest bill's zone and ends, to leave no gap when the customer moved to another zone since. */
  previous?: { timezone: string; chargesTo: Instant | null; fixedChargesTo: Instant | null } | null;
}

export interface Boundaries {
  from: Instant;
  to: Instant;
  chargesFrom: Instant | null;
  chargesTo: Instant | null;
  fixedChargesFrom: Instant | null;
  fixedChargesTo: Instant | null;
}

interface Window {
  from: Instant;
  to: Instant;
}

const ZONE_CHANGE_LIMIT = 26 * 3_600_000;

type ScheduledPart = 'plan' | 'charges' | 'fixed_charges';

function billedMonthly(plan: PlanSchedule, part: ScheduledPart): boolean {
  if (plan.interval !== 'yearly' && plan.interval !== 'semiannual') return false;
  return (
    (part === 'charges' && plan.billChargesMonthly) ||
    (part === 'fixed_charges' && plan.billFixedChargesMonthly)
  );
}

/** The period rule of the plan's fee, or of its charges where these are billed monthly. */
export function periodRule(schedule: BillingSchedule, part: ScheduledPart = 'plan'): PeriodRule {
  const { plan, billingTime, anchor, timezone } = schedule;
  return { interval: billedMonthly(plan, part) ? 'monthly' : plan.interval, billingTime, anchor, timezone };
}

/** The rule by which the subscription is selected for billing: monthly as soon as either kind of charge is. */
export function selectionRule(schedule: BillingSchedule): PeriodRule {
  const charges = periodRule(schedule, 'charges');
  return charges.interval === 'monthly' ? charges : periodRule(schedule, 'fixed_charges');
}

/** Whether the billing day opens a period of the plan itself, so that its own fee is due (semantics 2.6). */
export function opensPlanPeriod(schedule: BillingSchedule, at: Instant): boolean {
  const rule = periodRule(schedule);
  return periodContaining({ ...rule, at }).startDate === localDate(at, schedule.timezone);
}

const whole = (period: Period): Window => ({ from: period.start, to: period.end - 1 });

function running(rule: PeriodRule, at: Instant): Period {
  return periodContaining({ ...rule, at });
}

function closed(rule: PeriodRule, at: Instant): Period {
  return periodAt(rule, running(rule, at).index - 1);
}

function planWindow(input: BoundariesInput): Window {
  const rule = periodRule(input);
  const { situation, billingAt, plan } = input;
  if (situation === 'ended_on_billing_day' && isInBetween(input)) return untilBillingDay(input, rule);
  const closing = situation === 'periodic' || situation === 'ended_on_billing_day';
  if (closing && !plan.payInAdvance) return whole(closed(rule, billingAt));
  if (situation === 'downgrading') return whole(closed(rule, billingAt));
  return whole(running(rule, billingAt));
}

/** A billing day of a monthly-split plan that opens no period of the plan itself. */
function isInBetween(input: BoundariesInput): boolean {
  return selectionRule(input).interval !== input.plan.interval && !opensPlanPeriod(input, input.billingAt);
}

/** What of the running period lies before the billing day on which the subscription ended. */
function untilBillingDay(input: BoundariesInput, rule: PeriodRule): Window {
  const opening = running(selectionRule(input), input.billingAt);
  return { from: running(rule, input.billingAt).start, to: opening.start - 1 };
}

function chargesWindow(input: BoundariesInput, part: 'charges' | 'fixed_charges'): Window | null {
  const { situation, billingAt, plan, startedAt } = input;
  const rule = periodRule(input, part);
  switch (situation) {
    case 'starting':
      return { from: startedAt, to: startedAt };
    case 'terminating':
    case 'upgrading':
    case 'current':
      return whole(running(rule, billingAt));
    case 'periodic':
    case 'downgrading':
    case 'ended_on_billing_day': {
      if (billedMonthly(plan, part) || !isInBetween(input)) return whole(closed(rule, billingAt));
      return situation === 'ended_on_billing_day' ? untilBillingDay(input, rule) : null;
    }
  }
}

/** After a move to another zone the next window follows the previous one without gap or overlap (semantics 2.3). */
function healed(input: BoundariesInput, window: Window, previousTo: Instant | null | undefined): Window {
  if (previousTo == null || input.previous?.timezone === input.timezone) return window;
  const follows = previousTo + 1;
  return Math.abs(follows - window.from) < ZONE_CHANGE_LIMIT ? { ...window, from: follows } : window;
}

/** The windows of one bill. Charges windows are null on in-between bills that carry only the other kind. */
export function boundariesFor(input: BoundariesInput): Boundaries {
  const { startedAt, terminatedAt, timezone, previous } = input;
  const plan = planWindow(input);
  const charges = chargesWindow(input, 'charges');
  const fixed = chargesWindow(input, 'fixed_charges');

  const clampCharges = (window: Window | null, previousTo: Instant | null | undefined): Window | null => {
    if (!window) return null;
    const { from, to } = healed(input, window, previousTo);
    const end = terminatedAt == null ? to : Math.min(to, terminatedAt);
    return { from: Math.max(from, startedAt), to: Math.max(end, startedAt) };
  };
  const clampedCharges = clampCharges(charges, previous?.chargesTo);
  const clampedFixed = clampCharges(fixed, previous?.fixedChargesTo);

  const end =
    terminatedAt != null && terminatedAt < plan.to ? Math.round(terminatedAt / SECOND) * SECOND : plan.to;
  return {
    from: plan.from < startedAt ? startOfDay(localDate(startedAt, timezone), timezone) : plan.from,
    to: Math.max(end, startedAt),
    chargesFrom: clampedCharges?.from ?? null,
    chargesTo: clampedCharges?.to ?? null,
    fixedChargesFrom: clampedFixed?.from ?? null,
    fixedChargesTo: clampedFixed?.to ?? null,
  };
}

/**
 * The period now opening (or running) for in-advance fees: fixed charges billed ahead and renewals of recurring
 * in-advance charges. Clamped to the start of the subscription and to its end.
 */
export function openingWindow(
  input: BillingSchedule & { billingAt: Instant; startedAt: Instant; terminatedAt?: Instant | null },
  part: 'charges' | 'fixed_charges',
): Window & { period: Period } {
  const period = running(periodRule(input, part), input.billingAt);
  const to = input.terminatedAt == null ? period.end - 1 : Math.min(period.end - 1, input.terminatedAt);
  return { from: Math.max(period.start, input.startedAt), to: Math.max(to, input.startedAt), period };
}

/**
 * The next local midnight after `after` at which the subscription is to be billed: an opening of its selection rule
 * on a local day after the one it started on (semantics 2.7).
 */
export function nextBillingInstant(input: BillingSchedule & { startedAt: Instant; after: Instant }): Instant {
  const rule = selectionRule(input);
  const after = Math.max(input.after, input.startedAt);
  let period = running(rule, after);
  do {
    period = periodAt(rule, period.index + 1);
  } while (period.start <= after || period.startDate <= localDate(input.startedAt, input.timezone));
  return period.start;
}

/** All billing instants in (after, until]. */
export function billingInstants(
  input: BillingSchedule & { startedAt: Instant; after: Instant; until: Instant },
): Instant[] {
  const instants: Instant[] = [];
  for (
    let at = nextBillingInstant(input);
    at <= input.until;
    at = nextBillingInstant({ ...input, after: at })
  ) {
    instants.push(at);
  }
  return instants;
}

/**
 * Whether a termination falls within 24 hours after a period's end while that period is not yet invoiced, so that
 * the closing bill is built for the closed full period as if still active: ask `boundariesFor` with situation
 * 'ended_on_billing_day' and no `terminatedAt` (semantics 2.5). On an in-between month of a monthly-split plan what is
 * billed by the plan's own period reaches to the billing day.
 */
export function terminatedOnBillingDay(
  input: BillingSchedule & {
    startedAt: Instant;
    terminatedAt: Instant;
    hasSuccessor: boolean;
    /** A recurring invoice exists for the period just closed. */
    closedPeriodInvoiced: boolean;
  },
): boolean {
  const { terminatedAt, startedAt } = input;
  if (input.hasSuccessor || input.closedPeriodInvoiced || terminatedAt - startedAt < DAY) return false;
  return terminatedAt - running(selectionRule(input), terminatedAt).start < DAY;
}
