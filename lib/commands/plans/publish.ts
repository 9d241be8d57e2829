import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { newId } from '@/db/ids';
import { plans, planVersions } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { CHARGE_MODEL_NAMES } from '@/lib/billing/pricing/registry';
import { loadPlanGraphs, type PlanGraph } from '@/lib/queries/api/plan-graph';
import { conflict, invalid, notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command';
import { writeNextVersion } from './carry-over';
import { createPlan } from './create';
import { type ChargeInput, planInput } from './input';

const charge = z.strictObject({
  metricId: z.uuid('Choose a meter.'),
  model: z.enum(CHARGE_MODEL_NAMES),
  properties: z.record(z.string(), z.unknown()),
  displayName: z.string().max(255).nullish(),
  /** The charge of the version before that this price continues. */
  carries: z.uuid().nullish(),
});

const input = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'Use small letters, digits, dots, dashes and underscores.'),
  name: z.string().trim().min(1, 'Give the plan a name.').max(255, 'Shorten the name to 255 characters.'),
  interval: z.enum(['weekly', 'monthly', 'quarterly', 'semiannual', 'yearly']),
  amountMinor: z.string().regex(/^\d{1,15}$/, 'Give the price as an amount, zero or more.'),
  currency: z.string().length(3),
  payInAdvance: z.boolean(),
  trialDays: z.number().int().min(0).max(730).nullish(),
  /** Which version this is to be: 1 for a new plan. A plan that has moved on meanwhile refuses. */
  version: z.number().int().min(1),
  charges: z.array(charge).max(50, 'A plan can have 50 usage prices at most.'),
});
type Input = z.infer<typeof input>;
type PlanRow = typeof plans.$inferSelect;

const chargesOf = (values: Input): ChargeInput[] =>
  values.charges.map((entry) => ({
    billable_metric_id: entry.metricId,
    charge_model: entry.model,
    invoice_display_name: entry.displayName ?? undefined,
    properties: entry.properties,
  }));

/**
 * Publishes a plan, or the next version of one that exists: customers on older versions stay there until somebody moves
 * them. On screen: "Publish".
 */
export const publishPlan = defineCommand<Input, { planId: string; version: number }>({
  name: 'plans/publish',
  input,
  right: 'plans.publish',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, values) {
    const [existing] = await ctx.tx
      .select()
      .from(plans)
      .where(
        and(
          eq(plans.organizationId, ctx.organizationId),
          eq(plans.code, values.code),
          isNull(plans.deletedAt),
        ),
      );
    const price = formatMoney(BigInt(values.amountMinor), values.currency);
    if (!existing) {
      const parsed = planInput.parse({
        name: values.name,
        code: values.code,
        interval: values.interval,
        amount_cents: BigInt(values.amountMinor),
        amount_currency: values.currency,
        pay_in_advance: values.payInAdvance,
        trial_period: values.trialDays ? String(values.trialDays) : null,
        charges: chargesOf(values),
      });
      const created = await createPlan.run(ctx, parsed);
      return {
        ...created,
        title: `Publish ${values.name} at ${price}`,
        moves: [{ what: 'Price for new customers', from: 'not offered', to: price }],
        result: { planId: created.result.id, version: 1 },
      };
    }
    const { version, former } = await addVersion(ctx, existing, values);
    await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'plan.updated', objectId: existing.id });
    return {
      result: { planId: existing.id, version },
      title: `Publish ${values.name}, version ${version}, at ${price}`,
      subject: { type: 'plan', id: existing.id },
      moves: [
        {
          what: 'Price for new customers',
          from: formatMoney(former.amountMinor, former.currency),
          to: price,
        },
        { what: 'Version', from: String(former.version), to: String(version) },
      ],
      before: { versionId: existing.currentVersionId },
      after: { version },
    };
  },
});

/** Refuses a new plan under a code that is taken, and a version somebody else has published meanwhile. */
function refuseVersion({ name, code }: PlanRow, version: number, asked: number): void {
  if (asked === version) return;
  if (asked === 1) {
    invalid(
      { code: ['value_already_exist'] },
      `The code "${code}" is taken by ${name}. Choose another code, or open ${name} to change its price.`,
    );
  }
  conflict('version_moved', `${name} has a newer version by now. Close this and start from that one.`);
}

async function addVersion(
  ctx: CommandContext,
  plan: PlanRow,
  values: Input,
): Promise<{ version: number; former: PlanGraph['version'] }> {
  const planId = plan.id;
  const { tx, organizationId, now } = ctx;
  const [last] = await tx
    .select({ version: planVersions.version })
    .from(planVersions)
    .where(and(eq(planVersions.organizationId, organizationId), eq(planVersions.planId, planId)))
    .orderBy(desc(planVersions.version))
    .limit(1);
  const version = (last?.version ?? 0) + 1;
  refuseVersion(plan, version, values.version);
  const versionId = newId();
  const before = await versionBefore(ctx, plan);
  const splitsMonthly = values.interval === 'yearly' || values.interval === 'semiannual';
  await tx.insert(planVersions).values({
    organizationId,
    id: versionId,
    planId,
    version,
    interval: values.interval,
    amountMinor: BigInt(values.amountMinor),
    currency: values.currency,
    payInAdvance: values.payInAdvance,
    trialDays: values.trialDays ? String(values.trialDays) : null,
    billChargesMonthly: splitsMonthly && before.version.billChargesMonthly,
    billFixedChargesMonthly: splitsMonthly && before.version.billFixedChargesMonthly,
    floors: before.version.floors,
    createdAt: new Date(now),
    publishedAt: new Date(now),
  });
  await tx
    .update(plans)
    .set({ currentVersionId: versionId, name: values.name })
    .where(and(eq(plans.organizationId, organizationId), eq(plans.id, planId)));
  await writeNextVersion(ctx, versionId, values.charges, before);
  return { version, former: before.version };
}

/** The version that is published now, with everything on it. */
async function versionBefore(
  { tx, organizationId }: CommandContext,
  { currentVersionId }: PlanRow,
): Promise<PlanGraph> {
  const graphs = currentVersionId ? await loadPlanGraphs(tx, organizationId, [currentVersionId]) : new Map();
  return graphs.get(currentVersionId ?? '') ?? notFound('plan');
}
