import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { plans, subscriptions } from '@/db/schema';
import {
  type ChargeNode,
  type FixedChargeNode,
  loadPlanGraphs,
  type PlanGraph,
} from '@/lib/queries/api/plan-graph';
import { notFound } from '@/lib/schedule/errors';

/** The plan with this code in its current version. Throws not_found. */
export async function findPlan(tx: Tx, organizationId: string, code: string): Promise<PlanGraph> {
  const [plan] = await tx
    .select()
    .from(plans)
    .where(and(eq(plans.organizationId, organizationId), eq(plans.code, code), isNull(plans.deletedAt)));
  if (!plan?.currentVersionId) return notFound('plan');
  const graphs = await loadPlanGraphs(tx, organizationId, [plan.currentVersionId]);
  return graphs.get(plan.currentVersionId) ?? notFound('plan');
}

/** Throws not_found (charge). */
export function chargeOf(graph: PlanGraph, code: string): ChargeNode {
  return graph.charges.find(({ row }) => row.code === code) ?? notFound('charge');
}

/** Throws not_found (fixed_charge). */
export function fixedChargeOf(graph: PlanGraph, code: string): FixedChargeNode {
  return graph.fixedCharges.find(({ row }) => row.code === code) ?? notFound('fixed_charge');
}

/** Whether anybody is or was on the plan: from then on its shape stays as it is. */
export async function hasSubscriptions(tx: Tx, organizationId: string, planId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.planId, planId),
        inArray(subscriptions.status, ['active', 'pending']),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** A code not yet taken: the wished one, else the first of `base`, `base_2`, `base_3`… Takes it. */
export function freeCode(taken: Set<string>, wished: string | null | undefined, base: string): string {
  let code = wished || base;
  for (let n = 2; !wished && taken.has(code); n++) code = `${base}_${n}`;
  taken.add(code);
  return code;
}
