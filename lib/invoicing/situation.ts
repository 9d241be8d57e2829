import type { subscriptions } from '@/db/schema';
import type { BillingSituation } from '@/lib/billing/periods/boundaries';

export type SubscriptionRow = typeof subscriptions.$inferSelect;

/** Why a subscription is billed now; decides its windows and which fees may appear. */
export type BillSituation = BillingSituation | 'trial_end';
