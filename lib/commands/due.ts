import type { DueKind } from '@/lib/schedule/due';
import type { CommandContext } from './core/command';
import { expireCoupon } from './coupons/due';
import { dunDue } from './dunning/due';
import { finalizeDue, overdueDue, refreshDue } from './invoices/due';
import { activateDue, billAllDue, billDue, trialEndDue } from './subscriptions/bill';
import { endDue } from './subscriptions/terminate';
import { terminationAlertDue } from './subscriptions/termination-alert';
import { usageCheckDue } from './usage/check';
import { expireLotDue, expireRuleDue, expireWalletDue, topUpIntervalDue } from './wallets/due';

/** One thing that has fallen due. */
export interface DueItem {
  kind: DueKind;
  subjectId: string;
  customerId: string | null;
  payload: Record<string, unknown>;
  /** Epoch milliseconds. */
  dueAt: number;
}

export type DueHandler = (ctx: CommandContext, item: DueItem) => Promise<void>;

/** What happens when something falls due. Handlers run in the claiming transaction, on the item's own instant. */
export const dueHandlers: Record<DueKind, DueHandler> = {
  'subscription.activate': activateDue,
  'invoice.refresh': refreshDue,
  'subscription.end': endDue,
  'subscription.bill': billDue,
  'invoice.finalize': finalizeDue,
  'invoice.release': finalizeDue,
  'invoice.overdue': overdueDue,
  'coupon.expire': expireCoupon,
  'subscription.trial_end': trialEndDue,
  'subscription.termination_alert': terminationAlertDue,
  'customer.dun': dunDue,
  'wallet.expire': expireWalletDue,
  'credit_lot.expire': expireLotDue,
  'top_up_rule.expire': expireRuleDue,
  'wallet.interval_top_up': topUpIntervalDue,
  'usage.check': usageCheckDue,
};

/** The same for items of one kind and instant, of different customers, all of them or (throwing) none. */
export type ChunkHandler = (ctx: CommandContext, items: DueItem[]) => Promise<void>;

/** What is worked quicker for many customers at once than one by one, with the very same effects. */
export const chunkHandlers: Partial<Record<DueKind, ChunkHandler>> = {
  'subscription.bill': billAllDue,
};
