import type { InvoiceFacts, SubscriptionBillFacts } from '../facts.ts';
import { withPresentation } from '../presentation.ts';
import type { FeeResult } from '../result.ts';
import { type Adjustments, adjusted, adjustmentsOf } from './adjust.ts';
import { chargeFees, renewalFees } from './charge-fees.ts';
import { commitmentFee } from './commitment-fee.ts';
import { fixedChargeFees } from './fixed-charge-fees.ts';
import { subscriptionFee } from './subscription-fee.ts';

const hasUsage = ({ billUsage, windows }: SubscriptionBillFacts): boolean =>
  billUsage && windows.chargesFrom !== null && windows.chargesTo !== null;

/** The new plan charges the same recurring metric and will bill it in full (semantics 3.5.5). */
function leftToSuccessor(bill: SubscriptionBillFacts, metricId: string): boolean {
  return bill.terminationKind === 'upgraded' && bill.successorMetricIds.includes(metricId);
}

function usageFees(bill: SubscriptionBillFacts, timezone: string, adjustments: Adjustments): FeeResult[] {
  if (!hasUsage(bill)) return [];
  const isGiven = ({ key }: FeeResult) => adjustments.has(key);
  return bill.plan.charges.flatMap((charge) => {
    if (charge.payInAdvance) {
      const renews = charge.metric.recurring && charge.invoiceable && bill.reason === 'subscription_periodic';
      return renews ? renewalFees(bill, charge, timezone, adjustments) : [];
    }
    const skipped = charge.metric.recurring && !charge.prorated && leftToSuccessor(bill, charge.metric.id);
    if (skipped) return [];
    const lines = chargeFees(bill, charge, { timezone, withTrueUp: true, adjustments });
    return withPresentation(bill, charge, timezone, lines, isGiven);
  });
}

/** A bill made early carries all usage of the period so far on charges in arrears, and nothing else (semantics 7.2). */
function progressiveFees(bill: SubscriptionBillFacts, timezone: string): FeeResult[] {
  if (!hasUsage(bill)) return [];
  return bill.plan.charges
    .filter(({ payInAdvance, invoiceable }) => !payInAdvance && invoiceable)
    .flatMap((charge) =>
      withPresentation(bill, charge, timezone, chargeFees(bill, charge, { timezone }), () => false),
    );
}

/** Lines of one subscription in their order: plan, usage, fixed charges, minimum (semantics 6.10, 14). */
export function billFees(
  bill: SubscriptionBillFacts,
  facts: Pick<InvoiceFacts, 'type' | 'timezone' | 'adjustments'>,
): FeeResult[] {
  const { type, timezone } = facts;
  if (type === 'progressive_billing') return progressiveFees(bill, timezone);
  const { currency } = bill.plan;
  const adjustments = adjustmentsOf(facts);
  const change = (fee: FeeResult) => adjusted(fee, adjustments.get(fee.key), currency);
  const plan = subscriptionFee(bill, timezone);
  const lines = [
    ...(plan ? [change(plan)] : []),
    ...usageFees(bill, timezone, adjustments),
    ...bill.plan.fixedCharges.flatMap((charge) => fixedChargeFees(bill, charge, timezone, adjustments)),
  ];
  const minimum = commitmentFee(bill, lines, timezone);
  return minimum ? [...lines, change(minimum)] : lines;
}

/**
 * Renewals of recurring in-advance charges that stay off invoices: standalone lines of the billing day (semantics 6.11).
 */
export function standaloneRenewalFees(bill: SubscriptionBillFacts, timezone: string): FeeResult[] {
  if (!hasUsage(bill) || bill.reason !== 'subscription_periodic') return [];
  return bill.plan.charges
    .filter(({ payInAdvance, invoiceable, metric }) => payInAdvance && !invoiceable && metric.recurring)
    .flatMap((charge) => renewalFees(bill, charge, timezone));
}
