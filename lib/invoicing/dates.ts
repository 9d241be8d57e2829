import { addDays } from '@/lib/billing/periods/zone';

export interface DateRules {
  gracePeriod: number;
  anchor: string;
  adjustment: string;
  netPaymentTerm: number;
}

export interface InvoiceDates {
  issuingDate: string;
  expectedFinalizationDate: string;
  paymentDueDate: string;
}

/** Which of semantics 12.4's rows an invoice falls under. */
export type DateCase = 'recurring' | 'non_recurring' | 'immediate';

/** Dates at creation (semantics 12.4). `billingDate` is the local date of billing; grace applies to subscription bills only. */
export function datesAtCreation(billingDate: string, kind: DateCase, rules: DateRules): InvoiceDates {
  const grace = kind === 'immediate' ? 0 : rules.gracePeriod;
  const issuingDate = issuingDateOf(billingDate, kind, rules, grace);
  return {
    issuingDate,
    expectedFinalizationDate: addDays(billingDate, grace),
    paymentDueDate: addDays(issuingDate, rules.netPaymentTerm),
  };
}

function issuingDateOf(billingDate: string, kind: DateCase, rules: DateRules, grace: number): string {
  if (kind === 'immediate') return billingDate;
  if (kind === 'non_recurring') return addDays(billingDate, grace);
  const keepsAnchor = rules.adjustment === 'keep_anchor';
  if (rules.anchor === 'current_period_end') {
    return keepsAnchor || grace === 0 ? addDays(billingDate, -1) : addDays(billingDate, grace);
  }
  return keepsAnchor ? billingDate : addDays(billingDate, grace);
}

/** Dates when a draft is finalised: local today, unless a recurring bill keeps its anchor. */
export function datesAtFinalization(
  present: { issuingDate: string },
  today: string,
  kind: DateCase,
  rules: DateRules,
): { issuingDate: string; paymentDueDate: string } {
  const keeps = kind === 'recurring' && rules.adjustment === 'keep_anchor';
  const issuingDate = keeps ? present.issuingDate : today;
  return { issuingDate, paymentDueDate: addDays(issuingDate, rules.netPaymentTerm) };
}
