import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { planVersions, priceOverrides, subscriptions } from '@/db/schema';
import type { PlanFacts } from '@/lib/billing/invoice/facts';
import { Exact } from '@/lib/billing/money/exact';
import { nextBillingInstant } from '@/lib/billing/periods/boundaries';
import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { BillingContext } from '@/lib/invoicing/context';
import type { BilledCustomer } from '@/lib/invoicing/customers';
import { type IssuedInvoice, issueInvoice } from '@/lib/invoicing/issue';
import { loadBills, type SubscriptionRow, scheduleOf } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { type DueInput, reschedule, schedule } from '@/lib/schedule/due';
import { announce } from '@/lib/schedule/outbox';
import { planOf } from './read';
import { scheduleTerminationAlerts } from './termination-alert';

const DAY_MS = 86_400_000n;

/**
 * The exclusive end of the free time: the first start ever under this external id plus the plan's trial days, keeping
 * the time of day (semantics 3.3). Null when the plan has no trial or it has passed before the start.
 */
export async function trialEnd(
  { tx, organizationId }: BillingContext,
  subscription: SubscriptionRow,
  startedAt: number,
): Promise<number | null> {
  const [version] = await tx
    .select({ trialDays: planVersions.trialDays })
    .from(planVersions)
    .where(
      and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, subscription.planVersionId)),
    );
  const [own] = await tx
    .select({ patch: priceOverrides.patch })
    .from(priceOverrides)
    .where(
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(priceOverrides.subscriptionId, subscription.id),
      ),
    );
  const days = Exact.of(own?.patch.trialDays ?? version?.trialDays ?? '0');
  if (!days.isPositive()) return null;
  const [first] = await tx
    .select({ startedAt: subscriptions.startedAt })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.customerId, subscription.customerId),
        eq(subscriptions.externalId, subscription.externalId),
        isNotNull(subscriptions.startedAt),
      ),
    )
    .orderBy(asc(subscriptions.startedAt))
    .limit(1);
  const from = Math.min(first?.startedAt?.getTime() ?? startedAt, startedAt);
  const end = from + Number(days.mul(DAY_MS).roundToBigInt());
  return end > startedAt ? end : null;
}

export interface ActivateOptions {
  startedAt: number;
  /** Semantics 3.2: a start in the past makes no first invoice; a plan change puts it on the change's own invoice. */
  firstInvoice: boolean;
  /** A trial that was running already and goes on; otherwise it is worked out from the plan. */
  trialEndsAt?: number;
}

/**
 * Starts service: trial, due rows, announcement, and the first invoice of a plan billed at the start. Returns the row as
 * it stands now.
 */
export async function activateSubscription(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  billed: BilledCustomer,
  { startedAt, firstInvoice, trialEndsAt: running }: ActivateOptions,
): Promise<SubscriptionRow> {
  const { tx, organizationId, now } = ctx;
  const trialEndsAt = running ?? (await trialEnd(ctx, subscription, startedAt));
  // Over before anybody told us of the subscription: what has passed is never billed afterwards (semantics 3.2).
  const isOver = trialEndsAt !== null && trialEndsAt <= now;
  const [active] = await tx
    .update(subscriptions)
    .set({
      status: 'active',
      startedAt: new Date(startedAt),
      activatedAt: new Date(now),
      trialEndsAt: trialEndsAt === null ? null : new Date(trialEndsAt),
      trialEndedAt: isOver ? new Date(trialEndsAt) : null,
      updatedAt: new Date(now),
    })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscription.id)))
    .returning();
  if (!active) throw new Error(`subscription ${subscription.id} vanished inside its own transaction`);
  const plan = await planOf(ctx, active);
  await scheduleLife(ctx, active, plan, billed);
  await announce(tx, organizationId, now, { type: 'subscription.started', objectId: active.id });
  if (firstInvoice) await billStart(ctx, active, plan, billed);
  await recordRevenue(ctx, active.customerId, { cause: 'started', sourceId: active.id });
  return active;
}

