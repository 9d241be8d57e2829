import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { plans, planVersions } from '@/db/schema';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { orTaken } from '../core/taken.ts';
import { assignTaxes } from '../taxes/assign.ts';
import { type PlanInput, planInput } from './input.ts';
import { writeCharges } from './write-charges.ts';
import { writeFixedCharges } from './write-fixed-charges.ts';
import { writeCommitment, writeThresholds } from './write-parts.ts';

const SPLITS_MONTHLY = new Set(['yearly', 'semiannual']);

/** Publishes a plan with its first version. Throws invalid and not_found (billable_metrics, add_ons, tax). */
export const createPlan = defineCommand<PlanInput, { code: string; id: string }>({
  name: 'plans/create',
  input: planInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const { tx, organizationId, now } = ctx;
    const at = new Date(now);
    const [planId, versionId] = [newId(), newId()];
    orTaken(
      await tx
        .insert(plans)
        .values({
          organizationId,
          id: planId,
          code: input.code,
          name: input.name,
          invoiceDisplayName: input.invoice_display_name ?? null,
          description: input.description ?? null,
          metadata: input.metadata ?? null,
          createdAt: at,
        })
        .onConflictDoNothing()
        .returning({ id: plans.id }),
    );
    const splits = SPLITS_MONTHLY.has(input.interval);
    await tx.insert(planVersions).values({
      organizationId,
      id: versionId,
      planId,
      version: 1,
      interval: input.interval,
      amountMinor: input.amount_cents,
      currency: input.amount_currency,
      payInAdvance: input.pay_in_advance,
      trialDays: input.trial_period ?? null,
      billChargesMonthly: splits && (input.bill_charges_monthly ?? false),
      billFixedChargesMonthly: splits && (input.bill_fixed_charges_monthly ?? false),
      createdAt: at,
      publishedAt: at,
    });
    await tx
      .update(plans)
      .set({ currentVersionId: versionId })
      .where(and(eq(plans.organizationId, organizationId), eq(plans.id, planId)));
    const fresh = { removeOthers: false, shapeFixed: false };
    await writeCharges(ctx, versionId, input.charges ?? [], [], fresh);
    await writeFixedCharges(ctx, versionId, input.fixed_charges ?? [], [], fresh);
    await writeThresholds(ctx, versionId, input.usage_thresholds ?? [], []);
    if (input.minimum_commitment) await writeCommitment(ctx, versionId, input.minimum_commitment, null);
    if (input.tax_codes) {
      await assignTaxes(ctx, [{ ownerType: 'plan', ownerId: planId, taxCodes: input.tax_codes }]);
    }
    await announce(tx, organizationId, now, { type: 'plan.created', objectId: planId });
    return {
      result: { code: input.code, id: planId },
      title: `Publish the plan "${input.name}"`,
      subject: { type: 'plan', id: planId },
      after: input,
    };
  },
});
