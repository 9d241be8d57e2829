import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import {
  creditNotes,
  dueItems,
  invoices,
  outbox,
  priceOverrides,
  subscriptions,
  usageThresholds,
} from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import type { BillingContext } from '@/lib/invoicing/context';
import { voidCreditNote } from '@/lib/invoicing/credit-notes';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { clearLines, readInvoice, releasePeriods } from '@/lib/invoicing/write-invoice';
import { cancelDue } from '@/lib/schedule/due';
import { conflict, invalid } from '@/lib/schedule/errors';
import { announce, holdAnnouncements } from '@/lib/schedule/outbox';
import { defineCommand, type Outcome } from '../core/command';
import { scheduleLife } from './activate';
import { changeAtNextBill, upgradeNow } from './plan-change';
import { choosePlan, findSuccessor, loadSubscription, planOf, readSubscription } from './read';
import { cancelLife, cancelPending } from './terminate';

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
    const { tx, organizationId, now } = ctx;
    await lockCustomer(ctx, (await readSubscription(ctx, endedId)).customerId);
    const invoice = await readInvoice(ctx, invoiceId);
    if (invoice?.status !== 'draft' || !invoice.releaseAt) {
      return conflict(
        'already_released',
        'The invoice has left. Change back to the old plan instead: unused days come back as a credit.',
      );
    }
    await cancelDue(tx, organizationId, now, 'invoice.release', invoiceId);
    await clearLines(ctx, invoiceId);
    await releasePeriods(ctx, invoiceId);
    await tx
      .update(invoices)
      .set({ status: 'deleted', releaseAt: null, updatedAt: new Date(now) })
      .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
    const notes = await voidTerminationNotes(ctx, endedId, invoice.createdAt);
    await tx
      .update(subscriptions)
      .set({ status: 'canceled', canceledAt: new Date(now), updatedAt: new Date(now) })
      .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, startedId)));
    await cancelLife(ctx, startedId);
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

async function reopen(ctx: BillingContext, subscriptionId: string): Promise<SubscriptionRow> {
  const { tx, organizationId, now } = ctx;
  await tx
    .update(subscriptions)
    .set({ status: 'active', terminatedAt: null, terminationKind: null, updatedAt: new Date(now) })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)));
  const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
  await scheduleLife(ctx, subscription, plan, billed);
  return subscription;
}

/** The credit for unused days that the change itself made goes with it. Returns which notes those were. */
async function voidTerminationNotes(ctx: BillingContext, endedId: string, madeAt: Date): Promise<string[]> {
  const ended = await readSubscription(ctx, endedId);
  const rows = await ctx.tx
    .select({ id: creditNotes.id })
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, ctx.organizationId),
        eq(creditNotes.customerId, ended.customerId),
        eq(creditNotes.reason, 'order_cancellation'),
        eq(creditNotes.createdAt, madeAt),
        eq(creditNotes.creditStatus, 'available'),
      ),
    );
  for (const { id } of rows) {
    await voidCreditNote(ctx, id);
    // Deleted, not only void: the days it gave back count as never given back.
    await ctx.tx
      .update(creditNotes)
      .set({ status: 'deleted', updatedAt: new Date(ctx.now) })
      .where(and(eq(creditNotes.organizationId, ctx.organizationId), eq(creditNotes.id, id)));
  }
  return rows.map(({ id }) => id);
}

/** Nothing is held after all: no invoice waits, so there is nothing to take back. */
async function tellAtOnce({ tx, organizationId, now }: BillingContext, objectIds: string[]): Promise<void> {
  await tx
    .update(outbox)
    .set({ releaseAt: new Date(now) })
    .where(
      and(
        eq(outbox.organizationId, organizationId),
        inArray(outbox.objectId, objectIds),
        eq(outbox.createdAt, new Date(now)),
        isNull(outbox.dispatchedAt),
      ),
    );
}

/** What has not left yet about the change is never told. */
async function dropAnnouncements(
  { tx, organizationId, now }: BillingContext,
  objectIds: string[],
  since: Date,
) {
  await tx
    .update(outbox)
    .set({ canceledAt: new Date(now) })
    .where(
      and(
        eq(outbox.organizationId, organizationId),
        inArray(outbox.objectId, objectIds),
        eq(outbox.createdAt, since),
        isNull(outbox.dispatchedAt),
      ),
    );
}
