import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type PriceOverridePatch, priceOverrides, usageThresholds } from '@/db/schema';
import { isOn, keptBy } from '@/lib/invoicing/plan-rows';
import type { ChargeNode, FixedChargeNode, PlanGraph, ThresholdRow } from './plan-graph.ts';
import { loadPlanGraphs } from './plan-graph.ts';
import { type TaxNode, taxesByCode } from './taxes-of.ts';

export type OverrideRow = typeof priceOverrides.$inferSelect;
type TaxesOf = (codes: string[]) => TaxNode[];

/** Whose plan to read: a version, with one subscription's own prices laid over it. */
export interface SubscribedPlan {
  subscriptionId: string;
  planVersionId: string;
}

function codesOf(patch: PriceOverridePatch): string[] {
  return [
    ...(patch.taxCodes ?? []),
    ...(patch.commitment?.taxCodes ?? []),
    ...Object.values(patch.charges ?? {}).flatMap(({ taxCodes }) => taxCodes ?? []),
    ...Object.values(patch.fixedCharges ?? {}).flatMap(({ taxCodes }) => taxCodes ?? []),
  ];
}

/** The plan each subscription is on, own prices and thresholds included, by subscription id. */
export async function loadSubscribedPlans(
  tx: Tx,
  organizationId: string,
  subscribed: SubscribedPlan[],
): Promise<Map<string, PlanGraph>> {
  const subscriptionIds = subscribed.map(({ subscriptionId }) => subscriptionId);
  if (subscriptionIds.length === 0) return new Map();
  const overrides = await tx
    .select()
    .from(priceOverrides)
    .where(
      and(
        eq(priceOverrides.organizationId, organizationId),
        inArray(priceOverrides.subscriptionId, subscriptionIds),
      ),
    );
  const graphs = await loadPlanGraphs(
    tx,
    organizationId,
    subscribed.map(({ planVersionId }) => planVersionId),
    keptBy(overrides),
  );
  const taxes = await taxesByCode(
    tx,
    organizationId,
    overrides.flatMap(({ patch }) => codesOf(patch)),
  );
  const result = new Map<string, PlanGraph>();
  for (const { subscriptionId, planVersionId } of subscribed) {
    const graph = graphs.get(planVersionId);
    const override = overrides.find((row) => row.subscriptionId === subscriptionId);
    if (!graph) continue;
    const own = whatIsOn(graph, override?.patch);
    result.set(subscriptionId, override ? overlay(own, override, taxes) : own);
  }
  return result;
}

/** Thresholds of subscriptions themselves, which replace the plan's, by subscription id. */
export async function loadOwnThresholds(
  tx: Tx,
  organizationId: string,
  subscriptionIds: string[],
): Promise<(subscriptionId: string) => ThresholdRow[]> {
  const rows =
    subscriptionIds.length === 0
      ? []
      : await tx
          .select()
          .from(usageThresholds)
          .where(
            and(
              eq(usageThresholds.organizationId, organizationId),
              inArray(usageThresholds.subscriptionId, subscriptionIds),
              isNull(usageThresholds.deletedAt),
            ),
          )
          .orderBy(usageThresholds.amountMinor, usageThresholds.id);
  return (subscriptionId) => rows.filter((row) => row.subscriptionId === subscriptionId);
}

/** Own units alone make no child plan (semantics 3.8): the plan is the same, its fixed charges count other units. */
export function ownUnitsOnly({ fixedCharges, charges, ...rest }: PriceOverridePatch): boolean {
  if (Object.keys(rest).length > 0 || Object.keys(charges ?? {}).length > 0) return false;
  return Object.values(fixedCharges ?? {}).every(({ id: _id, units: _units, ...own }) => isEmpty(own));
}

function isEmpty(value: object): boolean {
  return Object.values(value).every((member) => member === undefined);
}

