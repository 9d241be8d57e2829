import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { invoiceSubscriptions, invoices, plans, subscriptions } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { finalizeDraft } from '@/lib/invoicing/refresh';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { terminateSubscription } from '../subscriptions/terminate.ts';
import { findPlan } from './find.ts';

const input = z.object({ code: text() });

async function endSubscriptions(ctx: BillingContext, planId: string): Promise<void> {
  const running = await ctx.tx
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.planId, planId),
        inArray(subscriptions.status, ['active', 'pending']),
      ),
    );
  for (const { id } of running) await terminateSubscription(ctx, id);
}

async function finalizeDrafts(ctx: BillingContext, planId: string): Promise<void> {
  const drafts = await ctx.tx
    .selectDistinct({ id: invoices.id, createdAt: invoices.createdAt })
    .from(invoices)
    .innerJoin(
      invoiceSubscriptions,
      and(
        eq(invoiceSubscriptions.organizationId, ctx.organizationId),
        eq(invoiceSubscriptions.invoiceId, invoices.id),
      ),
    )
    .innerJoin(
      subscriptions,
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.id, invoiceSubscriptions.subscriptionId),
      ),
    )
    .where(
      and(
        eq(invoices.organizationId, ctx.organizationId),
        eq(invoices.status, 'draft'),
        eq(subscriptions.planId, planId),
      ),
    )
    .orderBy(invoices.createdAt, invoices.id);
  for (const { id } of drafts) await finalizeDraft(ctx, id);
}

/**
 * Deletes a plan (Lago's contract; the console retires it instead): ends its subscriptions with their closing bills,
 * finalises their drafts, then frees the code.
 */
export const deletePlan = defineCommand<z.infer<typeof input>, { versionId: string }>({
  name: 'plans/delete',
  input,
  right: 'plans.publish',
  reason: 'optional',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const { plan, version } = await findPlan(tx, organizationId, code);
    await announce(tx, organizationId, now, { type: 'plan.deleted', objectId: plan.id });
    await tx
      .update(plans)
      .set({ pendingDeletionAt: new Date(now) })
      .where(and(eq(plans.organizationId, organizationId), eq(plans.id, plan.id)));
    await endSubscriptions(ctx, plan.id);
    await finalizeDrafts(ctx, plan.id);
    await tx
      .update(plans)
      .set({ deletedAt: new Date(now) })
      .where(and(eq(plans.organizationId, organizationId), eq(plans.id, plan.id)));
    return {
      result: { versionId: version.id },
      title: `Delete the plan "${plan.name}"`,
      subject: { type: 'plan', id: plan.id },
      before: plan,
    };
  },
});
