import { and, desc, eq, inArray, ne } from 'drizzle-orm';
import { among } from '@/db/among';
import { plans, planVersions, subscriptions } from '@/db/schema';
import type { PlanFacts } from '@/lib/billing/invoice/facts';
import type { BillingContext } from '@/lib/invoicing/context';
import { type BilledCustomer, loadCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { loadPlans, planKey } from '@/lib/invoicing/load-plan';
import { notFound } from '@/lib/schedule/errors';

export interface PlanChoice {
  plan: typeof plans.$inferSelect;
  version: typeof planVersions.$inferSelect;
}

/** Reads one subscription by its own id. Throws not_found. */
export async function readSubscription(
  ctx: BillingContext,
  subscriptionId: string,
): Promise<SubscriptionRow> {
  const [row] = await readSubscriptions(ctx, [subscriptionId]);
  return row ?? notFound('subscription');
}

/** Reads subscriptions by their own ids, in that order. Throws not_found. */
export async function readSubscriptions(
  { tx, organizationId }: BillingContext,
  subscriptionIds: string[],
): Promise<SubscriptionRow[]> {
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), among(subscriptions.id, subscriptionIds)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return subscriptionIds.map((id) => byId.get(id) ?? notFound('subscription'));
}

/**
 * The subscription a client means by an external id: the running one before what waits to start, then the latest start
 * (API section 4).
 */
export async function findByExternalId(
  { tx, organizationId }: BillingContext,
  externalId: string,
  statuses: SubscriptionRow['status'][] = ['active'],
): Promise<SubscriptionRow | null> {
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.externalId, externalId),
        inArray(subscriptions.status, statuses),
      ),
    )
    .orderBy(desc(subscriptions.startedAt), desc(subscriptions.createdAt), desc(subscriptions.id));
  const rank = ({ status }: SubscriptionRow): number =>
    status === 'active' ? 0 : status === 'terminated' || status === 'canceled' ? 2 : 1;
  return rows.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** The plan change waiting behind a subscription, if any. */
export async function findSuccessor(
  ctx: BillingContext,
  subscriptionId: string,
): Promise<SubscriptionRow | null> {
  return (await findSuccessors(ctx, [subscriptionId])).get(subscriptionId) ?? null;
}

/** The plan changes waiting behind subscriptions, by the subscription they wait for. */
async function findSuccessors(
  { tx, organizationId }: BillingContext,
  subscriptionIds: string[],
): Promise<Map<string, SubscriptionRow>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        among(subscriptions.previousSubscriptionId, subscriptionIds),
        eq(subscriptions.status, 'pending'),
      ),
    );
  return new Map(rows.map((row) => [row.previousSubscriptionId ?? '', row]));
}

/** What goes on from a subscription, waiting, running or ended again: a plan change or a resumption, if any. */
export async function findContinuation(
  { tx, organizationId }: BillingContext,
  subscription: SubscriptionRow,
): Promise<SubscriptionRow | null> {
  const [row] = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.externalId, subscription.externalId),
        eq(subscriptions.previousSubscriptionId, subscription.id),
        ne(subscriptions.status, 'canceled'),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** A plan open to subscriptions, with its current version. Throws not_found for unknown, retired and deleted plans. */
export async function choosePlan({ tx, organizationId }: BillingContext, code: string): Promise<PlanChoice> {
  const rows = await tx
    .select({ plan: plans, version: planVersions })
    .from(plans)
    .innerJoin(
      planVersions,
      and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, plans.currentVersionId)),
    )
    .where(and(eq(plans.organizationId, organizationId), eq(plans.code, code)));
  const open = rows.find(({ plan }) => !plan.deletedAt && !plan.pendingDeletionAt && !plan.retiredAt);
  return open ?? notFound('plan');
}

/** A subscription with its customer and the plan it is billed on, own prices included. */
export async function loadSubscription(
  ctx: BillingContext,
  subscriptionId: string,
): Promise<{ subscription: SubscriptionRow; billed: BilledCustomer; plan: PlanFacts }> {
  const subscription = await readSubscription(ctx, subscriptionId);
  const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
  return { subscription, billed, plan: await planOf(ctx, subscription) };
}

/** The plan a subscription is billed on, own prices included. */
export async function planOf(ctx: BillingContext, subscription: SubscriptionRow): Promise<PlanFacts> {
  const request = { planVersionId: subscription.planVersionId, subscriptionId: subscription.id };
  const found = (await loadPlans(ctx, [request])).get(planKey(request));
  return found ?? notFound('plan');
}
