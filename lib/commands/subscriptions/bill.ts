import { and, eq, inArray, isNull, lte } from 'drizzle-orm';
import { dueItems, subscriptions } from '@/db/schema';
import type { PlanFacts } from '@/lib/billing/invoice/facts';
import { localDate } from '@/lib/billing/periods/zone';
import { regroupPaidFees } from '@/lib/invoicing/advance-charges';
import type { BillingContext } from '@/lib/invoicing/context';
import { type BilledCustomer, loadCustomer, lockCustomer } from '@/lib/invoicing/customers';
import { createRenewals } from '@/lib/invoicing/in-advance';
import { issueInvoice } from '@/lib/invoicing/issue';
import { type BillRequest, loadBills, type SubscriptionRow } from '@/lib/invoicing/load-bill';
import { billHistory } from '@/lib/invoicing/load-history';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { announce } from '@/lib/schedule/outbox';
import { activateSubscription, scheduleNextBill } from './activate';
import { billChange } from './plan-change';
import { findSuccessor, loadSubscription, planOf, readSubscription } from './read';
import { markTerminated } from './terminate';

interface DueBill {
  subjectId: string;
  dueAt: number;
  customerId: string | null;
}

interface Claimed {
  subscription: SubscriptionRow;
  plan: PlanFacts;
}

/**
 * Due: a period has closed. Everything of the same customer that falls due at the same instant is billed together, one
 * invoice per group of semantics 2.7; a subscription with a plan change waiting is rotated instead (3.6).
 */
export async function billDue(outer: BillingContext, item: DueBill): Promise<void> {
  const ctx: BillingContext = { ...outer, plans: outer.plans ?? new Map() };
  const first = await readSubscription(ctx, item.subjectId);
  await lockCustomer(ctx, first.customerId);
  const claimed = await claimTogether(ctx, first, item);
  const billed = await loadCustomer(ctx, first.customerId);
  const periodic: Claimed[] = [];
  for (const { subscription, plan } of claimed) {
    const successor = await findSuccessor(ctx, subscription.id);
    if (successor) await rotate(ctx, billed, subscription, successor);
    else periodic.push({ subscription, plan });
  }
  for (const group of grouped(periodic)) await billGroup(ctx, billed, group);
  for (const { subscription, plan } of periodic) {
    await scheduleNextBill(ctx, subscription, plan, billed.timezone, ctx.now);
  }
}

/** The active subscriptions of the customer whose bill is due at this instant; their due rows are completed here. */
async function claimTogether(ctx: BillingContext, first: SubscriptionRow, item: DueBill): Promise<Claimed[]> {
  const { tx, organizationId, now } = ctx;
  const open = await tx
    .update(dueItems)
    .set({ doneAt: new Date(now) })
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        eq(dueItems.customerId, first.customerId),
        eq(dueItems.kind, 'subscription.bill'),
        lte(dueItems.dueAt, new Date(item.dueAt)),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    )
    .returning({ subjectId: dueItems.subjectId });
  const ids = [...new Set([item.subjectId, ...open.map((row) => row.subjectId)])];
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        inArray(subscriptions.id, ids),
        eq(subscriptions.status, 'active'),
      ),
    )
    .orderBy(subscriptions.subscriptionAt, subscriptions.createdAt, subscriptions.id);
  const claimed: Claimed[] = [];
  for (const subscription of rows) claimed.push({ subscription, plan: await planOf(ctx, subscription) });
  return claimed;
}

