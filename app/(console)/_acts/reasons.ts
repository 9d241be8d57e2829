import type { Reason } from '@/components/panel/types';
import type { Act } from '../customers/[id]/_acts/types';

const REASONS: Record<string, string> = {
  onboarding_delay: 'Onboarding delay',
  outage: 'Outage',
  sales_promise: 'Sales promise',
  evaluating: 'Evaluating',
  mistake: 'Our mistake',
  thanks: 'Thank you',
  keep: 'Keep the customer',
  customer_asked: 'Customer asked',
  outgrew: 'Outgrew the plan',
  other: 'Other',
};

const OFFERED: Record<Act, readonly string[]> = {
  'extend-trial': ['onboarding_delay', 'outage', 'sales_promise', 'evaluating', 'other'],
  credits: ['outage', 'mistake', 'sales_promise', 'thanks', 'other'],
  discount: ['outage', 'sales_promise', 'keep', 'mistake', 'other'],
  'change-plan': ['customer_asked', 'outgrew', 'sales_promise', 'other'],
};

/** The reasons offered for an act, in the order they are used most. */
export const reasonsFor = (act: Act): Reason[] =>
  OFFERED[act].map((code) => ({ code, label: REASONS[code] ?? code }));

/** A stored reason in words; an unknown code is shown as written. */
export function reasonWords(code: string | null): string | null {
  if (!code) return null;
  const words = REASONS[code] ?? code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
