import { and, eq, inArray } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { billingEntities, customers, fixedChargeEvents, priceOverrides, subscriptions } from '@/db/schema';
import { periodRule } from '@/lib/billing/periods/boundaries';
import { periodContaining } from '@/lib/billing/periods/interval';
import type { BillingContext } from '@/lib/invoicing/context';
import { type SubscriptionRow, scheduleOf } from '@/lib/invoicing/load-bill';
import type { PlanGraph } from '@/lib/queries/api/plan-graph';
import type { UnitsChange } from './write-fixed-charges.ts';

interface Subscriber {
  subscription: SubscriptionRow;
  timezone: string;
  /** Fixed charges whose units this subscription sets itself: the plan's do not reach it. */
  own: Set<string>;
}

async function loadSubscribers(
  { tx, organizationId }: BillingContext,
  planVersionId: string,
): Promise<Subscriber[]> {
  const rows = await tx
    .select({
      subscription: subscriptions,
      customerZone: customers.timezone,
      entityZone: billingEntities.timezone,
      patch: priceOverrides.patch,
    })
    .from(subscriptions)
    .innerJoin(
      customers,
      and(eq(customers.organizationId, organizationId), eq(customers.id, subscriptions.customerId)),
    )
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .leftJoin(
      priceOverrides,
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(priceOverrides.subscriptionId, subscriptions.id),
      ),
    )
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.planVersionId, planVersionId),
        inArray(subscriptions.status, ['active']),
      ),
    );
  return rows.map(({ subscription, customerZone, entityZone, patch }) => ({
    subscription,
    timezone: customerZone ?? entityZone,
    own: new Set(
      Object.entries(patch?.fixedCharges ?? {}).flatMap(([id, { units }]) =>
        units === undefined ? [] : [id],
      ),
    ),
  }));
}

/** Which (subscription, fixed charge) pairs have dated units already. */
async function loadDated(
  { tx, organizationId }: BillingContext,
  changes: UnitsChange[],
): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({
      subscriptionId: fixedChargeEvents.subscriptionId,
      fixedChargeId: fixedChargeEvents.fixedChargeId,
    })
    .from(fixedChargeEvents)
    .where(
      and(
        eq(fixedChargeEvents.organizationId, organizationId),
        inArray(
          fixedChargeEvents.fixedChargeId,
          changes.map(({ fixedChargeId }) => fixedChargeId),
        ),
      ),
    );
  return new Set(rows.map(({ subscriptionId, fixedChargeId }) => `${subscriptionId}:${fixedChargeId}`));
}

export interface ReachedSubscription {
  subscription: SubscriptionRow;
  /** The fixed charges whose new units hold from now on. */
  immediateIds: string[];
}

/**
 * Dates a plan's new units on every subscription they reach (semantics 6.13): at the start of the next fixed-charges
 * period, or at once. What held until then is written down too, because the plan no longer says it. Returns the
 * subscriptions for which something holds at once. `plan` is the plan after the change.
 */
export async function dateUnits(
  ctx: BillingContext,
  plan: PlanGraph,
  changes: UnitsChange[],
): Promise<ReachedSubscription[]> {
  if (changes.length === 0) return [];
  const { tx, organizationId, now } = ctx;
  const subscribers = await loadSubscribers(ctx, plan.version.id);
  const dated = await loadDated(ctx, changes);
  const createdAt = new Date(now);
  const values: (typeof fixedChargeEvents.$inferInsert)[] = [];
  const reached: ReachedSubscription[] = [];
  for (const { subscription, timezone, own } of subscribers) {
    const effective = changes.filter(({ fixedChargeId }) => !own.has(fixedChargeId));
    const rule = periodRule(scheduleOf(subscription, plan.version, timezone), 'fixed_charges');
    const nextPeriod = periodContaining({ ...rule, at: now }).end;
    const startedAt = subscription.startedAt ?? subscription.subscriptionAt;
    for (const { fixedChargeId, before, after, immediately } of effective) {
      const shared = { organizationId, subscriptionId: subscription.id, fixedChargeId, createdAt };
      if (!dated.has(`${subscription.id}:${fixedChargeId}`)) {
        values.push({ ...shared, id: newId(), units: before, effectiveAt: startedAt });
      }
      const effectiveAt = new Date(immediately ? now : nextPeriod);
      values.push({ ...shared, id: newId(), units: after, effectiveAt });
    }
    const immediateIds = effective.flatMap(({ fixedChargeId, immediately }) =>
      immediately ? [fixedChargeId] : [],
    );
    if (immediateIds.length > 0) reached.push({ subscription, immediateIds });
  }
  if (values.length > 0) await tx.insert(fixedChargeEvents).values(values);
  return reached;
}
