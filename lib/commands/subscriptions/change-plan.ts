import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { dueItems, priceOverrides, usageThresholds } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { readInvoice } from '@/lib/invoicing/write-invoice';
import { conflict, invalid } from '@/lib/schedule/errors';
import { announce, holdAnnouncements } from '@/lib/schedule/outbox';
import { defineCommand, type Outcome } from '../core/command';
import { changeAtNextBill, upgradeNow } from './plan-change';
import { choosePlan, findSuccessor, loadSubscription, planOf, readSubscription } from './read';
import {
  cancelStarted,
  dropAnnouncements,
  reopen,
  takeBackHeld,
  tellAtOnce,
  voidTerminationNotes,
} from './take-back';
import { cancelPending } from './terminate';

const input = z.strictObject({
  subscriptionId: z.uuid(),
  planCode: z.string().min(1),
  when: z.enum(['now', 'next_bill']),
});
type Input = z.infer<typeof input>;

/** Moves a subscription to another plan, now or at its next bill. On screen: "Change plan". */
export const changePlan = defineCommand({
  name: 'subscriptions/change-plan',
  input,
  right: 'plan.change',
  reason: 'required',
  undo: 'held',
  async run(ctx, values: Input): Promise<Outcome<{ subscriptionId: string; invoiceId: string | null }>> {
    await lockCustomer(ctx, (await readSubscription(ctx, values.subscriptionId)).customerId);
    const { subscription, billed, plan } = await loadSubscription(ctx, values.subscriptionId);
    if (subscription.status !== 'active') {
      invalid({ subscriptionId: ['not_active'] }, 'Only a running subscription can change plan.');
    }
    const choice = await choosePlan(ctx, values.planCode);
    if (choice.plan.id === subscription.planId && choice.version.id === subscription.planVersionId) {
      invalid({ planCode: ['value_is_invalid'] }, `They are on ${plan.name} already. Choose another plan.`);
    }
    const common = {
      subject: { type: 'subscription', id: subscription.id },
      customerId: subscription.customerId,
      before: { plan: plan.code, subscriptionId: subscription.id },
    };
    if (values.when === 'next_bill') {
      const successor = await changeAtNextBill(ctx, subscription, { choice });
      return {
        ...common,
        result: { subscriptionId: successor.id, invoiceId: null },
        title: `Change to ${choice.plan.name} at the next bill`,
        subscriptionId: subscription.id,
        after: { plan: choice.plan.code, when: 'next_bill', subscriptionId: successor.id },
        inverse: { command: 'subscriptions/cancel-plan-change', input: { subscriptionId: subscription.id } },
        undo: 'reversible',
        undoUntil: await nextBillAt(ctx, subscription.id),
      };
    }
    if (ctx.holdMinutes > 0) await holdAnnouncements(ctx.tx, ctx.now + ctx.holdMinutes * 60_000);
    const { started, invoice } = await upgradeNow(ctx, subscription, billed, { choice });
    const made = invoice ? await readInvoice(ctx, invoice.invoiceId) : null;
    const totalMinor = made?.totalAmountMinor ?? 0n;
    const charge = totalMinor > 0n ? `, charge ${formatMoney(totalMinor, plan.currency)}` : '';
    const held = made?.status === 'draft' && made.releaseAt !== null;
    if (ctx.holdMinutes > 0) {
      await holdAnnouncements(ctx.tx, null);
      if (!held) await tellAtOnce(ctx, [subscription.id, started.id]);
    }
    return {
      ...common,
      result: { subscriptionId: started.id, invoiceId: invoice?.invoiceId ?? null },
      title: `Change to ${choice.plan.name}${charge}`,
      subscriptionId: started.id,
      after: { plan: choice.plan.code, when: 'now', subscriptionId: started.id, chargedMinor: totalMinor },
      inverse: held
        ? {
            command: 'subscriptions/undo-plan-change',
            input: { endedId: subscription.id, startedId: started.id, invoiceId: made.id },
          }
        : undefined,
      undo: held ? 'held' : 'fix_forward',
      undoUntil: made?.releaseAt?.getTime(),
    };
  },
});