/** The first bill of what starts now; null when none is due at the start. */
export async function billStart(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  plan: PlanFacts,
  billed: BilledCustomer,
): Promise<IssuedInvoice | null> {
  if (!startsWithInvoice(subscription, plan, ctx.now)) return null;
  return issueInvoice(ctx, {
    customerId: subscription.customerId,
    type: 'subscription',
    bills: await loadBills(ctx, billed, [{ subscription, situation: 'starting', billedAt: ctx.now }]),
    currency: plan.currency,
    billedAt: ctx.now,
    recurring: false,
    billingEntityId: subscription.billingEntityId,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
  });
}

/** Whether a first bill is due at the start: the plan's fee in advance outside a trial, or fixed charges in advance. */
export function startsWithInvoice(subscription: SubscriptionRow, plan: PlanFacts, now: number): boolean {
  const inTrial = subscription.trialEndsAt !== null && subscription.trialEndsAt.getTime() > now;
  if (plan.payInAdvance && !inTrial) return true;
  return plan.fixedCharges.some((charge) => charge.payInAdvance);
}

/** Writes what falls due in a running subscription's life: the next bill, the trial's end, the agreed end. */
export async function scheduleLife(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  plan: PlanFacts,
  billed: BilledCustomer,
): Promise<void> {
  await scheduleNextBill(ctx, subscription, plan, billed.timezone);
  await scheduleTrialEnd(ctx, subscription);
  await scheduleEnd(ctx, subscription, billed.timezone);
}

/** Writes when the next bill falls due: see `nextBillOf`. */
export async function scheduleNextBill(
  { tx, organizationId, now }: BillingContext,
  subscription: SubscriptionRow,
  plan: PlanFacts,
  timezone: string,
  after?: number,
): Promise<void> {
  await schedule(tx, organizationId, now, nextBillOf(subscription, plan, { timezone, now, after }));
}

/** The next bill: the first opening on a local day after the start and not before today (semantics 2.7). */
export function nextBillOf(
  subscription: SubscriptionRow,
  plan: PlanFacts,
  { timezone, now, after }: { timezone: string; now: number; after?: number },
): DueInput {
  const startedAt = subscription.startedAt?.getTime() ?? now;
  const today = startOfDay(localDate(now, timezone), timezone);
  const at = nextBillingInstant({
    ...scheduleOf(subscription, plan, timezone),
    startedAt,
    after: after ?? Math.max(startedAt, today - 1),
  });
  return {
    kind: 'subscription.bill',
    key: localDate(at, timezone),
    dueAt: Math.max(at, now),
    customerId: subscription.customerId,
    subjectId: subscription.id,
  };
}

export async function scheduleTrialEnd(
  { tx, organizationId, now }: BillingContext,
  subscription: SubscriptionRow,
): Promise<void> {
  if (!subscription.trialEndsAt || subscription.trialEndedAt) return;
  await reschedule(tx, organizationId, now, {
    kind: 'subscription.trial_end',
    key: subscription.trialEndsAt.toISOString(),
    dueAt: Math.max(subscription.trialEndsAt.getTime(), now),
    customerId: subscription.customerId,
    subjectId: subscription.id,
  });
}

/** An agreed end falls due when its local day begins; reminders of it some weeks before. */
export async function scheduleEnd(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  timezone: string,
): Promise<void> {
  if (!subscription.endingAt) return;
  const { tx, organizationId, now } = ctx;
  await scheduleTerminationAlerts(ctx, subscription, timezone);
  await reschedule(tx, organizationId, now, {
    kind: 'subscription.end',
    key: subscription.endingAt.toISOString(),
    dueAt: Math.max(startOfDay(localDate(subscription.endingAt.getTime(), timezone), timezone), now),
    customerId: subscription.customerId,
    subjectId: subscription.id,
  });
}
