import type {
  ChargeFacts,
  FixedChargeFacts,
  InvoiceFacts,
  SubscriptionBillFacts,
} from '../../invoice/facts.ts';
import {
  type Calendar,
  dateAt,
  datesFrom,
  dawn,
  daysBetween,
  nextDate,
  periodOn,
  type Window,
} from './calendar.ts';
import {
  above,
  type Fraction,
  fraction,
  minus,
  NOTHING,
  nearest,
  nearestAt,
  parts,
  readOr0,
  times,
  total,
} from './fraction.ts';
import { bucketsOf, measured } from './metering.ts';
import { priceOf, type Quantity } from './pricing.ts';

/** A line as the model has it. */
export interface Line {
  key: string;
  kind: string;
  subscriptionId: string | null;
  chargeId: string | null;
  fixedChargeId: string | null;
  metricId: string | null;
  amount: bigint;
  precise: Fraction;
  units: Fraction;
  events: number;
}

const EXPONENTS: Record<string, number> = { EUR: 2, JPY: 0, KWD: 3 };
export const exponentOf = (currency: string): number => EXPONENTS[currency]!;

const EMPTY = { chargeId: null, fixedChargeId: null, metricId: null, events: 0 };

interface Setting {
  bill: SubscriptionBillFacts;
  zone: string;
  calendar: Calendar;
  monthlyCharges: Calendar;
  monthlyFixed: Calendar;
  exponent: number;
}

function settingOf(bill: SubscriptionBillFacts, { timezone: zone, currency }: InvoiceFacts): Setting {
  const { interval, billChargesMonthly, billFixedChargesMonthly } = bill.plan;
  const calendar = { interval, billingTime: bill.billingTime, anchor: dateAt(bill.anchor, zone) };
  const long = interval === 'yearly' || interval === 'semiannual';
  const monthly = { ...calendar, interval: 'monthly' as const };
  return {
    bill,
    zone,
    calendar,
    monthlyCharges: long && billChargesMonthly ? monthly : calendar,
    monthlyFixed: long && billFixedChargesMonthly ? monthly : calendar,
    exponent: exponentOf(currency),
  };
}

const wasUpgraded = ({ terminationKind, terminatedAt }: SubscriptionBillFacts): boolean =>
  terminatedAt !== null && terminationKind === 'upgraded';

/** Semantics 4.3, rule by rule. */
function planLine({ bill, zone, calendar }: Setting): Line | null {
  const { plan, windows, trialEndsAt, history, billedAt } = bill;
  if (!bill.billSubscriptionFee) return null;
  if (plan.payInAdvance && history.subscriptionFeeBilledToday) return null;
  const trialLeft = trialEndsAt !== null && trialEndsAt > billedAt;
  if (trialLeft && dateAt(trialEndsAt, zone) !== dateAt(billedAt, zone)) return null;

  const period = periodOn(dateAt(windows.from, zone), calendar);
  const trialInside = trialEndsAt !== null && trialEndsAt > windows.from;
  let days: number;
  if (trialEndsAt !== null && trialEndsAt >= windows.to) days = 0;
  else {
    const from = trialInside ? trialEndsAt : windows.from;
    const counted = daysBetween(from, windows.to, zone) - (wasUpgraded(bill) ? 1 : 0);
    days = Math.max(0, counted);
    const closing = bill.terminatedAt !== null && bill.terminationKind !== 'downgraded' && !plan.payInAdvance;
    const born = bill.predecessor?.kind === 'upgraded' && history.invoiceCount === 0;
    const backdated = dateAt(bill.startedAt, 'UTC') < dateAt(bill.createdAt, 'UTC');
    const beforeThat = periodOn(period.first - 1, calendar);
    const long = backdated && bill.startedAt < dawn(beforeThat.first, zone);
    const ahead = plan.payInAdvance && bill.billingTime === 'anniversary' && bill.predecessor === null;
    const whole = ahead || history.subscriptionFeeBilled || (backdated && plan.payInAdvance) || long;
    if (!closing && !born && whole && !trialInside) days = period.days;
  }
  const precise = parts(times(fraction(plan.amountMinor), fraction(days)), period.days);
  return {
    ...EMPTY,
    key: `subscription:${bill.subscriptionId}`,
    kind: 'subscription',
    subscriptionId: bill.subscriptionId,
    amount: nearest(precise),
    precise,
    units: fraction(1),
  };
}

