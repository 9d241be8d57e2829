import type { PreviewResult } from '@/lib/commands/preview/types';
import type { PlanChoice, SubscriptionLine } from '@/lib/queries/console/customer';

/** The four acts of the customer page, by the word in the address. */
export const ACTS = ['extend-trial', 'credits', 'discount', 'change-plan'] as const;
export type Act = (typeof ACTS)[number];

export const isAct = (word: string | null | undefined): word is Act =>
  (ACTS as readonly string[]).includes(word ?? '');

export const ACT_NAMES: Record<Act, string> = {
  'extend-trial': 'Extend trial',
  credits: 'Credits',
  discount: 'Discount',
  'change-plan': 'Change plan',
};

/** What the panels need to know before the first preview; plain data, read on the server. */
export interface ActFacts {
  customerId: string;
  name: string;
  domain: string | null;
  currency: string;
  /** The customer's billing zone. */
  timezone: string;
  /** The organisation's clock when the page was read, epoch milliseconds. */
  now: number;
  /** Today in the customer's zone. */
  today: string;
  personId: string;
  personTimezone: string;
  subscription: SubscriptionLine | null;
  trial: { startDay: string; lastFreeDay: string; days: number; spentDays: number } | null;
  plans: PlanChoice[];
  /** The plan change that waits for the next bill. */
  pendingPlan: { code: string; name: string; from: string } | null;
  /** Why an act cannot be used, in words; absent when it can. */
  locked: Partial<Record<Act, string>>;
  /** The same for all acts together, each reason said once. */
  lockedWords: string[];
}

export interface AppliedAct {
  auditRowId: string | null;
  /** The act in words; for a request, what was asked for. */
  title: string;
  asked: string | null;
  preview: PreviewResult;
  reason: string | null;
  note: string | null;
}
