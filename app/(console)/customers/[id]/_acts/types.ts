import type { PlanChoice, SubscriptionLine } from '@/lib/queries/console/customer';

/** The acts that stand in the row under the name, and those in the menu after it. */
export const ROW_ACTS = ['extend-trial', 'discount', 'credits', 'change-plan'] as const;
export const MENU_ACTS = ['end-trial', 'pause', 'start'] as const;

/** The acts of the customer page, by the word in the address. */
const ACTS = [...ROW_ACTS, ...MENU_ACTS, 'resume'] as const;
export type Act = (typeof ACTS)[number];

export const isAct = (word: string | null | undefined): word is Act =>
  (ACTS as readonly string[]).includes(word ?? '');

export const ACT_NAMES: Record<Act, string> = {
  'extend-trial': 'Extend trial',
  credits: 'Credits',
  discount: 'Discount',
  'change-plan': 'Change plan',
  'end-trial': 'End trial',
  pause: 'Pause',
  resume: 'Resume',
  start: 'Start a subscription',
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
  /** The agreement that rests and may be taken up again. */
  paused: SubscriptionLine | null;
  trial: { startDay: string; lastFreeDay: string; days: number; spentDays: number } | null;
  plans: PlanChoice[];
  /** Nothing runs, rests or waits to start: starting a plan is what comes next. */
  withoutPlan: boolean;
  /** Whether something has settled what they pay in. */
  currencySettled: boolean;
  /** An id for another subscription that none of theirs has had. */
  freeExternalId: string;
  /** The plan change that waits for the next bill. */
  pendingPlan: { code: string; name: string; from: string } | null;
  /** Why an act cannot be used, in words; absent when it can. */
  locked: Partial<Record<Act, string>>;
  /** The same for all acts together, each reason said once. */
  lockedWords: string[];
}
