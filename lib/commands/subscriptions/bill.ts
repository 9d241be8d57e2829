import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { among } from '@/db/among';
import { dueItems, subscriptions } from '@/db/schema';
import type { PlanFacts } from '@/lib/billing/invoice/facts';
import { opensPlanPeriod, selectionRule } from '@/lib/billing/periods/boundaries';
import { localDate } from '@/lib/billing/periods/zone';
import { regroupAllPaidFees } from '@/lib/invoicing/advance-charges';
import { type BillingContext, isForecast, newKnown } from '@/lib/invoicing/context';
import { type BilledCustomer, loadCustomers, lockCustomer, lockCustomers } from '@/lib/invoicing/customers';
import { createRenewals } from '@/lib/invoicing/in-advance';
import { type IssuedInvoice, issueInvoice, issueInvoices } from '@/lib/invoicing/issue';
import { loadBills, loadBillsOf, type SubscriptionRow, scheduleOf } from '@/lib/invoicing/load-bill';
import { loadPasts } from '@/lib/invoicing/load-history';
import { loadPlans, planKey } from '@/lib/invoicing/load-plan';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { scheduleAll } from '@/lib/schedule/due';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { textArray } from '@/lib/usage/arrays';
import { activateSubscription, nextBillOf } from './activate';
import { billChange } from './plan-change';
import { loadSubscription, readSubscription, readSubscriptions } from './read';
import { markTerminated } from './terminate';

interface DueBill {
  subjectId: string;
  dueAt: number;
  customerId: string | null;
}

interface Claimed {
  subscription: SubscriptionRow;
  /** The plan change that waits behind it. */
  successor: SubscriptionRow | null;
  /** Lines may have been collected by the client itself, to be gathered at a bill. */
  gathers: boolean;
  plan: PlanFacts;
  billed: BilledCustomer;
}

/** Due: a period has closed. See `billAllDue`. */
export async function billDue(ctx: BillingContext, item: DueBill): Promise<void> {
  await billAllDue(ctx, [item]);
}

/**
 * Due at one instant, for any customers, each named once: periods have closed. Everything of a customer that falls due by
 * then is billed together, one invoice per group of semantics 2.7; a subscription with a plan change waiting is rotated
 * instead (3.6). Plain bills cost a fixed number of statements, however many customers there are.
 */
export async function billAllDue(outer: BillingContext, items: DueBill[]): Promise<void> {
  const ctx: BillingContext = { ...outer, known: outer.known ?? newKnown() };
  const customerIds = await customersOf(ctx, items);
  await lockCustomers(ctx, customerIds);
  const claimed = await claimTogether(ctx, customerIds, items);
  const periodic: Claimed[] = [];
  for (const entry of claimed) {
    const { billed, subscription, successor } = entry;
    if (successor && closesPlanPeriod(ctx, entry)) await rotate(ctx, billed, subscription, successor);
    else periodic.push(entry);
  }
  await billGroups(ctx, grouped(periodic));
  await scheduleAll(
    ctx.tx,
    ctx.organizationId,
    ctx.now,
    periodic.map(({ subscription, plan, billed }) =>
      nextBillOf(subscription, plan, { timezone: billed.timezone, now: ctx.now, after: ctx.now }),
    ),
  );
}

/** Whom the items are about, in their order: items say it themselves. */
async function customersOf(ctx: BillingContext, items: DueBill[]): Promise<string[]> {
  const unsaid = items.filter(({ customerId }) => customerId === null);
  const read =
    unsaid.length > 0
      ? await readSubscriptions(
          ctx,
          unsaid.map(({ subjectId }) => subjectId),
        )
      : [];
  const byId = new Map(read.map(({ id, customerId }) => [id, customerId]));
  return items.map(
    ({ customerId, subjectId }) => customerId ?? byId.get(subjectId) ?? notFound('subscription'),
  );
}

/**
 * The active subscriptions of the customers whose bill is due at this instant, with the plan changes that wait behind them;
 * their due rows are completed here.
 */
