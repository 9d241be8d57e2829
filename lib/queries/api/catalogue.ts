import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { addOns, billableMetrics, plans, pricingUnits, taxes } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';
import { loadPlanGraphs, type PlanGraph } from './plan-graph.ts';
import { type TaxNode, taxesOf, taxNodeColumns } from './taxes-of.ts';

/** Living billable metrics, newest first. */
export async function listMetrics(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<typeof billableMetrics.$inferSelect>> {
  const where = and(eq(billableMetrics.organizationId, organizationId), isNull(billableMetrics.deletedAt));
  const totalCount = await tx.$count(billableMetrics, where);
  const rows = await tx
    .select()
    .from(billableMetrics)
    .where(where)
    .orderBy(desc(billableMetrics.createdAt), desc(billableMetrics.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { rows, totalCount };
}

/** Pricing units, newest first. */
export async function listPricingUnits(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<typeof pricingUnits.$inferSelect>> {
  const where = eq(pricingUnits.organizationId, organizationId);
  const totalCount = await tx.$count(pricingUnits, where);
  const rows = await tx
    .select()
    .from(pricingUnits)
    .where(where)
    .orderBy(desc(pricingUnits.createdAt), desc(pricingUnits.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { rows, totalCount };
}

/** Living taxes, newest first. */
export async function listTaxes(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<TaxNode>> {
  const where = and(eq(taxes.organizationId, organizationId), isNull(taxes.deletedAt));
  const totalCount = await tx.$count(taxes, where);
  const rows = await tx
    .select(taxNodeColumns)
    .from(taxes)
    .where(where)
    .orderBy(desc(taxes.createdAt), desc(taxes.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { rows, totalCount };
}

/** One tax with where it applies, deleted or not. */
export async function readTax(tx: Tx, organizationId: string, id: string): Promise<TaxNode | null> {
  const [row] = await tx
    .select(taxNodeColumns)
    .from(taxes)
    .where(and(eq(taxes.organizationId, organizationId), eq(taxes.id, id)));
  return row ?? null;
}

export interface AddOnObject {
  addOn: typeof addOns.$inferSelect;
  taxes: TaxNode[];
}

/** Living add-ons, newest first. */
export async function listAddOns(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<AddOnObject>> {
  const where = and(eq(addOns.organizationId, organizationId), isNull(addOns.deletedAt));
  const totalCount = await tx.$count(addOns, where);
  const rows = await tx
    .select()
    .from(addOns)
    .where(where)
    .orderBy(desc(addOns.createdAt), desc(addOns.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const taxesFor = await taxesOf(
    tx,
    organizationId,
    rows.map(({ id }) => id),
  );
  return { totalCount, rows: rows.map((addOn) => ({ addOn, taxes: taxesFor(addOn.id) })) };
}

/** Plans in their current version, newest first; those pending deletion too. */
export async function listPlans(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<PlanGraph>> {
  const where = and(eq(plans.organizationId, organizationId), isNull(plans.deletedAt));
  const totalCount = await tx.$count(plans, where);
  const rows = await tx
    .select({ versionId: plans.currentVersionId })
    .from(plans)
    .where(where)
    .orderBy(desc(plans.createdAt), desc(plans.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const versionIds = rows.flatMap(({ versionId }) => versionId ?? []);
  const graphs = await loadPlanGraphs(tx, organizationId, versionIds);
  return { totalCount, rows: versionIds.flatMap((id) => graphs.get(id) ?? []) };
}
