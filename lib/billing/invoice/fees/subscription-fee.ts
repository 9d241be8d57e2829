import { Exact } from '../../money/exact.ts';
import { periodRule } from '../../periods/boundaries.ts';
import { dayCount } from '../../periods/days.ts';
import { periodAt, periodContaining } from '../../periods/interval.ts';
import { localDate } from '../../periods/zone.ts';
import type { SubscriptionBillFacts } from '../facts.ts';
import type { FeeResult } from '../result.ts';
import { closedByUpgrade, majorText, newFee, newWorking, pricedAsOne, scheduleOf } from './new-fee.ts';

/** How much of the plan's price a bill carries: `days` of `ofDays`, the first of them beginning at `from`. */
export interface PlanFeeShare {
  days: number;
  ofDays: number;
  from: number;
}

/** A trial delays the plan's fee, except on the local day it ends (semantics 3.3). */
function isInTrial({ trialEndsAt, billedAt }: SubscriptionBillFacts, timezone: string): boolean {
  if (trialEndsAt === null || billedAt >= trialEndsAt) return false;
  return localDate(trialEndsAt, timezone) !== localDate(billedAt, timezone);
}

/** Started before the day (UTC) it was created on. */
function isBackdated({ startedAt, createdAt }: SubscriptionBillFacts): boolean {
  return localDate(startedAt, 'UTC') < localDate(createdAt, 'UTC');
}

function isFullPeriod(bill: SubscriptionBillFacts, previousPeriodStart: number): boolean {
  const { plan, billingTime, predecessor, history } = bill;
  if (plan.payInAdvance && billingTime === 'anniversary' && !predecessor) return true;
  if (history.subscriptionFeeBilled) return true;
  return isBackdated(bill) && (plan.payInAdvance || bill.startedAt < previousPeriodStart);
}

/**
 * The decision list of semantics 4.3: which days of the plan's period the bill pays. The trial's end takes the place of
 * the window's start where it lies inside; nothing is due when it lies behind.
 */
export function planFeeShare(bill: SubscriptionBillFacts, timezone: string): PlanFeeShare {
  const { plan, windows, trialEndsAt, terminatedAt, terminationKind, predecessor } = bill;
  const rule = periodRule(scheduleOf(bill, timezone));
  const period = periodContaining({ ...rule, at: windows.from });
  const ofDays = period.days;
  if (trialEndsAt !== null && trialEndsAt >= windows.to) return { days: 0, ofDays, from: windows.to };

  const trialEndsInside = trialEndsAt !== null && trialEndsAt > windows.from;
  const from = trialEndsInside ? trialEndsAt : windows.from;
  const days = dayCount(from, windows.to, timezone, { upgradeMinusOne: closedByUpgrade(bill) });
  const closing = terminatedAt !== null && terminationKind !== 'downgraded' && !plan.payInAdvance;
  if (closing) return { days, ofDays, from };
  const bornFromUpgrade = predecessor?.kind === 'upgraded' && bill.history.invoiceCount === 0;
  if (bornFromUpgrade) return { days, ofDays, from };
  const full = isFullPeriod(bill, periodAt(rule, period.index - 1).start);
  return { days: full && !trialEndsInside ? ofDays : days, ofDays, from };
}

/** The plan's own fee, or null where this bill carries none (semantics 4.3, last paragraph). */
export function subscriptionFee(bill: SubscriptionBillFacts, timezone: string): FeeResult | null {
  const { plan, windows, history } = bill;
  if (!bill.billSubscriptionFee || isInTrial(bill, timezone)) return null;
  if (plan.payInAdvance && history.subscriptionFeeBilledToday) return null;

  const { days, ofDays, from } = planFeeShare(bill, timezone);
  const precise = Exact.ratio(plan.amountMinor * BigInt(days), BigInt(ofDays));
  const rate = majorText(plan.amountMinor, plan.currency);
  return newFee({
    key: `subscription:${bill.subscriptionId}`,
    kind: 'subscription',
    subscriptionId: bill.subscriptionId,
    itemId: bill.subscriptionId,
    itemCode: plan.code,
    itemName: plan.name,
    displayName: plan.displayName ?? plan.name,
    units: Exact.ONE,
    ...pricedAsOne(plan.currency, precise),
    amountDetails: { plan_amount_cents: plan.amountMinor.toString() },
    working: newWorking(plan.currency, {
      kind: 'subscription',
      // What is paid for: a trial that ends inside the window leaves its first days out.
      period: { from, to: windows.to },
      prorated: days !== ofDays,
      units: '1',
      rows: [{ kind: 'days', days, ofDays, rate, amount: majorText(precise, plan.currency) }],
    }),
    payInAdvance: plan.payInAdvance,
    from: windows.from,
    to: windows.to,
  });
}