/** The version with the charges that a subscription with these own prices, or none, has. */
export function whatIsOn(graph: PlanGraph, patch?: PriceOverridePatch): PlanGraph {
  return {
    ...graph,
    charges: graph.charges.filter(({ row }) => isOn(row, patch)),
    fixedCharges: graph.fixedCharges.filter(({ row }) => isOn(row, patch)),
  };
}

/** Lays a subscription's own prices over its plan version; members the patch leaves out follow the version. */
export function overlay(graph: PlanGraph, override: OverrideRow, taxes: TaxesOf): PlanGraph {
  const { patch } = override;
  if (ownUnitsOnly(patch)) {
    return {
      ...graph,
      fixedCharges: graph.fixedCharges.map((charge) => {
        const units = patch.fixedCharges?.[charge.row.id]?.units ?? charge.row.units;
        return { ...charge, row: { ...charge.row, units } };
      }),
    };
  }
  const { plan, version } = graph;
  return {
    ...graph,
    overrideId: override.id,
    plan: {
      ...plan,
      name: patch.name ?? plan.name,
      description: patch.description === undefined ? plan.description : patch.description,
      invoiceDisplayName:
        patch.invoiceDisplayName === undefined ? plan.invoiceDisplayName : patch.invoiceDisplayName,
      createdAt: override.createdAt,
    },
    version: {
      ...version,
      amountMinor: patch.amountMinor === undefined ? version.amountMinor : BigInt(patch.amountMinor),
      currency: patch.currency ?? version.currency,
      trialDays: patch.trialDays ?? version.trialDays,
    },
    taxes: patch.taxCodes ? taxes(patch.taxCodes) : graph.taxes,
    commitment: commitmentOf(graph, patch, taxes),
    charges: graph.charges.map((charge) => overlayCharge(charge, patch, taxes)),
    fixedCharges: graph.fixedCharges.map((charge) => overlayFixedCharge(charge, patch, taxes)),
  };
}

function commitmentOf(graph: PlanGraph, { commitment }: PriceOverridePatch, taxes: TaxesOf) {
  if (commitment === undefined) return graph.commitment;
  if (commitment === null) return null;
  return {
    id: commitment.id,
    amountMinor: BigInt(commitment.amountMinor),
    displayName: commitment.displayName,
    createdAt: new Date(commitment.createdAt),
    taxes: taxes(commitment.taxCodes),
  };
}

function overlayCharge(charge: ChargeNode, patch: PriceOverridePatch, taxes: TaxesOf): ChargeNode {
  const own = patch.charges?.[charge.row.id];
  if (!own) return charge;
  return {
    ...charge,
    parentId: charge.row.id,
    row: {
      ...charge.row,
      id: own.id,
      invoiceDisplayName:
        own.invoiceDisplayName === undefined ? charge.row.invoiceDisplayName : own.invoiceDisplayName,
      minAmountMinor:
        own.minAmountMinor === undefined ? charge.row.minAmountMinor : BigInt(own.minAmountMinor),
      conversionRate: own.conversionRate ?? charge.row.conversionRate,
      properties: own.properties ?? charge.row.properties,
    },
    filters: own.filters ?? charge.filters,
    taxes: own.taxCodes ? taxes(own.taxCodes) : charge.taxes,
  };
}

function overlayFixedCharge(
  charge: FixedChargeNode,
  patch: PriceOverridePatch,
  taxes: TaxesOf,
): FixedChargeNode {
  const own = patch.fixedCharges?.[charge.row.id];
  if (!own) return charge;
  return {
    ...charge,
    parentId: charge.row.id,
    row: {
      ...charge.row,
      id: own.id,
      invoiceDisplayName:
        own.invoiceDisplayName === undefined ? charge.row.invoiceDisplayName : own.invoiceDisplayName,
      units: own.units ?? charge.row.units,
      properties: own.properties ?? charge.row.properties,
    },
    taxes: own.taxCodes ? taxes(own.taxCodes) : charge.taxes,
  };
}
