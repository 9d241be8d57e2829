import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { billableMetrics, chargeFilters, charges, pricingUnits } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import type { ChargeNode, FilterNode } from '@/lib/queries/api/plan-graph';
import { invalid, notFound } from '@/lib/schedule/errors';
import { assignTaxes, type TaxBearer } from '../taxes/assign.ts';
import { type ChargeColumns, chargeColumns, chargeErrors, normalProperties } from './charge-terms.ts';
import { freeCode } from './find.ts';
import type { ChargeInput, FilterInput } from './input.ts';

type MetricRow = typeof billableMetrics.$inferSelect;

async function loadMetrics(
  { tx, organizationId }: BillingContext,
  ids: string[],
): Promise<Map<string, MetricRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(billableMetrics)
    .where(
      and(
        eq(billableMetrics.organizationId, organizationId),
        inArray(billableMetrics.id, ids),
        isNull(billableMetrics.deletedAt),
      ),
    );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Ids of the pricing units that the inputs name, by code. */
async function loadUnitIds(
  { tx, organizationId }: BillingContext,
  inputs: ChargeInput[],
): Promise<Map<string, string>> {
  const named = inputs.flatMap(({ applied_pricing_unit: unit }) => unit?.code ?? []);
  if (named.length === 0) return new Map();
  const rows = await tx
    .select({ id: pricingUnits.id, code: pricingUnits.code })
    .from(pricingUnits)
    .where(and(eq(pricingUnits.organizationId, organizationId), inArray(pricingUnits.code, named)));
  return new Map(rows.map(({ id, code }) => [code, id]));
}

interface PlannedCharge {
  id: string;
  present: ChargeNode | null;
  columns: ChargeColumns;
  metric: MetricRow;
  code: string;
  input: ChargeInput;
}

const isUuid = (value: string) => /^[0-9a-f-]{36}$/i.test(value);

async function plan(
  ctx: BillingContext,
  inputs: ChargeInput[],
  present: ChargeNode[],
  shapeFixed: boolean,
): Promise<PlannedCharge[]> {
  const metricIds = inputs.flatMap(({ billable_metric_id: id }) => (id && isUuid(id) ? [id] : []));
  const metrics = await loadMetrics(ctx, metricIds);
  const units = await loadUnitIds(ctx, inputs);
  const taken = new Set<string>();
  for (const { row } of present) {
    if (inputs.some(({ id }) => id === row.id)) taken.add(row.code);
  }
  const errors: Record<string, string[]> = {};
  const planned = inputs.map((input): PlannedCharge => {
    const before = present.find(({ row }) => row.id === input.id) ?? null;
    const metric =
      before?.metric ?? metrics.get(input.billable_metric_id ?? '') ?? notFound('billable_metrics');
    if (!before && !input.charge_model) errors.charge_model = ['value_is_mandatory'];
    const columns = chargeColumns(input, before?.row ?? null, shapeFixed, units);
    const filters = input.filters ?? before?.filters.map(asInput) ?? [];
    Object.assign(errors, chargeErrors(columns, metric, filters));
    const wished = before ? input.code || before.row.code : input.code;
    if (wished && wished !== before?.row.code && taken.has(wished)) errors.code = ['value_already_exist'];
    const code = freeCode(taken, wished, metric.code);
    return { id: before?.row.id ?? newId(), present: before, columns, metric, code, input };
  });
  if (Object.keys(errors).length > 0) invalid(errors);
  return planned;
}

function asInput({ id, invoiceDisplayName, properties, values }: FilterNode): FilterInput {
  return { id, invoice_display_name: invoiceDisplayName, properties, values };
}

export interface WriteChargesOptions {
  /** Charges that are not named are removed: a plan's list is whole, a single charge is not. */
  removeOthers: boolean;
  /** Subscriptions exist: models and switches stay. */
  shapeFixed: boolean;
}

/**
 * Writes charges of a plan version in place, matched by id. Throws not_found (billable_metrics, tax) and invalid. Returns
 * the ids in the order given.
 */
