import { and, eq, isNull, ne } from 'drizzle-orm';
import { z } from 'zod';
import { plans, planVersions } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import type { PlanGraph } from '@/lib/queries/api/plan-graph';
import { invalid } from '@/lib/schedule/errors';
import { recheckUsage } from '@/lib/usage/checks';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { assignTaxes } from '../taxes/assign.ts';
import { changePlanInPlace } from './change.ts';
import { type PlanChanges, planChanges } from './input.ts';
import { writeCharges } from './write-charges.ts';
import { writeFixedCharges } from './write-fixed-charges.ts';
import { writeCommitment, writeThresholds } from './write-parts.ts';

const input = z.object({ code: text(), changes: planChanges });

async function assertCodeFree({ tx, organizationId }: BillingContext, code: string, planId: string) {
  const [other] = await tx
    .select({ id: plans.id })
    .from(plans)
    .where(
      and(
        eq(plans.organizationId, organizationId),
        eq(plans.code, code),
        ne(plans.id, planId),
        isNull(plans.deletedAt),
      ),
    );
  if (other) invalid({ code: ['value_already_exist'] });
}

async function writeIdentity(
  ctx: BillingContext,
  { plan }: PlanGraph,
  changes: PlanChanges,
  shapeFixed: boolean,
): Promise<string> {
  const code = shapeFixed ? plan.code : (changes.code ?? plan.code);
  if (code !== plan.code) await assertCodeFree(ctx, code, plan.id);
  await ctx.tx
    .update(plans)
    .set({
      code,
      name: changes.name ?? plan.name,
      invoiceDisplayName:
        changes.invoice_display_name === undefined ? plan.invoiceDisplayName : changes.invoice_display_name,
      description: changes.description === undefined ? plan.description : changes.description,
      metadata: changes.metadata === undefined ? plan.metadata : changes.metadata,
    })
    .where(and(eq(plans.organizationId, ctx.organizationId), eq(plans.id, plan.id)));
  return code;
}

async function writePrice(
  { tx, organizationId }: BillingContext,
  { version }: PlanGraph,
  changes: PlanChanges,
  shapeFixed: boolean,
): Promise<void> {
  const interval = shapeFixed ? version.interval : (changes.interval ?? version.interval);
  const splits = interval === 'yearly' || interval === 'semiannual';
  const shape = shapeFixed
    ? {}
    : {
        interval,
        currency: changes.amount_currency ?? version.currency,
        payInAdvance: changes.pay_in_advance ?? version.payInAdvance,
        trialDays: changes.trial_period === undefined ? version.trialDays : changes.trial_period,
        billChargesMonthly: splits && (changes.bill_charges_monthly ?? version.billChargesMonthly),
        billFixedChargesMonthly:
          splits && (changes.bill_fixed_charges_monthly ?? version.billFixedChargesMonthly),
      };
  await tx
    .update(planVersions)
    .set({ ...shape, amountMinor: changes.amount_cents ?? version.amountMinor })
    .where(and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, version.id)));
}

/**
 * Edits a plan's current version in place (Lago's contract; the console publishes a new version instead). Charges are
 * matched by id and a charge missing from the list is removed. With subscriptions on it the plan's code, interval,
 * currency, billing side and trial stay.
 */
export const updatePlan = defineCommand<z.infer<typeof input>, { code: string }>({
  name: 'plans/update',
  input,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { code, changes }) {
    return changePlanInPlace(ctx, {
      code,
      cascade: changes.cascade_updates ?? false,
      title: ({ plan }) => `Change the plan "${plan.name}"`,
      async write(plan, shapeFixed) {
        const versionId = plan.version.id;
        const newCode = await writeIdentity(ctx, plan, changes, shapeFixed);
        await writePrice(ctx, plan, changes, shapeFixed);
        const whole = { removeOthers: true, shapeFixed };
        if (changes.charges) await writeCharges(ctx, versionId, changes.charges, plan.charges, whole);
        const fixed = changes.fixed_charges
          ? await writeFixedCharges(ctx, versionId, changes.fixed_charges, plan.fixedCharges, whole)
          : null;
        if (changes.usage_thresholds) {
          await writeThresholds(ctx, versionId, changes.usage_thresholds, plan.thresholds);
          await recheckUsage(ctx.tx, ctx.organizationId, ctx.now, { planVersionId: versionId });
        }
        if (changes.minimum_commitment !== undefined) {
          await writeCommitment(ctx, versionId, changes.minimum_commitment, plan.commitment);
        }
        if (changes.tax_codes) {
          await assignTaxes(ctx, [{ ownerType: 'plan', ownerId: plan.plan.id, taxCodes: changes.tax_codes }]);
        }
        return { result: { code: newCode }, units: fixed?.changes, code: newCode };
      },
    });
  },
});
