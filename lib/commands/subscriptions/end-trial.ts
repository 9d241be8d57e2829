import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { subscriptions } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { lastFreeDay } from '@/lib/billing/periods/trial';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { readInvoice } from '@/lib/invoicing/write-invoice';
import { cancelDue } from '@/lib/schedule/due';
import { defineCommand } from '../core/command';
import { scheduleTrialEnd } from './activate';
import { endTrialNow } from './bill';
import { loadSubscription, readSubscription } from './read';
import { conflictChangedSince, takeBackHeld } from './take-back';
import { runningTrial } from './trial';

const input = z.strictObject({ subscriptionId: z.uuid() });

interface EndedTrial {
  subscriptionId: string;
  invoiceId: string | null;
}

async function setTrial(
  { tx, organizationId, now }: BillingContext,
  subscriptionId: string,
  trialEndsAt: Date,
): Promise<SubscriptionRow> {
  const [row] = await tx
    .update(subscriptions)
    .set({ trialEndsAt, trialEndedAt: null, updatedAt: new Date(now) })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)))
    .returning();
  if (!row) throw new Error(`subscription ${subscriptionId} vanished inside its own transaction`);
  return row;
}

/**
 * Ends a running trial now: today is the first paid day. A plan billed at the start bills the days left of its period at
 * once (semantics 3.3). On screen: "End trial".
 */
export const endTrial = defineCommand<z.infer<typeof input>, EndedTrial>({
  name: 'subscriptions/end-trial',
  input,
  right: 'trial.extend',
  reason: 'required',
  undo: 'held',
  async run(ctx, { subscriptionId }) {
    await lockCustomer(ctx, (await readSubscription(ctx, subscriptionId)).customerId);
    const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
    const before = runningTrial(subscription, ctx.now);
    await cancelDue(ctx.tx, ctx.organizationId, ctx.now, 'subscription.trial_end', subscriptionId);
    await setTrial(ctx, subscriptionId, new Date(ctx.now));
    const made = await endTrialNow(ctx, subscriptionId);
    const invoice = made ? await readInvoice(ctx, made.invoiceId) : null;
    const held = invoice?.status === 'draft' && invoice.releaseAt !== null;
    const total = invoice?.totalAmountMinor ?? 0n;
    return {
      result: { subscriptionId, invoiceId: invoice?.id ?? null },
      title: `End the trial today${total > 0n ? `, charge ${formatMoney(total, plan.currency)}` : ''}`,
      subject: { type: 'subscription', id: subscriptionId },
      customerId: subscription.customerId,
      subscriptionId,
      before: { trialEndsAt: new Date(before), lastFreeDay: lastFreeDay(before, billed.timezone) },
      after: { trialEndsAt: new Date(ctx.now) },
      inverse: held
        ? {
            command: 'subscriptions/undo-end-trial',
            input: { subscriptionId, invoiceId: invoice.id, trialEndsAt: before },
          }
        : undefined,
      undo: held ? 'held' : 'fix_forward',
      undoUntil: held ? invoice.releaseAt?.getTime() : undefined,
    };
  },
});

const undoInput = z.strictObject({
  subscriptionId: z.uuid(),
  invoiceId: z.uuid(),
  trialEndsAt: z.number().int(),
});

/** Puts a trial back that was ended, while its invoice is held. */
export const undoEndTrial = defineCommand<z.infer<typeof undoInput>, { subscriptionId: string }>({
  name: 'subscriptions/undo-end-trial',
  input: undoInput,
  right: 'trial.extend',
  reason: 'optional',
  undo: null,
  async run(ctx, { subscriptionId, invoiceId, trialEndsAt }) {
    const { customerId } = await readSubscription(ctx, subscriptionId);
    await lockCustomer(ctx, customerId);
    if ((await readSubscription(ctx, subscriptionId)).status !== 'active') conflictChangedSince();
    await takeBackHeld(ctx, invoiceId, 'The invoice has left. Give credits or a discount instead.');
    const row = await setTrial(ctx, subscriptionId, new Date(trialEndsAt));
    await scheduleTrialEnd(ctx, row);
    return {
      result: { subscriptionId },
      title: 'Put the trial back',
      subject: { type: 'subscription', id: subscriptionId },
      customerId,
      subscriptionId,
      before: { invoiceId },
      after: { trialEndsAt: new Date(trialEndsAt) },
    };
  },
});
