import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { invoiceSubscriptions, subscriptions } from '@/db/schema';
import type { PlanFacts } from '@/lib/billing/invoice/facts';
import { selectionRule, terminatedOnBillingDay } from '@/lib/billing/periods/boundaries';
import { periodContaining } from '@/lib/billing/periods/interval';
import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import { regroupPaidFees } from '@/lib/invoicing/advance-charges';
import type { BillingContext } from '@/lib/invoicing/context';
import { issueTerminationCreditNote } from '@/lib/invoicing/credit-notes';
import { type BilledCustomer, lockCustomer } from '@/lib/invoicing/customers';
import { issueInvoice } from '@/lib/invoicing/issue';
import { lastEvent } from '@/lib/invoicing/keep-facts';
import { loadBills, type SubscriptionRow, scheduleOf } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { cancelDue, type DueKind } from '@/lib/schedule/due';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command';
import { findSuccessor, loadSubscription, readSubscription } from './read';

const LIFE: DueKind[] = [
  'subscription.activate',
  'subscription.bill',
  'subscription.trial_end',
  'subscription.end',
  'subscription.termination_alert',
];

/** Takes back everything that would still fall due for a subscription. */
export async function cancelLife(ctx: BillingContext, subscriptionId: string): Promise<void> {
  for (const kind of LIFE) await cancelDue(ctx.tx, ctx.organizationId, ctx.now, kind, subscriptionId);
}

/** Marks a subscription ended; the caller bills what is left. */
export async function markTerminated(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  kind: 'terminated' | 'upgraded' | 'downgraded',
): Promise<SubscriptionRow> {
  const [row] = await ctx.tx
    .update(subscriptions)
    .set({
      status: 'terminated',
      terminatedAt: new Date(ctx.now),
      terminationKind: kind,
      closedSequence: await lastEvent(ctx),
      updatedAt: new Date(ctx.now),
    })
    .where(and(eq(subscriptions.organizationId, ctx.organizationId), eq(subscriptions.id, subscription.id)))
    .returning();
  if (!row) throw new Error(`subscription ${subscription.id} vanished inside its own transaction`);
  await cancelLife(ctx, subscription.id);
  await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'subscription.terminated', objectId: row.id });
  return row;
}

/** Cancels a subscription that has not started. No invoice, no credit note (semantics 3.4). */
export async function cancelPending(
  ctx: BillingContext,
  subscription: SubscriptionRow,
): Promise<SubscriptionRow> {
  const [row] = await ctx.tx
    .update(subscriptions)
    .set({ status: 'canceled', canceledAt: new Date(ctx.now), updatedAt: new Date(ctx.now) })
    .where(and(eq(subscriptions.organizationId, ctx.organizationId), eq(subscriptions.id, subscription.id)))
    .returning();
  await cancelLife(ctx, subscription.id);
  return row ?? subscription;
}

export interface TerminateOptions {
  creditNote?: 'credit' | 'refund' | 'offset' | 'skip' | null;
  invoice?: 'generate' | 'skip' | null;
}

/**
 * Ends a subscription now, in the order of semantics 3.4: mark, credit for unused time paid in advance, closing invoice.
 * A pending one is cancelled instead. Returns the row as it stands.
 */
export async function terminateSubscription(
  ctx: BillingContext,
  subscriptionId: string,
  options: TerminateOptions = {},
): Promise<SubscriptionRow> {
  const first = await readSubscription(ctx, subscriptionId);
  await lockCustomer(ctx, first.customerId);
  const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
  if (subscription.status === 'pending') {
    const canceled = await cancelPending(ctx, subscription);
    await announce(ctx.tx, ctx.organizationId, ctx.now, {
      type: 'subscription.terminated',
      objectId: canceled.id,
    });
    if (canceled.previousSubscriptionId) {
      await announce(ctx.tx, ctx.organizationId, ctx.now, {
        type: 'subscription.updated',
        objectId: canceled.previousSubscriptionId,
      });
    }
    return canceled;
  }
  if (subscription.status !== 'active') return subscription;
  const successor = await findSuccessor(ctx, subscription.id);
  if (successor) await cancelPending(ctx, successor);
  const creditNote = options.creditNote ?? subscription.onTerminationCreditNote ?? 'credit';
  const invoice = options.invoice ?? subscription.onTerminationInvoice;
  await markTerminated(ctx, subscription, 'terminated');
  const ended = await keepChoices(ctx, subscription.id, plan.payInAdvance ? creditNote : null, invoice);
  if (plan.payInAdvance && creditNote !== 'skip') {
    await issueTerminationCreditNote(ctx, {
      subscriptionId: ended.id,
      terminatedAt: ctx.now,
      upgrade: false,
      mode: creditNote,
    });
  }
  if (invoice === 'generate') await billEnd(ctx, ended, plan, billed);
  await regroupPaidFees(ctx, [ended]);
  await recordRevenue(ctx, ended.customerId, { cause: 'ended', sourceId: ended.id });
  return ended;
}

