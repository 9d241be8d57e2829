import { and, asc, eq, isNull, or } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { plans, planVersions, priceOverrides, subscriptions, usageThresholds } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { loadCustomer, lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { loadPlans, planKey } from '@/lib/invoicing/load-plan';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type NewTerms, upgradeNow, yearlyEquivalent } from './plan-change';
import { planOf } from './read';
import { cancelPending } from './terminate';

/** Whose prices change: everybody on a plan version, or one subscription. */
export type PriceChange = { planVersionId: string } | { subscriptionId: string };

interface Waiting {
  waiting: SubscriptionRow;
  current: SubscriptionRow;
  /** The price changes on the side that waits. */
  changesTarget: boolean;
}

/** Downgrades that wait for a period's end and have a price about to change on either side. Read before it changes. */
export async function waitingDowngrades(ctx: BillingContext, change: PriceChange): Promise<Waiting[]> {
  const { tx, organizationId } = ctx;
  const running = alias(subscriptions, 'running');
  const rows = await tx
    .select({ waiting: subscriptions, current: running })
    .from(subscriptions)
    .innerJoin(
      running,
      and(
        eq(running.organizationId, organizationId),
        eq(running.id, subscriptions.previousSubscriptionId),
        eq(running.status, 'active'),
      ),
    )
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.status, 'pending'),
        'planVersionId' in change
          ? or(
              eq(subscriptions.planVersionId, change.planVersionId),
              eq(running.planVersionId, change.planVersionId),
            )
          : or(eq(subscriptions.id, change.subscriptionId), eq(running.id, change.subscriptionId)),
      ),
    )
    .orderBy(asc(subscriptions.createdAt), asc(subscriptions.id));
  const facts = await loadPlans(
    ctx,
    rows.flatMap(({ waiting, current }) => [planRequest(current), planRequest(waiting)]),
  );
  const priceOf = (subscription: SubscriptionRow) =>
    yearlyEquivalent(facts.get(planKey(planRequest(subscription))) ?? notFound('plan'));
  const found: Waiting[] = [];
  for (const { waiting, current } of rows) {
    if (priceOf(waiting) >= priceOf(current)) continue;
    const changesTarget =
      'planVersionId' in change
        ? waiting.planVersionId === change.planVersionId
        : waiting.id === change.subscriptionId;
    found.push({ waiting, current, changesTarget });
  }
  return found;
}

const planRequest = ({ id, planVersionId }: SubscriptionRow) => ({ planVersionId, subscriptionId: id });

async function pricesOf(
  ctx: BillingContext,
  current: SubscriptionRow,
  waiting: SubscriptionRow,
): Promise<[bigint, bigint]> {
  return [yearlyEquivalent(await planOf(ctx, current)), yearlyEquivalent(await planOf(ctx, waiting))];
}

/**
 * Settles what a price change made of waiting downgrades (semantics 3.8), by yearly price: the waiting plan raised to the
 * running one's or above it is an upgrade and happens at once; the running one lowered under the waiting one's cancels the
 * change.
 */
export async function settleDowngrades(ctx: BillingContext, downgrades: Waiting[]): Promise<void> {
  for (const { waiting, current, changesTarget } of downgrades) {
    await lockCustomer(ctx, current.customerId);
    const [now, next] = await pricesOf(ctx, current, waiting);
    if (changesTarget && next >= now) {
      const billed = await loadCustomer(ctx, current.customerId, current.billingEntityId);
      await upgradeNow(ctx, current, billed, await termsOf(ctx, waiting));
    } else if (!changesTarget && next > now) {
      await cancelPending(ctx, waiting);
      await announce(ctx.tx, ctx.organizationId, ctx.now, {
        type: 'subscription.updated',
        objectId: current.id,
      });
    }
  }
}

/** What a subscription was agreed on: plan version, name, own prices and thresholds. */
export async function termsOf(
  { tx, organizationId }: BillingContext,
  waiting: SubscriptionRow,
): Promise<NewTerms> {
  const [choice] = await tx
    .select({ plan: plans, version: planVersions })
    .from(planVersions)
    .innerJoin(plans, and(eq(plans.organizationId, organizationId), eq(plans.id, planVersions.planId)))
    .where(and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, waiting.planVersionId)));
  if (!choice) throw new Error(`plan version ${waiting.planVersionId} is gone`);
  const [own] = await tx
    .select({ patch: priceOverrides.patch })
    .from(priceOverrides)
    .where(
      and(eq(priceOverrides.organizationId, organizationId), eq(priceOverrides.subscriptionId, waiting.id)),
    );
  const thresholds = await tx
    .select()
    .from(usageThresholds)
    .where(
      and(
        eq(usageThresholds.organizationId, organizationId),
        eq(usageThresholds.subscriptionId, waiting.id),
        isNull(usageThresholds.deletedAt),
      ),
    )
    .orderBy(asc(usageThresholds.amountMinor));
  return {
    choice,
    name: waiting.name,
    patch: own?.patch ?? null,
    thresholds:
      thresholds.length === 0
        ? null
        : thresholds.map(({ amountMinor, displayName, recurring }) => ({
            amountMinor,
            displayName,
            recurring,
          })),
    purchaseOrderNumber: waiting.purchaseOrderNumber,
  };
}
