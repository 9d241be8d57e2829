import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  type addOns,
  type billableMetrics,
  type charges,
  type fixedCharges,
  type plans,
  type planVersions,
  type pricingUnits,
  usageThresholds,
} from '@/db/schema';
import { readPlanRows } from '@/lib/invoicing/plan-rows';
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

/**
 * Plan versions with their charges, filters, taxes and thresholds, by version id; a fixed number of queries. Charges that
 * the versions lost come along where `kept` names them.
 */
export async function loadPlanGraphs(
  tx: Tx,
  organizationId: string,
  versionIds: string[],
  kept: string[] = [],
): Promise<Map<string, PlanGraph>> {
  const wanted = [...new Set(versionIds)];
  if (wanted.length === 0) return new Map();
  const {
    versions,
    charges: chargeRows,
    filters,
    fixedCharges: fixedRows,
  } = await readPlanRows(tx, organizationId, wanted, kept);
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
    ...chargeRows.map(({ charge }) => charge.id),
    ...fixedRows.map(({ fixed }) => fixed.id),
  ]);
  return new Map(
    versions.map(({ plan, version }): [string, PlanGraph] => [
      version.id,
      {
        plan,
        version,
        charges: chargeRows
          .filter(({ charge }) => charge.planVersionId === version.id)
          .map(({ charge, metric, unit }) => ({
            row: charge,
            metric,
            unit,
            filters: filters
              .filter((filter) => filter.chargeId === charge.id)
              .map(({ id, invoiceDisplayName, values, properties }) => ({
                id,
                invoiceDisplayName,
                values,
                properties,
              })),
            taxes: taxes(charge.id),
            parentId: null,
          })),
        fixedCharges: fixedRows
          .filter(({ fixed }) => fixed.planVersionId === version.id)
          .map(({ fixed, addOn }) => ({ row: fixed, addOn, taxes: taxes(fixed.id), parentId: null })),
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
