import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { type PriceOverridePatch, priceOverrides } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { loadCustomer, lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { whatIsOn } from '@/lib/queries/api/overridden-plan';
import { loadPlanGraphs, type PlanGraph } from '@/lib/queries/api/plan-graph';
import { invalid, notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command';
import { identifier } from '../core/fields';
import {
  billImmediateUnits,
  dateUnits,
  loadSubscribers,
  type ReachedSubscription,
} from '../plans/date-units';
import { overridePatch, type PlanOverridesInput, planOverridesInput } from '../plans/override-patch';
import type { UnitsChange } from '../plans/write-fixed-charges';
import { writeTerms } from './plan-change';
import { findByExternalId, readSubscription } from './read';
import { settleDowngrades, waitingDowngrades } from './settle-pending-changes';

const input = z.object({ subscriptionId: identifier(), overrides: planOverridesInput });

/**
 * Gives one subscription its own prices (semantics 3.8), laid over those it has already. New units of a fixed charge hold
 * from the next period, or at once where the caller says so. On the console: "Set this customer's price".
 */
export const overridePrices = defineCommand<z.infer<typeof input>, SubscriptionRow>({
  name: 'subscriptions/override-prices',
  input,
  right: 'customer_price.set',
  reason: 'required',
  undo: null,
  async run(ctx, { subscriptionId, overrides }) {
    const subscription = await readSubscription(ctx, subscriptionId);
    await lockCustomer(ctx, subscription.customerId);
    const before = await readPatch(ctx, subscriptionId);
    const { planVersionId } = subscription;
    const graphs = await loadPlanGraphs(ctx.tx, ctx.organizationId, [planVersionId], before.kept);
    const plan = whatIsOn(graphs.get(planVersionId) ?? notFound('plan'), before);
    const patch = overridePatch(plan, before, overrides, ctx.now);
    const { customer } = await loadCustomer(ctx, subscription.customerId);
    if (overrides.amount_currency && customer.currency && overrides.amount_currency !== customer.currency) {
      invalid({ currency: ['currencies_does_not_match'] }, `This customer pays in ${customer.currency}.`);
    }
    const downgrades = await waitingDowngrades(ctx, { subscriptionId });
    const reached = await dateOwnUnits(ctx, plan, subscription, before, patch, overrides);
    await writeTerms(ctx, subscriptionId, {
      patch,
      thresholds: overrides.usage_thresholds?.map((threshold) => ({
        amountMinor: threshold.amount_cents,
        displayName: threshold.threshold_display_name ?? null,
        recurring: threshold.recurring ?? false,
      })),
    });
    await billImmediateUnits(ctx, reached);
    await settleDowngrades(ctx, downgrades);
    await announce(ctx.tx, ctx.organizationId, ctx.now, {
      type: 'subscription.updated',
      objectId: subscriptionId,
    });
    await recordRevenue(ctx, subscription.customerId, { cause: 'price_changed', sourceId: subscriptionId });
    const standing = await readSubscription(ctx, subscriptionId);
    return {
      // A waiting change that its new price made an upgrade has given way to the subscription that started.
      result:
        standing.status === 'canceled'
          ? ((await findByExternalId(ctx, standing.externalId)) ?? standing)
          : standing,
      title: 'Set this customer’s price',
      subject: { type: 'subscription', id: subscriptionId },
      customerId: subscription.customerId,
      subscriptionId,
      before,
      after: patch,
    };
  },
});

async function readPatch(
  { tx, organizationId }: CommandContext,
  subscriptionId: string,
): Promise<PriceOverridePatch> {
  const [row] = await tx
    .select({ patch: priceOverrides.patch })
    .from(priceOverrides)
    .where(
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(priceOverrides.subscriptionId, subscriptionId),
      ),
    );
  return row?.patch ?? {};
}

/** Dates the units that the overrides change on this subscription. */
async function dateOwnUnits(
  ctx: CommandContext,
  plan: PlanGraph,
  subscription: SubscriptionRow,
  before: PriceOverridePatch,
  after: PriceOverridePatch,
  overrides: PlanOverridesInput,
): Promise<ReachedSubscription[]> {
  const changes = plan.fixedCharges.flatMap(({ row }): UnitsChange[] => {
    const was = before.fixedCharges?.[row.id]?.units ?? row.units;
    const own = after.fixedCharges?.[row.id];
    const is = own?.units ?? row.units;
    if (Exact.of(was).eq(is)) return [];
    const asked = overrides.fixed_charges?.find(({ id }) => id === row.id || id === own?.id);
    const immediately = asked?.apply_units_immediately ?? false;
    return [{ fixedChargeId: row.id, before: was, after: is, immediately }];
  });
  if (changes.length === 0) return [];
  const subscribers = await loadSubscribers(ctx, subscription.planVersionId, subscription.id);
  const reachable = subscribers.map((subscriber) => ({ ...subscriber, own: new Set<string>() }));
  return dateUnits(ctx, plan, reachable, changes);
}
