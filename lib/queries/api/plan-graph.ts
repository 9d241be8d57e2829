import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  addOns,
  billableMetrics,
  chargeFilters,
  charges,
  fixedCharges,
  plans,
  planVersions,
  pricingUnits,
  usageThresholds,
} from '@/db/schema';
import { type TaxNode, taxesOf } from './taxes-of.ts';

export interface FilterNode {
  id: string;
  invoiceDisplayName: string | null;
  values: Record<string, string[]>;
  properties: Record<string, unknown>;
}

export interface ChargeNode {
  row: typeof charges.$inferSelect;
  metric: typeof billableMetrics.$inferSelect;
  /** What it is priced in, where that is not the plan's currency. */
  unit: typeof pricingUnits.$inferSelect | null;
  filters: FilterNode[];
  taxes: TaxNode[];
  /** The charge this one overrides. */
  parentId: string | null;
}

export interface FixedChargeNode {
  row: typeof fixedCharges.$inferSelect;
  addOn: typeof addOns.$inferSelect;
  taxes: TaxNode[];
  parentId: string | null;
}

export type ThresholdRow = typeof usageThresholds.$inferSelect;

export interface CommitmentNode {
  id: string;
  amountMinor: bigint;
  displayName: string | null;
  createdAt: Date;
  taxes: TaxNode[];
}

/** A plan version with everything hung on it: what the wire shows as one plan. */
export interface PlanGraph {
  plan: typeof plans.$inferSelect;
  version: typeof planVersions.$inferSelect;
  charges: ChargeNode[];
  fixedCharges: FixedChargeNode[];
  thresholds: ThresholdRow[];
  taxes: TaxNode[];
  commitment: CommitmentNode | null;
  /** Set when a subscription's own prices lie over the version: the wire shows them as a child plan. */
  overrideId: string | null;
}

/** Plan versions with their charges, filters, taxes and thresholds, by version id; a fixed number of queries. */
export async function loadPlanGraphs(
  tx: Tx,
  organizationId: string,
  versionIds: string[],
): Promise<Map<string, PlanGraph>> {
  const wanted = [...new Set(versionIds)];
  if (wanted.length === 0) return new Map();
  const versions = await tx
    .select({ version: planVersions, plan: plans })
    .from(planVersions)
    .innerJoin(plans, and(eq(plans.organizationId, organizationId), eq(plans.id, planVersions.planId)))
    .where(and(eq(planVersions.organizationId, organizationId), inArray(planVersions.id, wanted)));
  const chargeRows = await loadCharges(tx, organizationId, wanted);
  const filtersOf = await loadFilters(
    tx,
    organizationId,
    chargeRows.map(({ row }) => row.id),
  );
  const fixedRows = await loadFixedCharges(tx, organizationId, wanted);
  const thresholds = await tx
    .select()
    .from(usageThresholds)
    .where(
      and(
        eq(usageThresholds.organizationId, organizationId),
        inArray(usageThresholds.planVersionId, wanted),
        isNull(usageThresholds.deletedAt),
      ),
    )
    .orderBy(asc(usageThresholds.amountMinor), asc(usageThresholds.id));
  const taxes = await taxesOf(tx, organizationId, [
    ...versions.map(({ plan }) => plan.id),
    ...versions.flatMap(({ version }) => version.commitmentId ?? []),
    ...chargeRows.map(({ row }) => row.id),
    ...fixedRows.map(({ row }) => row.id),
  ]);
  return new Map(
    versions.map(({ plan, version }): [string, PlanGraph] => [
      version.id,
      {
        plan,
        version,
        charges: chargeRows
          .filter(({ row }) => row.planVersionId === version.id)
          .map(({ row, metric, unit }) => ({
            row,
            metric,
            unit,
            filters: filtersOf(row.id),
            taxes: taxes(row.id),
            parentId: null,
          })),
        fixedCharges: fixedRows
          .filter(({ row }) => row.planVersionId === version.id)
          .map(({ row, addOn }) => ({ row, addOn, taxes: taxes(row.id), parentId: null })),
        thresholds: thresholds.filter((threshold) => threshold.planVersionId === version.id),
        taxes: taxes(plan.id),
        commitment: version.commitmentId
          ? {
              id: version.commitmentId,
              amountMinor: version.commitmentAmountMinor ?? 0n,
              displayName: version.commitmentDisplayName,
              createdAt: version.commitmentCreatedAt ?? version.createdAt,
              taxes: taxes(version.commitmentId),
            }
          : null,
        overrideId: null,
      },
    ]),
  );
}

function loadCharges(tx: Tx, organizationId: string, versionIds: string[]) {
  return tx
    .select({ row: charges, metric: billableMetrics, unit: pricingUnits })
    .from(charges)
    .innerJoin(
      billableMetrics,
      and(
        eq(billableMetrics.organizationId, organizationId),
        eq(billableMetrics.id, charges.billableMetricId),
      ),
    )
    .leftJoin(
      pricingUnits,
      and(eq(pricingUnits.organizationId, organizationId), eq(pricingUnits.id, charges.pricingUnitId)),
    )
    .where(
      and(
        eq(charges.organizationId, organizationId),
        inArray(charges.planVersionId, versionIds),
        isNull(charges.deletedAt),
      ),
    )
    .orderBy(asc(charges.position), asc(charges.createdAt), asc(charges.id));
}

async function loadFilters(tx: Tx, organizationId: string, chargeIds: string[]) {
  const rows =
    chargeIds.length === 0
      ? []
      : await tx
          .select()
          .from(chargeFilters)
          .where(
            and(
              eq(chargeFilters.organizationId, organizationId),
              inArray(chargeFilters.chargeId, chargeIds),
              isNull(chargeFilters.deletedAt),
            ),
          )
          .orderBy(asc(chargeFilters.position), asc(chargeFilters.createdAt), asc(chargeFilters.id));
  return (chargeId: string): FilterNode[] =>
    rows
      .filter((row) => row.chargeId === chargeId)
      .map(({ id, invoiceDisplayName, values, properties }) => ({
        id,
        invoiceDisplayName,
        values,
        properties,
      }));
}

function loadFixedCharges(tx: Tx, organizationId: string, versionIds: string[]) {
  return tx
    .select({ row: fixedCharges, addOn: addOns })
    .from(fixedCharges)
    .innerJoin(addOns, and(eq(addOns.organizationId, organizationId), eq(addOns.id, fixedCharges.addOnId)))
    .where(
      and(
        eq(fixedCharges.organizationId, organizationId),
        inArray(fixedCharges.planVersionId, versionIds),
        isNull(fixedCharges.deletedAt),
      ),
    )
    .orderBy(asc(fixedCharges.position), asc(fixedCharges.createdAt), asc(fixedCharges.id));
}