export async function writeCharges(
  ctx: BillingContext,
  planVersionId: string,
  inputs: ChargeInput[],
  present: ChargeNode[],
  { removeOthers, shapeFixed }: WriteChargesOptions,
): Promise<string[]> {
  const { tx, organizationId, now } = ctx;
  const planned = await plan(ctx, inputs, present, shapeFixed);
  if (removeOthers) {
    const kept = new Set(planned.map(({ id }) => id));
    await removeCharges(
      ctx,
      present.map(({ row }) => row.id).filter((id) => !kept.has(id)),
    );
  }
  const first = removeOthers ? 0 : present.length;
  for (const [index, { id, present: before, columns, code }] of planned.entries()) {
    if (!before) continue;
    const position = removeOthers ? index : before.row.position;
    await tx
      .update(charges)
      .set({ ...columns, code, position })
      .where(and(eq(charges.organizationId, organizationId), eq(charges.id, id)));
  }
  const fresh = planned.flatMap(({ id, present: before, columns, code, metric }, index) =>
    before
      ? []
      : [
          {
            organizationId,
            id,
            planVersionId,
            billableMetricId: metric.id,
            code,
            position: first + index,
            ...columns,
            createdAt: new Date(now),
          },
        ],
  );
  if (fresh.length > 0) await tx.insert(charges).values(fresh);
  await writeFilters(
    ctx,
    planned.flatMap(({ id, present: before, input }) =>
      input.filters ? [{ chargeId: id, filters: input.filters, present: before?.filters ?? [] }] : [],
    ),
  );
  await assignTaxes(
    ctx,
    planned.flatMap(({ id, input }): TaxBearer[] =>
      input.tax_codes ? [{ ownerType: 'charge', ownerId: id, taxCodes: input.tax_codes }] : [],
    ),
  );
  return planned.map(({ id }) => id);
}

export async function removeCharges(
  { tx, organizationId, now }: BillingContext,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(charges)
    .set({ deletedAt: new Date(now) })
    .where(and(eq(charges.organizationId, organizationId), inArray(charges.id, ids)));
}

/** Two filters are the same when they select the same values. */
export function sameValues(left: Record<string, string[]>, right: Record<string, string[]>): boolean {
  const text = (values: Record<string, string[]>) =>
    JSON.stringify(
      Object.entries(values)
        .map(([key, list]) => [key, [...list].sort()])
        .sort(),
    );
  return text(left) === text(right);
}

/** The filter meant: the one with the id, else the one with the same values. */
export function sameFilter<T extends { id: string; values: Record<string, string[]> }>(
  present: T[],
  { id, values }: FilterInput,
): T | undefined {
  return (
    present.find((filter) => filter.id === id) ?? present.find((filter) => sameValues(filter.values, values))
  );
}

interface ChargeFilters {
  chargeId: string;
  filters: FilterInput[];
  present: FilterNode[];
}

/** Sets the filters of charges; a filter that selects the same values keeps its id. */
async function writeFilters(ctx: BillingContext, lists: ChargeFilters[]): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const gone: string[] = [];
  const rows: (typeof chargeFilters.$inferInsert)[] = [];
  for (const { chargeId, filters, present } of lists) {
    const kept = new Set<string>();
    for (const [position, filter] of filters.entries()) {
      const before = sameFilter(
        present.filter(({ id }) => !kept.has(id)),
        filter,
      );
      const id = before?.id ?? newId();
      kept.add(id);
      rows.push({
        organizationId,
        id,
        chargeId,
        position,
        invoiceDisplayName: filter.invoice_display_name ?? null,
        values: filter.values,
        properties: normalProperties(filter.properties ?? {}),
        createdAt: new Date(now),
      });
    }
    gone.push(...present.map(({ id }) => id).filter((id) => !kept.has(id)));
  }
  await removeFilters(ctx, gone);
  if (rows.length === 0) return;
  await tx
    .insert(chargeFilters)
    .values(rows)
    .onConflictDoUpdate({
      target: [chargeFilters.organizationId, chargeFilters.id],
      set: {
        position: sql`excluded.position`,
        invoiceDisplayName: sql`excluded.invoice_display_name`,
        values: sql`excluded.values`,
        properties: sql`excluded.properties`,
      },
    });
}

export async function removeFilters(
  { tx, organizationId, now }: BillingContext,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(chargeFilters)
    .set({ deletedAt: new Date(now) })
    .where(and(eq(chargeFilters.organizationId, organizationId), inArray(chargeFilters.id, ids)));
}
