import type { PlanFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import { billFees } from '@/lib/billing/invoice/fees/bill-fees';
import type { FeeKind } from '@/lib/billing/invoice/result';
import { periodRule } from '@/lib/billing/periods/boundaries';
import { periodAt, periodContaining } from '@/lib/billing/periods/interval';
import type { BillingContext } from './context';
import { scheduleOf } from './load-bill';
import { loadBillUsages } from './load-usage';
import type { SubscriptionRow } from './situation';

export interface PricedLine {
  kind: FeeKind;
  label: string;
  units: string;
  amountMinor: bigint;
}

/** What one finished period would have cost, in minor units of the plan's currency. */
export interface PricedPeriod {
  /** The plan's own prices before tax, discounts and credits. */
  totalMinor: bigint;
  lines: PricedLine[];
}

export interface FinishedPeriod {
  from: number;
  /** The last included millisecond. */
  to: number;
}

/** The same plan with everything billed once the period is over, so that one bill holds one whole period. */
function inArrears(plan: PlanFacts): PlanFacts {
  return {
    ...plan,
    payInAdvance: false,
    billChargesMonthly: false,
    billFixedChargesMonthly: false,
    charges: plan.charges.map((charge) => ({ ...charge, payInAdvance: false })),
    fixedCharges: plan.fixedCharges.map((charge) => ({ ...charge, payInAdvance: false })),
  };
}

/** The last whole period of a plan's interval that is over, or null while a subscription is in its first. */
export function lastFinishedPeriod(
  subscription: SubscriptionRow,
  plan: PlanFacts,
  timezone: string,
  now: number,
): FinishedPeriod | null {
  const rule = periodRule(scheduleOf(subscription, inArrears(plan), timezone));
  const running = periodContaining({ ...rule, at: now });
  const last = periodAt(rule, running.index - 1);
  return last.start < subscription.subscriptionAt.getTime() ? null : { from: last.start, to: last.end - 1 };
}

/**
 * What a finished period would have cost on a plan at what was really used in it: the engine's own lines from stored
 * usage, nothing written. Trials, discounts, credits and tax are left out, so that plans compare like with like; fixed
 * lines have the plan's own number of units.
 */
export async function pricePeriod(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  plan: PlanFacts,
  timezone: string,
  period: FinishedPeriod,
): Promise<PricedPeriod> {
  const startedAt = subscription.subscriptionAt.getTime();
  const { from, to } = period;
  const listed = inArrears(plan);
  const bill: SubscriptionBillFacts = {
    subscriptionId: subscription.id,
    externalId: subscription.externalId,
    name: subscription.name,
    plan: {
      ...listed,
      fixedCharges: listed.fixedCharges.map((charge) => ({
        ...charge,
        segments: charge.segments.map((segment) => ({ ...segment, effectiveAt: startedAt })),
      })),
    },
    billingTime: subscription.billingTime,
    anchor: startedAt,
    startedAt,
    createdAt: startedAt,
    trialEndsAt: null,
    terminatedAt: null,
    terminationKind: null,
    predecessor: null,
    successorMetricIds: [],
    reason: 'subscription_periodic',
    billedAt: to + 1,
    windows: { from, to, chargesFrom: from, chargesTo: to, fixedChargesFrom: from, fixedChargesTo: to },
    history: {
      subscriptionFeeBilled: true,
      invoiceCount: 1,
      subscriptionFeeBilledToday: false,
      commitmentSpentMinor: 0n,
      commitmentWindow: plan.commitment ? { from, to } : null,
    },
    billUsage: true,
    billSubscriptionFee: true,
    usage: {},
  };
  const [usage = {}] = await loadBillUsages(ctx, [bill]);
  const fees = billFees({ ...bill, usage }, { type: 'subscription', timezone });
  return {
    totalMinor: fees.reduce((sum, fee) => sum + fee.amountMinor, 0n),
    lines: fees.map(({ kind, displayName, itemName, units, amountMinor }) => ({
      kind,
      label: displayName || itemName,
      units: units.toString(),
      amountMinor,
    })),
  };
}
