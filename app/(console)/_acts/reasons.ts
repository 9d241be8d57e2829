import type { Reason } from '@/components/panel/types';

/** The acts that are given a reason from a list. */
export type ReasonedAct =
  | 'start'
  | 'extend-trial'
  | 'credits'
  | 'discount'
  | 'change-plan'
  | 'end-trial'
  | 'pause'
  | 'resume'
  | 'change-line'
  | 'credit-note'
  | 'cancel'
  | 'bill-again';

const REASONS: Record<string, string> = {
  signed: 'Signed the offer',
  onboarding_delay: 'Onboarding delay',
  outage: 'Outage',
  sales_promise: 'Sales promise',
  evaluating: 'Evaluating',
  mistake: 'Our mistake',
  thanks: 'Thank you',
  keep: 'Keep the customer',
  customer_asked: 'Customer asked',
  outgrew: 'Outgrew the plan',
  ready: 'Ready to pay',
  season: 'Out of season',
  no_money: 'Cannot pay now',
  returns: 'They are back',
  wrong_amount: 'Wrong amount',
  wrong_count: 'Counted wrongly',
  agreed_price: 'Agreed price',
  should_not_exist: 'Should not exist',
  billed_twice: 'Billed twice',
  wrong_details: 'Wrong details',
  other: 'Other',
};

const OFFERED: Record<ReasonedAct, readonly string[]> = {
  start: ['customer_asked', 'signed', 'evaluating', 'returns', 'other'],
  'extend-trial': ['onboarding_delay', 'outage', 'sales_promise', 'evaluating', 'other'],
  credits: ['outage', 'mistake', 'sales_promise', 'thanks', 'other'],
  discount: ['outage', 'sales_promise', 'keep', 'mistake', 'other'],
  'change-plan': ['customer_asked', 'outgrew', 'sales_promise', 'other'],
  'end-trial': ['ready', 'customer_asked', 'sales_promise', 'other'],
  pause: ['customer_asked', 'season', 'no_money', 'other'],
  resume: ['returns', 'customer_asked', 'mistake', 'other'],
  'change-line': ['wrong_count', 'agreed_price', 'mistake', 'other'],
  'credit-note': ['wrong_amount', 'outage', 'mistake', 'sales_promise', 'other'],
  cancel: ['should_not_exist', 'wrong_amount', 'billed_twice', 'wrong_details', 'other'],
  'bill-again': ['wrong_amount', 'wrong_details', 'mistake', 'other'],
};

/** The reasons offered for an act, in the order they are used most. */
export const reasonsFor = (act: ReasonedAct): Reason[] =>
  OFFERED[act].map((code) => ({ code, label: REASONS[code] ?? code }));

/** A stored reason in words; an unknown code is shown as written. */
export function reasonWords(code: string | null): string | null {
  if (!code) return null;
  const words = REASONS[code] ?? code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