function chargeLines(
  { bill, zone, monthlyCharges, exponent }: Setting,
  charge: ChargeFacts,
  { early = false } = {},
): Line[] {
  const { chargesFrom, chargesTo } = bill.windows;
  if (!bill.billUsage || chargesFrom === null || chargesTo === null) return [];
  const { metric } = charge;
  const renews = charge.payInAdvance && metric.recurring && bill.reason === 'subscription_periodic';
  if (charge.payInAdvance && !renews) return [];
  const left = wasUpgraded(bill) && bill.successorMetricIds.includes(metric.id);
  if (!early && !charge.payInAdvance && left && metric.recurring && !charge.prorated) return [];

  const period = periodOn(dateAt(chargesFrom, zone), monthlyCharges);
  const window: Window = {
    from: chargesFrom,
    to: chargesTo,
    zone,
    days: period.days,
    upgraded: wasUpgraded(bill),
  };
  const usage = bill.usage[charge.id];
  const events = usage?.kind === 'events' ? [...usage.history, ...usage.events] : [];
  const prorated = charge.prorated && !charge.payInAdvance;
  const lines = bucketsOf(charge, events).map((bucket): Line => {
    const measure = measured(metric, bucket.events, window, prorated);
    const quantity: Quantity = {
      ...measure,
      exponent,
      counts: metric.aggregationType === 'count_agg' || metric.aggregationType === 'unique_count_agg',
    };
    const own = charge.filters.find(({ id }) => id === bucket.filterId)?.properties ?? charge.properties;
    const major = priceOf(charge.model, quantity, own);
    const precise = times(major, fraction(10n ** BigInt(exponent)));
    const group = Object.keys(bucket.group).length === 0 ? '' : `:${JSON.stringify(bucket.group)}`;
    return {
      ...EMPTY,
      key: `charge:${bill.subscriptionId}:${charge.id}:${bucket.filterId ?? 'default'}${group}`,
      kind: 'charge',
      subscriptionId: bill.subscriptionId,
      chargeId: charge.id,
      metricId: metric.id,
      amount: nearest(precise),
      precise,
      units: measure.full,
      events: measure.events,
    };
  });
  const kept = (line: Line): boolean => line.amount !== 0n || line.units.over !== 0n || line.events > 0;
  if (early || charge.payInAdvance || charge.minAmountMinor === 0n) return lines.filter(kept);

  const days = Math.max(0, daysBetween(chargesFrom, chargesTo, zone) - (window.upgraded ? 1 : 0));
  const minimum = parts(times(fraction(charge.minAmountMinor), fraction(days)), period.days);
  const missing = minus(minimum, fraction(lines.reduce((sum, { amount }) => sum + amount, 0n)));
  if (!above(missing, NOTHING)) return lines.filter(kept);
  const parent = lines
    .filter(({ key }) => key.startsWith(`charge:${bill.subscriptionId}:${charge.id}:default`))
    .sort((a, b) => (a.key < b.key ? -1 : 1))[0]!;
  const trueUp = {
    ...parent,
    key: `${parent.key}:true_up`,
    amount: nearest(missing),
    precise: missing,
    units: fraction(1),
    events: 0,
  };
  return [...lines.filter((line) => kept(line) || line === parent), trueUp];
}