/** One invoice per currency, billing entity and purchase order; a subscription that asks for its own invoice is alone. */
function grouped(claimed: Claimed[]): Claimed[][] {
  const groups = new Map<string, Claimed[]>();
  for (const entry of claimed) {
    const { subscription, plan } = entry;
    const key = subscription.consolidateInvoice
      ? [plan.currency, subscription.billingEntityId ?? '', subscription.purchaseOrderNumber ?? ''].join('|')
      : subscription.id;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

async function billGroup(ctx: BillingContext, billed: BilledCustomer, group: Claimed[]): Promise<void> {
  const first = group[0];
  if (!first) return;
  const requests = group.map(
    ({ subscription }): BillRequest => ({ subscription, situation: 'periodic', billedAt: ctx.now }),
  );
  const bills = await loadBills(ctx, billed, requests);
  await issueInvoice(ctx, {
    customerId: first.subscription.customerId,
    type: 'subscription',
    bills,
    currency: first.plan.currency,
    billedAt: ctx.now,
    billed,
    recurring: true,
    billingEntityId: first.subscription.billingEntityId,
    purchaseOrderNumber: first.subscription.purchaseOrderNumber,
  });
  await regroupPaidFees(
    ctx,
    group.map(({ subscription }) => subscription),
  );
  await createRenewals(ctx, billed, bills);
}

async function rotate(
  ctx: BillingContext,
  billed: BilledCustomer,
  current: SubscriptionRow,
  successor: SubscriptionRow,
): Promise<void> {
  const ended = await markTerminated(ctx, current, 'downgraded');
  const started = await activateSubscription(ctx, successor, billed, {
    startedAt: ctx.now,
    firstInvoice: false,
  });
  await billChange(ctx, billed, ended, started, 'downgrading');
  await recordRevenue(ctx, current.customerId, { cause: 'plan_changed', sourceId: started.id });
}

/** Due: the free time is over. A plan billed at the start bills the days left of its period now (semantics 3.3). */
export async function trialEndDue(ctx: BillingContext, { subjectId }: { subjectId: string }): Promise<void> {
  const first = await readSubscription(ctx, subjectId);
  await lockCustomer(ctx, first.customerId);
  const { subscription, billed, plan } = await loadSubscription(ctx, subjectId);
  const over = subscription.trialEndsAt !== null && subscription.trialEndsAt.getTime() <= ctx.now;
  if (subscription.status !== 'active' || subscription.trialEndedAt || !over) return;
  const history = await billHistory(ctx, subscription, billed.timezone, ctx.now);
  if (plan.payInAdvance && !history.subscriptionFeeBilled) {
    await issueInvoice(ctx, {
      customerId: subscription.customerId,
      type: 'subscription',
      bills: await loadBills(ctx, billed, [{ subscription, situation: 'trial_end', billedAt: ctx.now }]),
      currency: plan.currency,
      billedAt: ctx.now,
      recurring: false,
      billingEntityId: subscription.billingEntityId,
      purchaseOrderNumber: subscription.purchaseOrderNumber,
    });
  }
  await ctx.tx
    .update(subscriptions)
    .set({ trialEndedAt: new Date(ctx.now), updatedAt: new Date(ctx.now) })
    .where(and(eq(subscriptions.organizationId, ctx.organizationId), eq(subscriptions.id, subscription.id)));
  await announce(ctx.tx, ctx.organizationId, ctx.now, {
    type: 'subscription.trial_ended',
    objectId: subscription.id,
  });
  await recordRevenue(ctx, subscription.customerId, { cause: 'trial_ended', sourceId: subscription.id });
}

/** Due: the local day of an agreed start has come; service starts at the run's time (semantics 3.2). */
export async function activateDue(ctx: BillingContext, { subjectId }: { subjectId: string }): Promise<void> {
  const first = await readSubscription(ctx, subjectId);
  await lockCustomer(ctx, first.customerId);
  const { subscription, billed } = await loadSubscription(ctx, subjectId);
  if (subscription.status !== 'pending' || subscription.previousSubscriptionId) return;
  if (localDate(subscription.subscriptionAt.getTime(), billed.timezone) > localDate(ctx.now, billed.timezone))
    return;
  await activateSubscription(ctx, subscription, billed, { startedAt: ctx.now, firstInvoice: true });
}
