import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { planEntitlements } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, optionalFlag } from '../core/fields.ts';
import { findPlan } from '../plans/find.ts';
import { findFeature, readEntitlements } from './find.ts';
import { entitlementsInput, planEntitlement } from './input.ts';

type PlanRow = Awaited<ReturnType<typeof findPlan>>['plan'];

const input = z.object({
  plan_code: identifier(),
  entitlements: entitlementsInput,
  /** Whether features not named leave the plan. */
  replace: optionalFlag(),
});

/** Says which features a plan includes. Throws not_found (plan, feature, privilege) and invalid. */
export const setPlanEntitlements = defineCommand<z.infer<typeof input>, { planId: string }>({
  name: 'plans/set-entitlements',
  input,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    const { plan } = await findPlan(tx, organizationId, given.plan_code);
    const wanted = await readEntitlements(tx, organizationId, given.entitlements);
    const present = await tx.select().from(planEntitlements).where(ofPlan(ctx, plan));
    if (given.replace && present.length > 0) await tx.delete(planEntitlements).where(ofPlan(ctx, plan));
    const kept = wanted.map(({ feature }) => feature.id);
    if (!given.replace && kept.length > 0) {
      await tx
        .delete(planEntitlements)
        .where(and(ofPlan(ctx, plan), inArray(planEntitlements.featureId, kept)));
    }
    if (wanted.length > 0) {
      await tx.insert(planEntitlements).values(
        wanted.map(({ feature, values }) => {
          const before = present.find(({ featureId }) => featureId === feature.id);
          return {
            organizationId,
            planId: plan.id,
            featureId: feature.id,
            values: given.replace ? values : { ...before?.values, ...values },
            createdAt: before?.createdAt ?? new Date(now),
          };
        }),
      );
    }
    return finish(ctx, plan, present, given.entitlements);
  },
});

/** Takes a feature, or one privilege of it, off a plan. Throws not_found (plan, feature, entitlement, privilege). */
export const removePlanEntitlement = defineCommand<z.infer<typeof planEntitlement>, { planId: string }>({
  name: 'plans/remove-entitlement',
  input: planEntitlement,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  async run(ctx, { plan_code, feature_code, privilege_code }) {
    const { tx, organizationId } = ctx;
    const { plan } = await findPlan(tx, organizationId, plan_code);
    const feature = await findFeature(tx, organizationId, feature_code);
    const where = and(ofPlan(ctx, plan), eq(planEntitlements.featureId, feature.id));
    const [present] = await tx.select().from(planEntitlements).where(where);
    if (!present) return notFound('entitlement');
    if (privilege_code) {
      const { [privilege_code]: gone, ...values } = present.values;
      if (gone === undefined) return notFound('privilege');
      await tx.update(planEntitlements).set({ values }).where(where);
    } else {
      await tx.delete(planEntitlements).where(where);
    }
    return finish(ctx, plan, present, null);
  },
});

function ofPlan({ organizationId }: CommandContext, plan: PlanRow) {
  return and(eq(planEntitlements.organizationId, organizationId), eq(planEntitlements.planId, plan.id));
}

async function finish(ctx: CommandContext, plan: PlanRow, before: unknown, after: unknown) {
  await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'plan.updated', objectId: plan.id });
  return {
    result: { planId: plan.id },
    title: `Change what the plan "${plan.name}" includes`,
    subject: { type: 'plan', id: plan.id },
    before,
    after,
  };
}