async function nextBillAt(ctx: BillingContext, subscriptionId: string): Promise<number | undefined> {
  const [row] = await ctx.tx
    .select({ dueAt: dueItems.dueAt })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, ctx.organizationId),
        eq(dueItems.kind, 'subscription.bill'),
        eq(dueItems.subjectId, subscriptionId),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    );
  return row?.dueAt.getTime();
}

const cancelInput = z.strictObject({ subscriptionId: z.uuid() });

/** Takes back a plan change that waits for the next bill. On screen: "Cancel the change to Solo". */
export const cancelPlanChange = defineCommand({
  name: 'subscriptions/cancel-plan-change',
  input: cancelInput,
  right: 'plan.change',
  reason: 'optional',
  undo: 'reversible',
  async run(ctx, { subscriptionId }) {
    const current = await readSubscription(ctx, subscriptionId);
    await lockCustomer(ctx, current.customerId);
    const successor = await findSuccessor(ctx, subscriptionId);
    if (!successor)
      return conflict('no_pending_change', 'No plan change is waiting any more. Nothing was changed.');
    const plan = await planOf(ctx, successor);
    const asListed = !(await hasOwnTerms(ctx, successor.id));
    await cancelPending(ctx, successor);
    await announce(ctx.tx, ctx.organizationId, ctx.now, {
      type: 'subscription.updated',
      objectId: subscriptionId,
    });
    return {
      result: { subscriptionId },
      title: `Cancel the change to ${plan.name}`,
      subject: { type: 'subscription', id: subscriptionId },
      customerId: current.customerId,
      subscriptionId,
      before: { pendingSubscriptionId: successor.id },
      after: { pendingSubscriptionId: null },
      // Own prices of the plan that waited would be lost on the way back, so such a change is made anew instead.
      undo: asListed ? 'reversible' : 'fix_forward',
      undoUntil: asListed ? await nextBillAt(ctx, subscriptionId) : undefined,
      inverse: asListed
        ? {
            command: 'subscriptions/change-plan',
            input: { subscriptionId, planCode: plan.code, when: 'next_bill' },
          }
        : undefined,
    };
  },
});

async function hasOwnTerms({ tx, organizationId }: BillingContext, subscriptionId: string): Promise<boolean> {
  const own = (table: typeof priceOverrides | typeof usageThresholds) =>
    tx
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.organizationId, organizationId), eq(table.subscriptionId, subscriptionId)))
      .limit(1);
  const [[price], [threshold]] = [await own(priceOverrides), await own(usageThresholds)];
  return price !== undefined || threshold !== undefined;
}

const undoInput = z.strictObject({ endedId: z.uuid(), startedId: z.uuid(), invoiceId: z.uuid() });

/** Takes a held plan change back before its invoice leaves: as if it had never happened, both entries stay in the history. */
export const undoPlanChange = defineCommand({
  name: 'subscriptions/undo-plan-change',
  input: undoInput,
  right: 'plan.change',
  reason: 'optional',
  undo: null,
  async run(ctx, { endedId, startedId, invoiceId }) {
    await lockCustomer(ctx, (await readSubscription(ctx, endedId)).customerId);
    await cancelStarted(ctx, startedId);
    const invoice = await takeBackHeld(
      ctx,
      invoiceId,
      'The invoice has left. Change back to the old plan instead: unused days come back as a credit.',
    );
    const notes = await voidTerminationNotes(ctx, endedId, invoice.createdAt);
    const restored = await reopen(ctx, endedId);
    await dropAnnouncements(ctx, [startedId, endedId, ...notes], invoice.createdAt);
    await recordRevenue(ctx, restored.customerId, { cause: 'undone', sourceId: restored.id });
    return {
      result: { subscriptionId: endedId },
      title: 'Take the plan change back',
      subject: { type: 'subscription', id: endedId },
      customerId: restored.customerId,
      subscriptionId: endedId,
      before: { subscriptionId: startedId, invoiceId },
      after: { subscriptionId: endedId, invoiceId: null },
    };
  },
});
