import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { planEntitlements, subscriptionEntitlements, subscriptions } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { type FeatureRow, findFeature, privilegeOf, readEntitlements } from './find.ts';
import { entitlementsInput } from './input.ts';

type SubscriptionRow = typeof subscriptions.$inferSelect;
type EntitlementRow = typeof subscriptionEntitlements.$inferSelect;

const input = z.object({ subscription_id: identifier(), entitlements: entitlementsInput });

/** Gives one subscription other features or values than its plan. Throws not_found (feature, privilege) and invalid. */
export const setSubscriptionEntitlements = defineCommand<z.infer<typeof input>, null>({
  name: 'subscriptions/set-entitlements',
  input,
  right: 'customer_price.set',
  reason: 'none',
  undo: null,
  async run(ctx, given) {
    const subscription = await findSubscription(ctx, given.subscription_id);
    const wanted = await readEntitlements(ctx.tx, ctx.organizationId, given.entitlements);
    for (const { feature, values } of wanted) {
      const before = await ownEntitlement(ctx, subscription, feature);
      await write(ctx, subscription, feature, {
        removedAt: null,
        values: { ...before?.values, ...values },
        removedPrivileges: (before?.removedPrivileges ?? []).filter((code) => !(code in values)),
      });
    }
    return finish(ctx, subscription, given.entitlements);
  },
});

const removal = z.object({
  subscription_id: identifier(),
  feature_code: identifier(),
  privilege_code: identifier().nullish(),
});

/** Takes a feature, or one privilege of it, from one subscription. Throws not_found (feature, entitlement, privilege). */
export const removeSubscriptionEntitlement = defineCommand<z.infer<typeof removal>, null>({
  name: 'subscriptions/remove-entitlement',
  input: removal,
  right: 'customer_price.set',
  reason: 'none',
  undo: null,
  async run(ctx, { subscription_id, feature_code, privilege_code }) {
    const subscription = await findSubscription(ctx, subscription_id);
    const feature = await findFeature(ctx.tx, ctx.organizationId, feature_code);
    const before = await ownEntitlement(ctx, subscription, feature);
    if ((!before && !(await isOnPlan(ctx, subscription, feature))) || before?.removedAt) {
      return notFound('entitlement');
    }
    if (privilege_code) {
      const { code } = privilegeOf(feature, privilege_code);
      const { [code]: _gone, ...values } = before?.values ?? {};
      const removedPrivileges = [...new Set([...(before?.removedPrivileges ?? []), code])];
      await write(ctx, subscription, feature, { removedAt: null, values, removedPrivileges });
    } else {
      const removedAt = new Date(ctx.now);
      await write(ctx, subscription, feature, { removedAt, values: {}, removedPrivileges: [] });
    }
    return finish(ctx, subscription, { removed: [feature_code, privilege_code ?? null] });
  },
});

async function findSubscription(
  { tx, organizationId }: CommandContext,
  id: string,
): Promise<SubscriptionRow> {
  const [row] = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, id)))
    .for('update');
  return row ?? notFound('subscription');
}

async function ownEntitlement(
  { tx, organizationId }: CommandContext,
  subscription: SubscriptionRow,
  feature: FeatureRow,
): Promise<EntitlementRow | null> {
  const [row] = await tx
    .select()
    .from(subscriptionEntitlements)
    .where(
      and(
        eq(subscriptionEntitlements.organizationId, organizationId),
        eq(subscriptionEntitlements.subscriptionId, subscription.id),
        eq(subscriptionEntitlements.featureId, feature.id),
      ),
    );
  return row ?? null;
}

async function isOnPlan(
  { tx, organizationId }: CommandContext,
  subscription: SubscriptionRow,
  feature: FeatureRow,
): Promise<boolean> {
  const rows = await tx
    .select({ featureId: planEntitlements.featureId })
    .from(planEntitlements)
    .where(
      and(
        eq(planEntitlements.organizationId, organizationId),
        eq(planEntitlements.planId, subscription.planId),
        eq(planEntitlements.featureId, feature.id),
      ),
    );
  return rows.length > 0;
}

async function write(
  { tx, organizationId, now }: CommandContext,
  subscription: SubscriptionRow,
  feature: FeatureRow,
  set: Pick<EntitlementRow, 'removedAt' | 'values' | 'removedPrivileges'>,
): Promise<void> {
  const { organizationId: organization, subscriptionId, featureId } = subscriptionEntitlements;
  await tx
    .insert(subscriptionEntitlements)
    .values({
      organizationId,
      subscriptionId: subscription.id,
      featureId: feature.id,
      createdAt: new Date(now),
      ...set,
    })
    .onConflictDoUpdate({ target: [organization, subscriptionId, featureId], set });
}

async function finish(ctx: CommandContext, subscription: SubscriptionRow, after: unknown) {
  await announce(ctx.tx, ctx.organizationId, ctx.now, {
    type: 'subscription.updated',
    objectId: subscription.id,
  });
  return {
    result: null,
    title: `Change what ${subscription.name ?? subscription.externalId} may use`,
    subject: { type: 'subscription', id: subscription.id },
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    after,
  };
}