/** How it was ended stays on the subscription, for answers and for working drafts out again. */
async function keepChoices(
  { tx, organizationId }: BillingContext,
  subscriptionId: string,
  onTerminationCreditNote: SubscriptionRow['onTerminationCreditNote'],
  onTerminationInvoice: SubscriptionRow['onTerminationInvoice'],
): Promise<SubscriptionRow> {
  const [row] = await tx
    .update(subscriptions)
    .set({ onTerminationCreditNote, onTerminationInvoice })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)))
    .returning();
  if (!row) throw new Error(`subscription ${subscriptionId} vanished inside its own transaction`);
  return row;
}

async function billEnd(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  plan: PlanFacts,
  billed: BilledCustomer,
): Promise<void> {
  const schedule = scheduleOf(subscription, plan, billed.timezone);
  const opening = periodContaining({ ...selectionRule(schedule), at: ctx.now });
  const onBillingDay = terminatedOnBillingDay({
    ...schedule,
    startedAt: subscription.startedAt?.getTime() ?? ctx.now,
    terminatedAt: ctx.now,
    hasSuccessor: false,
    closedPeriodInvoiced: await billedOn(ctx, subscription.id, opening.startDate),
  });
  const bills = await loadBills(ctx, billed, [
    { subscription, situation: onBillingDay ? 'ended_on_billing_day' : 'terminating', billedAt: ctx.now },
  ]);
  await issueInvoice(ctx, {
    customerId: subscription.customerId,
    type: 'subscription',
    bills,
    currency: plan.currency,
    billedAt: ctx.now,
    recurring: false,
    billingEntityId: subscription.billingEntityId,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
  });
}

/** Whether the period that closed when this local day began has been billed. */
async function billedOn(ctx: BillingContext, subscriptionId: string, day: string): Promise<boolean> {
  const rows = await ctx.tx
    .select({ id: invoiceSubscriptions.id })
    .from(invoiceSubscriptions)
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, ctx.organizationId),
        eq(invoiceSubscriptions.subscriptionId, subscriptionId),
        eq(invoiceSubscriptions.recurring, true),
        eq(invoiceSubscriptions.live, true),
        eq(invoiceSubscriptions.billingDay, day),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

const input = z.object({
  subscriptionId: z.uuid(),
  creditNote: z.enum(['credit', 'refund', 'offset', 'skip']).nullish(),
  invoice: z.enum(['generate', 'skip']).nullish(),
});

/** Ends a subscription. On screen: "End". */
export const terminateSubscriptionCommand = defineCommand({
  name: 'subscriptions/terminate',
  input,
  right: 'subscriptions.write',
  reason: 'required',
  undo: 'fix_forward',
  async run(ctx, { subscriptionId, creditNote, invoice }) {
    const before = await readSubscription(ctx, subscriptionId);
    const after = await terminateSubscription(ctx, subscriptionId, { creditNote, invoice });
    return {
      result: after,
      title: before.status === 'pending' ? 'Cancel the start' : 'End the subscription',
      subject: { type: 'subscription', id: after.id },
      customerId: after.customerId,
      subscriptionId: after.id,
      before: { status: before.status },
      after: { status: after.status, terminatedAt: after.terminatedAt },
    };
  },
});

/** Due: an agreed end has come (semantics 3.2). */
export async function endDue(ctx: BillingContext, { subjectId }: { subjectId: string }): Promise<void> {
  const { subscription, billed } = await loadSubscription(ctx, subjectId);
  if (subscription.status !== 'active' || !subscription.endingAt) return;
  const day = startOfDay(localDate(subscription.endingAt.getTime(), billed.timezone), billed.timezone);
  if (day > ctx.now) return;
  await terminateSubscription(ctx, subjectId);
}