/** The units a window ends with, or each day's share of them (semantics 6.13). Cases change units once a day at most. */
function fixedLine({ bill, zone, monthlyFixed, exponent }: Setting, charge: FixedChargeFacts): Line[] {
  const { fixedChargesFrom, fixedChargesTo } = bill.windows;
  let [from, to] = [fixedChargesFrom, fixedChargesTo];
  let until = to ?? 0;
  if (charge.payInAdvance) {
    if (bill.reason !== 'subscription_periodic' || fixedChargesFrom === null) return [];
    const opening = periodOn(dateAt(bill.billedAt, zone), monthlyFixed);
    from = Math.max(dawn(opening.first, zone), bill.startedAt);
    to = dawn(nextDate(opening.last), zone) - 1;
    until = Math.max(from, bill.billedAt);
  } else if (!bill.billUsage) return [];
  if (from === null || to === null) return [];

  const period = periodOn(dateAt(from, zone), monthlyFixed);
  const known = charge.segments.filter(({ effectiveAt }) => effectiveAt <= until);
  const inForce = (date: number): string =>
    known
      .filter(({ effectiveAt }) => dateAt(effectiveAt, zone) <= date)
      .sort((a, b) => b.effectiveAt - a.effectiveAt)[0]?.units ?? '0';
  const dates = datesFrom(from, to, zone);
  const full = readOr0(inForce(dates.at(-1)!));
  let units = full;
  if (charge.prorated) {
    const spans: { units: string; days: number }[] = [];
    for (const date of dates) {
      const begins = known.some(({ effectiveAt }) => dateAt(effectiveAt, zone) === date);
      const last = spans.at(-1);
      if (last && !begins) last.days++;
      else spans.push({ units: inForce(date), days: 1 });
    }
    units = total(
      spans.map((span) => nearestAt(parts(times(readOr0(span.units), fraction(span.days)), period.days), 6)),
    );
  }
  const quantity: Quantity = {
    units,
    full,
    events: 0,
    values: [],
    counts: false,
    carried: NOTHING,
    exponent,
  };
  const precise = times(
    priceOf(charge.model, quantity, charge.properties),
    fraction(10n ** BigInt(exponent)),
  );
  const line = {
    ...EMPTY,
    key: `fixed_charge:${bill.subscriptionId}:${charge.id}`,
    kind: 'fixed_charge',
    subscriptionId: bill.subscriptionId,
    fixedChargeId: charge.id,
    amount: nearest(precise),
    precise,
    units: full,
  };
  return full.over === 0n && line.amount === 0n ? [] : [line];
}

/** Semantics 7.1: what was spent is every line of the period that the minimum is about. */
function commitmentLine({ bill, zone, calendar }: Setting, lines: readonly Line[]): Line[] {
  const { plan, history } = bill;
  const window = history.commitmentWindow;
  if (!plan.commitment || !window) return [];
  const period = periodOn(dateAt(window.from, zone), calendar);
  const days = daysBetween(window.from, window.to, zone);
  const minimum = nearest(parts(times(fraction(plan.commitment.amountMinor), fraction(days)), period.days));
  const advanceFixed = new Set(
    plan.fixedCharges.filter(({ payInAdvance }) => payInAdvance).map(({ id }) => id),
  );
  const advance = new Set(plan.charges.filter(({ payInAdvance }) => payInAdvance).map(({ id }) => id));
  // What this bill charges in advance belongs to the period that opens, not to the one the minimum closes.
  const ofPeriod = lines.filter(
    ({ kind, chargeId, fixedChargeId }) =>
      !(kind === 'subscription' && plan.payInAdvance) &&
      !(chargeId !== null && advance.has(chargeId)) &&
      !(fixedChargeId !== null && advanceFixed.has(fixedChargeId)),
  );
  const spent = ofPeriod.reduce((sum, { amount }) => sum + amount, history.commitmentSpentMinor);
  const missing = minimum - spent;
  if (missing <= 0n) return [];
  const key = `commitment:${bill.subscriptionId}`;
  const { subscriptionId } = bill;
  return [
    {
      ...EMPTY,
      key,
      kind: 'commitment',
      subscriptionId,
      amount: missing,
      precise: fraction(missing),
      units: fraction(1),
    },
  ];
}

/** All lines of a bill before discounts and taxes, in the order of semantics 14. */
export function linesOf(bill: SubscriptionBillFacts, facts: InvoiceFacts): Line[] {
  const setting = settingOf(bill, facts);
  if (facts.type === 'progressive_billing') {
    const inArrears = bill.plan.charges.filter(({ payInAdvance }) => !payInAdvance);
    return inArrears.flatMap((charge) => chargeLines(setting, charge, { early: true }));
  }
  const plan = planLine(setting);
  const lines = [
    ...(plan ? [plan] : []),
    ...bill.plan.charges.flatMap((charge) => chargeLines(setting, charge)),
    ...bill.plan.fixedCharges.flatMap((charge) => fixedLine(setting, charge)),
  ];
  return [...lines, ...commitmentLine(setting, lines)];
}

export const sumOf = (lines: readonly { amount: bigint }[]): bigint =>
  lines.reduce((sum, { amount }) => sum + amount, 0n);
