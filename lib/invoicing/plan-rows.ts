import { and, asc, eq, isNull } from 'drizzle-orm';
import { among } from '@/db/among';
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
} from '@/db/schema';

/** What hangs on some plan versions as it is stored, in the order a bill shows it; four queries, however many there are. */
export async function readPlanRows(tx: Tx, organizationId: string, versionIds: string[]) {
  const versions = await tx
    .select({ version: planVersions, plan: plans })
    .from(planVersions)
    .innerJoin(plans, and(eq(plans.organizationId, organizationId), eq(plans.id, planVersions.planId)))
    .where(and(eq(planVersions.organizationId, organizationId), among(planVersions.id, versionIds)));
  const chargeRows = await readCharges(tx, organizationId, versionIds);
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
        isNull(fixedCharges.deletedAt),
      ),
    )
    .orderBy(asc(fixedCharges.position), asc(fixedCharges.createdAt), asc(fixedCharges.id));
  return { versions, charges: chargeRows, filters, fixedCharges: fixedRows };
}

function readCharges(tx: Tx, organizationId: string, versionIds: string[]) {
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
        isNull(charges.deletedAt),
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
