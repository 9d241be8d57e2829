import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { lifetimeUsages } from '@/db/schema';
import { lifetimeRow } from '@/lib/invoicing/lifetime';
import { notFound } from '@/lib/schedule/errors';
import { recheckUsage } from '@/lib/usage/checks';
import { defineCommand } from '../core/command.ts';
import { minorUnits, text } from '../core/fields.ts';
import { findByExternalId } from '../subscriptions/read.ts';

const input = z.object({
  externalSubscriptionId: text(),
  /** Minor units of the plan's currency. */
  external_historical_usage_amount_cents: minorUnits(),
});

/** Says what was used elsewhere before; it counts towards thresholds (semantics 7.3). Throws not_found. */
export const setHistoricalUsage = defineCommand<z.infer<typeof input>, typeof lifetimeUsages.$inferSelect>({
  name: 'usage/set-historical-usage',
  input,
  right: 'usage.write',
  reason: 'none',
  undo: null,
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    const subscription = await findByExternalId(ctx, given.externalSubscriptionId);
    if (!subscription) return notFound('lifetime_usage');
    const before = await lifetimeRow(ctx, subscription);
    const [after] = await tx
      .update(lifetimeUsages)
      .set({
        historicalAmountMinor: given.external_historical_usage_amount_cents,
        updatedAt: new Date(now),
      })
      .where(and(eq(lifetimeUsages.organizationId, organizationId), eq(lifetimeUsages.id, before.id)))
      .returning();
    await recheckUsage(tx, organizationId, now, { subscriptionIds: [subscription.id] });
    return {
      result: after ?? before,
      title: 'Set the usage of earlier systems',
      subject: { type: 'subscription', id: subscription.id },
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      before: { historicalAmountMinor: before.historicalAmountMinor },
      after: { historicalAmountMinor: given.external_historical_usage_amount_cents },
    };
  },
});
