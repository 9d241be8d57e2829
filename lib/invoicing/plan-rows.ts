import { and, asc, eq, isNull, or } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { among } from '@/db/among';
import type { Tx } from '@/db/clients';
import {
  addOns,
  billableMetrics,
  chargeFilters,
  charges,
  fixedCharges,
  type PriceOverridePatch,
  plans,
  planVersions,
  pricingUnits,
} from '@/db/schema';

/**
 * What hangs on some plan versions as it is stored, in the order a bill shows it; four queries, however many there are.
 * Charges that the versions lost come along where `kept` names them.
 */
export async function readPlanRows(
  tx: Tx,
  organizationId: string,
  versionIds: string[],
  kept: string[] = [],
) {
  const versions = await tx
    .select({ version: planVersions, plan: plans })
    .from(planVersions)
    .innerJoin(plans, and(eq(plans.organizationId, organizationId), eq(plans.id, planVersions.planId)))
    .where(and(eq(planVersions.organizationId, organizationId), among(planVersions.id, versionIds)));
  const chargeRows = await readCharges(tx, organizationId, versionIds, kept);
  const filters = await readFilters(
    tx,
    organizationId,
    chargeRows.map(({ charge }) => charge.id),
  );
  const fixedRows = await tx
    .select({ fixed: fixedCharges, addOn: addOns })
    .from(fixedCharges)
    .innerJoin(addOns, and(eq(addOns.organizationId, organizationId), eq(addOns.id, fixedCharges.addOnId)))
    .where(
      and(
        eq(fixedCharges.organizationId, organizationId),
        among(fixedCharges.planVersionId, versionIds),
        standing(fixedCharges, addOns, kept),
      ),
    )
    .orderBy(asc(fixedCharges.position), asc(fixedCharges.createdAt), asc(fixedCharges.id));
  return { versions, charges: chargeRows, filters, fixedCharges: fixedRows };
}

/** Not deleted; or kept by somebody, while what it prices is there. */
function standing(
  line: { id: PgColumn; deletedAt: PgColumn },
  sold: { deletedAt: PgColumn },
  kept: string[],
) {
  if (kept.length === 0) return isNull(line.deletedAt);
  return or(isNull(line.deletedAt), and(among(line.id, kept), isNull(sold.deletedAt)));
}

/** Whether a subscription with these own prices, or none, has a charge or fixed charge of its plan version (3.8). */
export function isOn(line: { id: string; deletedAt: Date | null }, own?: PriceOverridePatch): boolean {
  return line.deletedAt ? (own?.kept?.includes(line.id) ?? false) : !own?.leftOut?.includes(line.id);
}

/** The charges and fixed charges that some subscriptions keep though their plan lost them. */
export function keptBy(overrides: { patch: PriceOverridePatch }[]): string[] {
  return overrides.flatMap(({ patch }) => patch.kept ?? []);
}

function readCharges(tx: Tx, organizationId: string, versionIds: string[], kept: string[]) {
  return tx
    .select({ charge: charges, metric: billableMetrics, unit: pricingUnits })
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
        among(charges.planVersionId, versionIds),
        standing(charges, billableMetrics, kept),
      ),
    )
    .orderBy(asc(charges.position), asc(charges.createdAt), asc(charges.id));
}

async function readFilters(tx: Tx, organizationId: string, chargeIds: string[]) {
  if (chargeIds.length === 0) return [];
  return tx
    .select()
    .from(chargeFilters)
    .where(
      and(
        eq(chargeFilters.organizationId, organizationId),
        among(chargeFilters.chargeId, chargeIds),
        isNull(chargeFilters.deletedAt),
      ),
    )
    .orderBy(asc(chargeFilters.position), asc(chargeFilters.createdAt), asc(chargeFilters.id));
}
