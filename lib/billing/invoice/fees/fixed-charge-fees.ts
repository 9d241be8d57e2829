import { exponentOf } from '../../money/currency.ts';
import { Exact } from '../../money/exact.ts';
import { openingWindow, periodRule } from '../../periods/boundaries.ts';
import { datesInclusive, fullPeriodDays } from '../../periods/days.ts';
import {
  type FixedChargeQuantity,
  fixedChargeIncrease,
  fixedChargeUnits,
  fixedChargeUpgradeAmount,
  priceFixedCharge,
} from '../../pricing/fixed-charge.ts';
import type { FixedChargeFacts, SubscriptionBillFacts } from '../facts.ts';
import type { FeeResult } from '../result.ts';
import { type Adjustments, adjusted, unitsToPrice } from './adjust.ts';
import { majorText, newFee, newWorking, pricedAsOne, pricedIn, scheduleOf } from './new-fee.ts';

interface FixedWindow {
  from: number;
  to: number;
  periodDays: number;
  /** Unit changes after this instant are not known yet. */
  knownUntil: number;
}

/** The bill that starts after a free trial carries the plan's fee alone (semantics 3.3). */
function isTrialEnd({ reason, trialEndsAt, startedAt, billedAt }: SubscriptionBillFacts): boolean {
  return (
    reason === 'subscription_starting' &&
    trialEndsAt !== null &&
    startedAt < trialEndsAt &&
    billedAt >= trialEndsAt
  );
}

/** The window a fixed charge pays on this bill; null when it is not its turn (semantics 6.13). */
function windowOf(
  bill: SubscriptionBillFacts,
  charge: FixedChargeFacts,
  timezone: string,
): FixedWindow | null {
  const { windows, reason } = bill;
  const schedule = scheduleOf(bill, timezone);
  if (!charge.payInAdvance) {
    const { fixedChargesFrom: from, fixedChargesTo: to } = windows;
    if (!bill.billUsage || from === null || to === null) return null;
    const periodDays = fullPeriodDays({ ...periodRule(schedule, 'fixed_charges'), at: from });
    return { from, to, periodDays, knownUntil: to };
  }
  const starts = reason === 'subscription_starting' && !isTrialEnd(bill);
  const renews = reason === 'subscription_periodic' && windows.fixedChargesFrom !== null;
  if (!starts && !renews) return null;
  const { from, to, period } = openingWindow(
    { ...schedule, billingAt: bill.billedAt, startedAt: bill.startedAt },
    'fixed_charges',
  );
  return { from, to, periodDays: period.days, knownUntil: Math.max(from, bill.billedAt) };
}

function fixedChargeFee(
  bill: SubscriptionBillFacts,
  charge: FixedChargeFacts,
  key: string,
  quantity: FixedChargeQuantity,
  { from, to, periodDays }: Pick<FixedWindow, 'from' | 'to' | 'periodDays'>,
): FeeResult {
  const { currency } = bill.plan;
  const exponent = exponentOf(currency);
  const priced = priceFixedCharge(charge.model, charge.properties, quantity, exponent);
  const { units, fullUnits } = quantity;
  return newFee({
    key,
    kind: 'fixed_charge',
    subscriptionId: bill.subscriptionId,
    fixedChargeId: charge.id,
    itemId: charge.addOn.id,
    itemCode: charge.addOn.code,
    itemName: charge.addOn.name,
    itemDescription: charge.addOn.description,
    displayName: charge.displayName ?? charge.addOn.name,
    units: fullUnits,
    ...pricedIn(currency, priced),
    amountDetails: priced.details,
    working: newWorking(currency, {
      kind: 'fixed_charge',
      model: charge.model,
      rows: [
        ...quantity.terms.map((term) => ({
          kind: 'in_force',
          units: term.units.toString(),
          days: term.days,
          ofDays: periodDays,
          amount: '0',
        })),
        ...priced.working,
      ],
      period: { from, to },
      metricName: charge.addOn.name,
      prorated: charge.prorated,
      properties: charge.properties,
      units: fullUnits.toString(),
      inputs: {
        currencyExponent: exponent,
        ...(units.eq(fullUnits) ? {} : { pricedUnits: units.toString() }),
      },
    }),
    payInAdvance: charge.payInAdvance,
    from,
    to,
  });
}

