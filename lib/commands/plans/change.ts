import type { BillingContext } from '@/lib/invoicing/context';
import { flagDrafts } from '@/lib/invoicing/finalize';
import type { PlanGraph } from '@/lib/queries/api/plan-graph';
import { announce } from '@/lib/schedule/outbox';
import type { Outcome } from '../core/command.ts';
import { settleDowngrades, waitingDowngrades } from '../subscriptions/settle-pending-changes.ts';
import { billImmediateUnits, dateUnits, loadSubscribers } from './date-units.ts';
import { findPlan, hasSubscriptions } from './find.ts';
import { reachOverrides } from './reach-overrides.ts';
import type { UnitsChange } from './write-fixed-charges.ts';

export interface InPlaceChange<T> {
  code: string;
  /** Overrides that still equal the plan's old values take the new ones. */
  cascade: boolean;
  title(plan: PlanGraph): string;
  /** Writes the change; `shapeFixed` says that subscriptions exist. */
  write(plan: PlanGraph, shapeFixed: boolean): Promise<{ result: T; units?: UnitsChange[]; code?: string }>;
}

/**
 * Every in-place change of a plan's current version (Lago's contract) runs through here: it reaches or spares customer
 * prices, dates new units, flags drafts and tells the world once. Throws not_found (plan) and what `write` throws.
 */
export async function changePlanInPlace<T>(
  ctx: BillingContext,
  { code, cascade, title, write }: InPlaceChange<T>,
): Promise<Outcome<T>> {
  const { tx, organizationId, now } = ctx;
  const before = await findPlan(tx, organizationId, code);
  const inUse = await hasSubscriptions(tx, organizationId, before.plan.id);
  const downgrades = inUse ? await waitingDowngrades(ctx, { planVersionId: before.version.id }) : [];
  const { result, units = [], code: newCode } = await write(before, inUse);
  const after = await findPlan(tx, organizationId, newCode ?? code);
  if (inUse) {
    await reachOverrides(ctx, before, after, cascade);
    await reachUnits(ctx, after, units);
    await settleDowngrades(ctx, downgrades);
    await flagDrafts(ctx, 'all');
  }
  await announce(tx, organizationId, now, { type: 'plan.updated', objectId: before.plan.id });
  return {
    result,
    title: title(before),
    subject: { type: 'plan', id: before.plan.id },
    before,
    after,
  };
}

async function reachUnits(ctx: BillingContext, plan: PlanGraph, units: UnitsChange[]): Promise<void> {
  if (units.length === 0) return;
  const subscribers = await loadSubscribers(ctx, plan.version.id);
  await billImmediateUnits(ctx, await dateUnits(ctx, plan, subscribers, units));
}
