import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { subscriptions } from '@/db/schema';
import { lastFreeDay } from '@/lib/billing/periods/trial';
import { addDays, daysBetween, startOfDay } from '@/lib/billing/periods/zone';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command';
import { dayInWords } from '../core/day-words';
import { scheduleTrialEnd } from './activate';
import { loadSubscription, readSubscription } from './read';

const LONGEST_TRIAL_DAYS = 730;

async function moveTrialEnd(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  trialEndsAt: number,
): Promise<SubscriptionRow> {
  const [row] = await ctx.tx
    .update(subscriptions)
    .set({ trialEndsAt: new Date(trialEndsAt), updatedAt: new Date(ctx.now) })
    .where(and(eq(subscriptions.organizationId, ctx.organizationId), eq(subscriptions.id, subscription.id)))
    .returning();
  if (!row) throw new Error(`subscription ${subscription.id} vanished inside its own transaction`);
  await scheduleTrialEnd(ctx, row);
  await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'subscription.updated', objectId: row.id });
  return row;
}

/** The running trial of a subscription. Throws invalid with the reason when there is none to move. */
export function runningTrial(subscription: SubscriptionRow, now: number): number {
  const end = subscription.trialEndsAt?.getTime();
  if (subscription.status === 'active' && end !== undefined && end > now && !subscription.trialEndedAt)
    return end;
  return invalid(
    { subscriptionId: ['no_running_trial'] },
    end === undefined
      ? 'There is no trial on this subscription.'
      : 'The trial is over, so it cannot be moved. Give credits or a discount instead.',
  );
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const input = z.strictObject({
  subscriptionId: z.uuid(),
  lastFreeDay: z.string().regex(DATE, 'Write the day as 2026-10-30.'),
});

/** Moves the end of a running trial to the end of a local day of the customer's. On screen: "Extend trial". */
export const extendTrial = defineCommand({
  name: 'subscriptions/extend-trial',
  input,
  right: 'trial.extend',
  reason: 'required',
  undo: 'reversible',
  async run(ctx, { subscriptionId, lastFreeDay: chosen }) {
    await lockCustomer(ctx, (await readSubscription(ctx, subscriptionId)).customerId);
    const { subscription, billed } = await loadSubscription(ctx, subscriptionId);
    const before = runningTrial(subscription, ctx.now);
    const { timezone } = billed;
    const was = lastFreeDay(before, timezone);
    const trialEndsAt = startOfDay(addDays(chosen, 1), timezone);
    if (trialEndsAt <= ctx.now) {
      invalid(
        { lastFreeDay: ['invalid_date'] },
        'That day has passed for this customer. Choose today or a later day.',
      );
    }
    const days = daysBetween(was, chosen);
    if (days === 0) {
      invalid(
        { lastFreeDay: ['value_is_invalid'] },
        'This is already the last free day. Choose another day.',
      );
    }
    if (days > LONGEST_TRIAL_DAYS) {
      invalid(
        { lastFreeDay: ['invalid_date'] },
        'A trial can be extended by two years at most. Choose an earlier day.',
      );
    }
    const after = await moveTrialEnd(ctx, subscription, trialEndsAt);
    const count = `${Math.abs(days)} ${Math.abs(days) === 1 ? 'day' : 'days'}`;
    return {
      result: { subscriptionId, trialEndsAt },
      title: days > 0 ? `Extend trial by ${count}` : `Shorten trial by ${count}`,
      subject: { type: 'subscription', id: subscription.id },
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      before: { trialEndsAt: new Date(before), lastFreeDay: was },
      after: { trialEndsAt: after.trialEndsAt, lastFreeDay: chosen },
      limit: days > 0 ? { act: 'trial' as const, quantity: BigInt(days) } : undefined,
      inverse: { command: 'subscriptions/restore-trial', input: { subscriptionId, trialEndsAt: before } },
      undoUntil: Math.min(before, trialEndsAt),
    };
  },
});

const restoreInput = z.strictObject({ subscriptionId: z.uuid(), trialEndsAt: z.number().int() });

/** Puts a trial's end back to the very instant it had. */
export const restoreTrial = defineCommand({
  name: 'subscriptions/restore-trial',
  input: restoreInput,
  right: 'trial.extend',
  reason: 'optional',
  undo: null,
  async run(ctx, { subscriptionId, trialEndsAt }) {
    await lockCustomer(ctx, (await readSubscription(ctx, subscriptionId)).customerId);
    const { subscription, billed } = await loadSubscription(ctx, subscriptionId);
    const before = runningTrial(subscription, ctx.now);
    if (trialEndsAt <= ctx.now) {
      invalid(
        { trialEndsAt: ['invalid_date'] },
        'The old last day has passed, so the trial cannot be put back to it.',
      );
    }
    const after = await moveTrialEnd(ctx, subscription, trialEndsAt);
    return {
      result: { subscriptionId, trialEndsAt },
      title: `Put the last free day back to ${dayInWords(lastFreeDay(trialEndsAt, billed.timezone))}`,
      subject: { type: 'subscription', id: subscription.id },
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      before: { trialEndsAt: new Date(before) },
      after: { trialEndsAt: after.trialEndsAt },
    };
  },
});