async function claimTogether(
  ctx: BillingContext,
  customerIds: string[],
  items: DueBill[],
): Promise<Claimed[]> {
  const { tx, organizationId, now } = ctx;
  const dueAt = Math.max(...items.map((item) => item.dueAt));
  const claim = tx
    .update(dueItems)
    .set({ doneAt: new Date(now) })
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        among(dueItems.customerId, customerIds),
        eq(dueItems.kind, 'subscription.bill'),
        lte(dueItems.dueAt, new Date(dueAt)),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    )
    .returning({ subjectId: dueItems.subjectId });
  const named = items.map(({ subjectId }) => subjectId);
  const successor = alias(subscriptions, 'successor');
  const found = await tx
    .with(tx.$with('claimed', { subjectId: dueItems.subjectId }).as(claim.getSQL()))
    .select({
      subscription: subscriptions,
      successor,
      gathers: sql<boolean>`exists (select 1 from charges c where c.organization_id = ${organizationId}
        and c.regroup_paid_fees = 'invoice')`,
    })
    .from(subscriptions)
    .leftJoin(
      successor,
      and(
        eq(successor.organizationId, organizationId),
        eq(successor.previousSubscriptionId, subscriptions.id),
        eq(successor.status, 'pending'),
      ),
    )
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        sql`${subscriptions.id} in (select subject_id from claimed union all select unnest(${textArray(named)}::uuid[]))`,
        eq(subscriptions.status, 'active'),
      ),
    )
    .orderBy(subscriptions.subscriptionAt, subscriptions.createdAt, subscriptions.id);
  const rows = [...new Map(found.map((row) => [row.subscription.id, row])).values()];
  const people = await loadCustomers(
    ctx,
    customerIds.map((customerId) => ({ customerId })),
  );
  const requests = rows.map(({ subscription: { id, planVersionId } }) => ({
    planVersionId,
    subscriptionId: id,
  }));
  const plans = await loadPlans(ctx, requests);
  const planFor = new Map(requests.map((request) => [request.subscriptionId, plans.get(planKey(request))]));
  return people.flatMap((billed) =>
    rows
      .filter(({ subscription }) => subscription.customerId === billed.customer.id)
      .map((row) => ({ ...row, billed, plan: planFor.get(row.subscription.id) ?? notFound('plan') })),
  );
}

/** One invoice per currency, billing entity and purchase order; a subscription that asks for its own invoice is alone. */
function grouped(claimed: Claimed[]): Claimed[][] {
  const groups = new Map<string, Claimed[]>();
  for (const entry of claimed) {
    const { subscription, plan } = entry;
    const { customerId, billingEntityId, purchaseOrderNumber } = subscription;
    const key = subscription.consolidateInvoice
      ? [customerId, plan.currency, billingEntityId ?? '', purchaseOrderNumber ?? ''].join('|')
      : subscription.id;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

async function billGroups(ctx: BillingContext, groups: Claimed[][]): Promise<void> {
  const bills = await loadBillsOf(
    ctx,
    groups.flat().map(({ subscription, billed }) => ({
      subscription,
      situation: 'periodic' as const,
      billedAt: ctx.now,
      timezone: billed.timezone,
    })),
  );
  const billsOf = new Map(bills.map((bill) => [bill.subscriptionId, bill]));
  const requests = groups.map((group) => {
    const { subscription, plan, billed } = group[0]!;
    return {
      customerId: subscription.customerId,
      type: 'subscription' as const,
      bills: group.map((entry) => billsOf.get(entry.subscription.id)!),
      currency: plan.currency,
      billedAt: ctx.now,
      billed,
      recurring: true,
      billingEntityId: subscription.billingEntityId,
      purchaseOrderNumber: subscription.purchaseOrderNumber,
    };
  });
  await issueInvoices(ctx, requests);
  await regroupAllPaidFees(
    ctx,
    groups.filter(([first]) => first?.gathers).map((group) => group.map(({ subscription }) => subscription)),
  );
  for (const { billed, bills: own } of requests) await createRenewals(ctx, billed, own);
}

/** A plan billed monthly in between is changed when its own period closes (semantics 3.6). */
function closesPlanPeriod({ now }: BillingContext, { subscription, plan, billed }: Claimed): boolean {
  const schedule = scheduleOf(subscription, plan, billed.timezone);
  return selectionRule(schedule).interval === plan.interval || opensPlanPeriod(schedule, now);
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
export async function trialEndDue(
  ctx: BillingContext,
  { subjectId, customerId }: Pick<DueBill, 'subjectId' | 'customerId'>,
): Promise<void> {
  await endTrialNow(ctx, subjectId, customerId);
}

/** Ends a trial whose time is over. Returns the invoice it made; null when none was due, or nothing was to end. */
export async function endTrialNow(
  ctx: BillingContext,
  subscriptionId: string,
  customerId: string | null = null,
): Promise<IssuedInvoice | null> {
  await lockCustomer(ctx, customerId ?? (await readSubscription(ctx, subscriptionId)).customerId);
  const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
  const over = subscription.trialEndsAt !== null && subscription.trialEndsAt.getTime() <= ctx.now;
  if (subscription.status !== 'active' || subscription.trialEndedAt || !over) return null;
  let made: IssuedInvoice | null = null;
  const [past] = await loadPasts(ctx, [{ subscriptionId: subscription.id }]);
  if (plan.payInAdvance && past?.planFeeBilledAt === null) {
    made = await issueInvoice(ctx, {
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
  if (!isForecast(ctx)) {
    await announce(ctx.tx, ctx.organizationId, ctx.now, {
      type: 'subscription.trial_ended',
      objectId: subscription.id,
    });
  }
  await recordRevenue(ctx, subscription.customerId, { cause: 'trial_ended', sourceId: subscription.id });
  return made;
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