/**
 * After an upgrade that keeps the add-on, the first fee is what the days left cost less what was paid for them
 * (semantics 6.13).
 */
function lessPaidBefore(
  bill: SubscriptionBillFacts,
  charge: FixedChargeFacts,
  fee: FeeResult,
  { from, to, periodDays }: FixedWindow,
  timezone: string,
): FeeResult {
  const { currency } = bill.plan;
  const full = priceFixedCharge(
    charge.model,
    charge.properties,
    { units: fee.units, fullUnits: fee.units },
    exponentOf(currency),
  ).amountMajor.pow10(exponentOf(currency));
  const paid = Exact.of(charge.paidBeforeMinor ?? '0');
  const daysLeft = datesInclusive(from, to, timezone);
  const share = (amount: Exact): Exact => Exact.of(amount.mul(daysLeft).div(periodDays).roundToBigInt());
  const due = Exact.of(
    fixedChargeUpgradeAmount({ newAmountMinor: full, paidAmountMinor: paid, daysLeft, periodDays }),
  );
  const floor = due.sub(share(full).sub(share(paid)));
  const rows = [
    { kind: 'share', amount: majorText(share(full), currency), days: daysLeft, ofDays: periodDays },
    {
      kind: 'paid_before',
      amount: majorText(share(paid).neg(), currency),
      days: daysLeft,
      ofDays: periodDays,
    },
    ...(floor.isZero() ? [] : [{ kind: 'clamp', amount: majorText(floor, currency) }]),
  ];
  return {
    ...fee,
    ...pricedAsOne(currency, due),
    unitAmountMinor: fee.unitAmountMinor,
    preciseUnitAmount: fee.preciseUnitAmount,
    working: { ...fee.working, model: null, rows },
  };
}

/** The line of one fixed charge on this bill, or null. */
export function fixedChargeFees(
  bill: SubscriptionBillFacts,
  charge: FixedChargeFacts,
  timezone: string,
  adjustments?: Adjustments,
): FeeResult[] {
  const window = windowOf(bill, charge, timezone);
  if (!window) return [];
  const quantity = fixedChargeUnits({
    segments: charge.segments.filter(({ effectiveAt }) => effectiveAt <= window.knownUntil),
    prorated: charge.prorated,
    windowFrom: window.from,
    windowTo: window.to,
    periodDays: window.periodDays,
    timezone,
  });
  const key = `fixed_charge:${bill.subscriptionId}:${charge.id}`;
  const adjustment = adjustments?.get(key);
  const given = unitsToPrice(adjustment);
  if (given) {
    const set = { units: given, fullUnits: given, terms: [] };
    const fee = fixedChargeFee(bill, charge, key, set, window);
    return [adjusted(fee, adjustment, bill.plan.currency, { priced: true })];
  }
  const fee = fixedChargeFee(bill, charge, key, quantity, window);
  const starting = bill.reason === 'subscription_starting' && charge.payInAdvance;
  const reduces = starting && charge.prorated && charge.paidBeforeMinor !== undefined;
  const due = reduces ? lessPaidBefore(bill, charge, fee, window, timezone) : fee;
  if (adjustment) return [adjusted(due, adjustment, bill.plan.currency)];
  return due.units.isZero() && due.amountMinor === 0n ? [] : [due];
}

/**
 * The line billed at once when units paid in advance change at `at`: the increase only, for the days left where the
 * charge is prorated. A decrease gives a line of zero that documents it (semantics 6.13).
 */
export function fixedChargeIncreaseFee(
  bill: SubscriptionBillFacts,
  charge: FixedChargeFacts,
  change: { previousUnits: string; newUnits: string; at: number; timezone: string },
): FeeResult {
  const { at, timezone } = change;
  const { to, period } = openingWindow(
    {
      ...scheduleOf(bill, timezone),
      billingAt: at,
      startedAt: bill.startedAt,
      terminatedAt: bill.terminatedAt,
    },
    'fixed_charges',
  );
  const quantity = fixedChargeIncrease({
    previousUnits: Exact.of(change.previousUnits),
    newUnits: Exact.of(change.newUnits),
    at,
    windowTo: to,
    periodDays: period.days,
    timezone,
    prorated: charge.prorated,
  });
  const key = `fixed_charge:${bill.subscriptionId}:${charge.id}:${at}`;
  return fixedChargeFee(bill, charge, key, quantity, { from: at, to, periodDays: period.days });
}
