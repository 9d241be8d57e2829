import { and, eq, isNull, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { priceOverrides, subscriptions, usageThresholds } from '@/db/schema';
import type { IntervalName, PlanFacts } from '@/lib/billing/invoice/facts';
import { regroupPaidFees } from '@/lib/invoicing/advance-charges';
import { type BillingContext, newKnown } from '@/lib/invoicing/context';
import { issueTerminationCreditNote } from '@/lib/invoicing/credit-notes';
import { type BilledCustomer, lockCustomer } from '@/lib/invoicing/customers';
import { createRenewals } from '@/lib/invoicing/in-advance';
import { type IssuedInvoice, issueInvoice } from '@/lib/invoicing/issue';
import { type BillRequest, loadBills, type SubscriptionRow } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { recheckUsage } from '@/lib/usage/checks';
import { activateSubscription, startsWithInvoice } from './activate';
import { findSuccessor, type PlanChoice, planOf } from './read';
import { cancelPending, markTerminated } from './terminate';

const PER_YEAR: Record<IntervalName, bigint> = {
  weekly: 52n,
  monthly: 12n,
  quarterly: 4n,
  semiannual: 2n,
  yearly: 1n,
};

/** A plan's price as if paid by the year, weeks × 52: what decides between upgrade and downgrade (semantics 3.2). */
export function yearlyEquivalent(plan: { amountMinor: bigint; interval: IntervalName }): bigint {
  return plan.amountMinor * PER_YEAR[plan.interval];
}

export interface NewTerms {
  choice: PlanChoice;
  name?: string | null;
  patch?: (typeof priceOverrides.$inferInsert)['patch'] | null;
  thresholds?: { amountMinor: bigint; displayName: string | null; recurring: boolean }[] | null;
  purchaseOrderNumber?: string | null;
  /** Epoch milliseconds; the running subscription's agreed end where absent. */
  endingAt?: number | null;
}

/** Inserts the successor of a subscription: same external id, anchor and billing time, linked to what it replaces. */
export async function insertSuccessor(
  { tx, organizationId, now }: BillingContext,
  current: SubscriptionRow,
  terms: NewTerms,
): Promise<SubscriptionRow> {
  const at = new Date(now);
  const [row] = await tx
    .insert(subscriptions)
    .values({
      organizationId,
      id: newId(),
      customerId: current.customerId,
      planId: terms.choice.plan.id,
      planVersionId: terms.choice.version.id,
      externalId: current.externalId,
      name: terms.name === undefined ? current.name : terms.name,
      status: 'pending',
      billingTime: current.billingTime,
      subscriptionAt: current.subscriptionAt,
      endingAt: terms.endingAt ? new Date(terms.endingAt) : current.endingAt,
      previousSubscriptionId: current.id,
      onTerminationCreditNote: terms.choice.version.payInAdvance ? current.onTerminationCreditNote : null,
      onTerminationInvoice: current.onTerminationInvoice,
      progressiveBillingDisabled: current.progressiveBillingDisabled,
      consolidateInvoice: current.consolidateInvoice,
      purchaseOrderNumber: terms.purchaseOrderNumber ?? current.purchaseOrderNumber,
      billingEntityId: current.billingEntityId,
      createdAt: at,
      updatedAt: at,
    })
    .returning();
  if (!row) throw new Error('no subscription row came back from its insert');
  await writeTerms({ tx, organizationId, now }, row.id, terms);
  return row;
}

/** Writes a subscription's own prices and thresholds. */
export async function writeTerms(
  { tx, organizationId, now }: Pick<BillingContext, 'tx' | 'organizationId' | 'now'>,
  subscriptionId: string,
  { patch, thresholds }: Pick<NewTerms, 'patch' | 'thresholds'>,
): Promise<void> {
  const at = new Date(now);
  if (patch && Object.keys(patch).length > 0) {
    await tx
      .insert(priceOverrides)
      .values({ organizationId, id: newId(), subscriptionId, patch, createdAt: at, updatedAt: at })
      .onConflictDoUpdate({
        target: [priceOverrides.organizationId, priceOverrides.subscriptionId],
        set: { patch, updatedAt: at },
      });
  }
  if (!thresholds) return;
  const own = and(
    eq(usageThresholds.organizationId, organizationId),
    eq(usageThresholds.subscriptionId, subscriptionId),
    isNull(usageThresholds.deletedAt),
  );
  const present = await tx.select().from(usageThresholds).where(own);
  await tx.update(usageThresholds).set({ deletedAt: at, updatedAt: at }).where(own);
  if (thresholds.length > 0) {
    // The same amount is the same threshold: what was reached stays reached.
    const rows = thresholds.map((threshold) => {
      const { amountMinor, recurring } = threshold;
      const before = present.find((row) => row.amountMinor === amountMinor && row.recurring === recurring);
      return {
        organizationId,
        id: before?.id ?? newId(),
        subscriptionId,
        ...threshold,
        createdAt: before?.createdAt ?? at,
        updatedAt: at,
      };
    });
    await tx
      .insert(usageThresholds)
      .values(rows)
      .onConflictDoUpdate({
        target: [usageThresholds.organizationId, usageThresholds.id],
        set: { displayName: sql`excluded.display_name`, deletedAt: null, updatedAt: at },
      });
  }
  await recheckUsage(tx, organizationId, now, { subscriptionIds: [subscriptionId] });
}

function assertSameCurrency(current: PlanFacts, next: PlanChoice): void {
  if (current.currency === next.version.currency) return;
  invalid(
    { currency: ['currencies_does_not_match'] },
    `This customer pays in ${current.currency}. Choose a plan in ${current.currency}, or make a ${current.currency} version of this one.`,
  );
}

export interface PlanChange {
  ended: SubscriptionRow;
  started: SubscriptionRow;
  invoice: IssuedInvoice | null;
}

/**
 * Changes the plan now (semantics 3.5): the old subscription ends, unused time paid in advance becomes a credit note, the
 * new one starts under the same anchor, and one invoice carries what the old plan still owes and the new plan's first fee.
 */
export async function upgradeNow(
  outer: BillingContext,
  current: SubscriptionRow,
  billed: BilledCustomer,
  terms: NewTerms,
): Promise<PlanChange> {
  // The new terms are written before they are first read, under the new subscription's own id.
  const ctx: BillingContext = { ...outer, known: outer.known ?? newKnown() };
  await lockCustomer(ctx, current.customerId);
  const oldPlan = await planOf(ctx, current);
  assertSameCurrency(oldPlan, terms.choice);
  const waiting = await findSuccessor(ctx, current.id);
  if (waiting) await cancelPending(ctx, waiting);
  const ended = await markTerminated(ctx, current, 'upgraded');
  if (oldPlan.payInAdvance) {
    await issueTerminationCreditNote(ctx, {
      subscriptionId: ended.id,
      terminatedAt: ctx.now,
      upgrade: true,
      mode: 'credit',
    });
  }
  const successor = await insertSuccessor(ctx, current, terms);
  const started = await activateSubscription(ctx, successor, billed, {
    startedAt: ctx.now,
    firstInvoice: false,
  });
  const invoice = await billChange(ctx, billed, ended, started, 'upgrading');
  await recordRevenue(ctx, current.customerId, { cause: 'plan_changed', sourceId: started.id });
  return { ended, started, invoice };
}

/** One invoice for the old plan's end and the new plan's start; several when their purchase orders differ. */
export async function billChange(
  ctx: BillingContext,
  billed: BilledCustomer,
  ended: SubscriptionRow,
  started: SubscriptionRow,
  situation: 'upgrading' | 'downgrading',
): Promise<IssuedInvoice | null> {
  const newPlan = await planOf(ctx, started);
  const requests: BillRequest[] = [{ subscription: ended, situation, billedAt: ctx.now }];
  if (startsWithInvoice(started, newPlan, ctx.now)) {
    requests.push({ subscription: started, situation: 'starting', billedAt: ctx.now });
  }
  const together = ended.purchaseOrderNumber === started.purchaseOrderNumber;
  let invoice: IssuedInvoice | null = null;
  for (const group of together ? [requests] : requests.map((request) => [request])) {
    const bills = await loadBills(ctx, billed, group);
    invoice = await issueInvoice(ctx, {
      customerId: ended.customerId,
      type: 'subscription',
      bills,
      currency: newPlan.currency,
      billedAt: ctx.now,
      recurring: false,
      billingEntityId: started.billingEntityId,
      purchaseOrderNumber: group[0]?.subscription.purchaseOrderNumber ?? null,
    });
    // A period that closes with a cheaper plan waiting renews as every billing day does; an upgrade's day does not.
    if (situation === 'downgrading') {
      const closing = bills.filter(({ subscriptionId }) => subscriptionId === ended.id);
      await createRenewals(
        ctx,
        billed,
        closing.map((bill) => ({ ...bill, reason: 'subscription_periodic' as const })),
      );
    }
  }
  await regroupPaidFees(ctx, [ended]);
  return invoice;
}

/** Schedules a plan change for the next bill (semantics 3.6). A change already waiting is replaced. */
export async function changeAtNextBill(
  ctx: BillingContext,
  current: SubscriptionRow,
  terms: NewTerms,
): Promise<SubscriptionRow> {
  await lockCustomer(ctx, current.customerId);
  assertSameCurrency(await planOf(ctx, current), terms.choice);
  const waiting = await findSuccessor(ctx, current.id);
  if (waiting) await cancelPending(ctx, waiting);
  const successor = await insertSuccessor(ctx, current, terms);
  await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'subscription.updated', objectId: current.id });
  return successor;
}

/** Whether moving to this plan happens at once: its yearly price is the same or higher (semantics 3.2). */
export function isUpgrade(current: PlanFacts, next: PlanChoice, patch?: NewTerms['patch']): boolean {
  const amountMinor = patch?.amountMinor === undefined ? next.version.amountMinor : BigInt(patch.amountMinor);
  return yearlyEquivalent({ amountMinor, interval: next.version.interval }) >= yearlyEquivalent(current);
}
