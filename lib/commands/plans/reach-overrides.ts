import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray } from 'drizzle-orm';
import { newId } from '@/db/ids';
import {
  type ChargeOverride,
  type FixedChargeOverride,
  type PriceOverridePatch,
  priceOverrides,
  subscriptions,
} from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import type { BillingContext } from '@/lib/invoicing/context';
import { ownUnitsOnly } from '@/lib/queries/api/overridden-plan';
import type { ChargeNode, FilterNode, FixedChargeNode, PlanGraph } from '@/lib/queries/api/plan-graph';
import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { withOwnLines } from './override-patch.ts';
import { sameValues } from './write-charges.ts';

/**
 * What a change of a plan does to subscriptions with own prices (semantics 3.8). Cascading, each member that still equals
 * the plan's old value takes the new one. Not cascading, the old values are written into the override, so that it stays
 * as it was: an override follows the plan in whatever it leaves out.
 */
export async function reachOverrides(
  { tx, organizationId, now }: BillingContext,
  before: PlanGraph,
  after: PlanGraph,
  cascade: boolean,
): Promise<void> {
  const rows = await tx
    .select({ id: priceOverrides.id, patch: priceOverrides.patch })
    .from(priceOverrides)
    .innerJoin(
      subscriptions,
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.id, priceOverrides.subscriptionId),
      ),
    )
    .where(
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(subscriptions.planVersionId, before.version.id),
        inArray(subscriptions.status, ['active', 'pending']),
      ),
    );
  for (const { id, patch } of rows) {
    if (ownUnitsOnly(patch) && !cascade) continue;
    const next = cascade ? cascaded(patch, before, after) : pinned(patch, before, after);
    if (isDeepStrictEqual(next, patch)) continue;
    await tx
      .update(priceOverrides)
      .set({ patch: next, updatedAt: new Date(now) })
      .where(and(eq(priceOverrides.organizationId, organizationId), eq(priceOverrides.id, id)));
  }
}

/** Takes over what the override had in common with the plan. Pure. */
export function cascaded(patch: PriceOverridePatch, before: PlanGraph, after: PlanGraph): PriceOverridePatch {
  const next: PriceOverridePatch = { ...patch };
  if (patch.amountMinor === before.version.amountMinor.toString()) {
    next.amountMinor = after.version.amountMinor.toString();
  }
  next.charges = mapEntries(patch.charges, (chargeId, own) => {
    const [old, fresh] = [chargeOf(before, chargeId), chargeOf(after, chargeId)];
    return old && fresh ? cascadedCharge(own, old, fresh) : own;
  });
  next.fixedCharges = mapEntries(patch.fixedCharges, (chargeId, own) => {
    const [old, fresh] = [fixedOf(before, chargeId), fixedOf(after, chargeId)];
    return old && fresh ? cascadedFixed(own, old, fresh) : own;
  });
  return withOwnLines(withoutUndefined(next), after);
}

function cascadedCharge(own: ChargeOverride, old: ChargeNode, fresh: ChargeNode): ChargeOverride {
  const next = { ...own };
  if (isDeepStrictEqual(own.properties, old.row.properties)) next.properties = fresh.row.properties;
  if (own.minAmountMinor === old.row.minAmountMinor.toString()) {
    next.minAmountMinor = fresh.row.minAmountMinor.toString();
  }
  if (own.invoiceDisplayName === old.row.invoiceDisplayName) {
    next.invoiceDisplayName = fresh.row.invoiceDisplayName;
  }
  if (isDeepStrictEqual(own.taxCodes, codesOf(old.taxes))) next.taxCodes = codesOf(fresh.taxes);
  if (own.filters) next.filters = cascadedFilters(own.filters, old.filters, fresh.filters);
  return next;
}

function cascadedFilters(own: FilterNode[], old: FilterNode[], fresh: FilterNode[]): FilterNode[] {
  const find = (list: FilterNode[], { values }: FilterNode) =>
    list.find((filter) => sameValues(filter.values, values));
  const kept = own.flatMap((filter) => {
    const [was, is] = [find(old, filter), find(fresh, filter)];
    if (!was || !isDeepStrictEqual(filter.properties, was.properties)) return [filter];
    if (!is) return [];
    const named = filter.invoiceDisplayName === was.invoiceDisplayName ? is : filter;
    return [{ ...filter, properties: is.properties, invoiceDisplayName: named.invoiceDisplayName }];
  });
  const added = fresh.filter((filter) => !find(old, filter) && !find(own, filter));
  return [...kept, ...added.map((filter) => ({ ...filter, id: newId() }))];
}

function cascadedFixed(
  own: FixedChargeOverride,
  old: FixedChargeNode,
  fresh: FixedChargeNode,
): FixedChargeOverride {
  const next = { ...own };
  if (own.units !== undefined && Exact.of(own.units).eq(old.row.units)) next.units = fresh.row.units;
  if (isDeepStrictEqual(own.properties, old.row.properties)) next.properties = fresh.row.properties;
  if (own.invoiceDisplayName === old.row.invoiceDisplayName) {
    next.invoiceDisplayName = fresh.row.invoiceDisplayName;
  }
  if (isDeepStrictEqual(own.taxCodes, codesOf(old.taxes))) next.taxCodes = codesOf(fresh.taxes);
  return next;
}

/** Keeps what the override showed before the plan changed, charges that came or went included. Pure. */
export function pinned(patch: PriceOverridePatch, before: PlanGraph, after: PlanGraph): PriceOverridePatch {
  const next: PriceOverridePatch = { ...patch, ...pinnedTerms(patch, before, after) };
  for (const old of before.charges) {
    const fresh = chargeOf(after, old.row.id);
    if (!fresh || sameCharge(old, fresh)) continue;
    const own = next.charges?.[old.row.id] ?? { id: newId() };
    next.charges = { ...next.charges, [old.row.id]: pinnedCharge(own, old) };
  }
  for (const old of before.fixedCharges) {
    const fresh = fixedOf(after, old.row.id);
    if (!fresh || sameFixed(old, fresh)) continue;
    const own = next.fixedCharges?.[old.row.id] ?? { id: newId() };
    next.fixedCharges = { ...next.fixedCharges, [old.row.id]: pinnedFixed(own, old) };
  }
  const [had, has] = [lineIds(before), lineIds(after)];
  const missing = new Set(patch.leftOut);
  const lost = had.filter((id) => !has.includes(id) && !missing.has(id));
  const gained = has.filter((id) => !had.includes(id));
  if (lost.length > 0) next.kept = [...(patch.kept ?? []), ...lost];
  if (gained.length > 0) next.leftOut = [...missing, ...gained];
  return next;
}

/** What a plan says beside its charges, where it changes and the override says nothing of it yet. */
function pinnedTerms(own: PriceOverridePatch, before: PlanGraph, after: PlanGraph): PriceOverridePatch {
  const [old, fresh] = [termsOf(before), termsOf(after)];
  const changed = Object.entries(old).filter(([name, value]) => {
    const term = name as keyof typeof old;
    return own[term] === undefined && !isDeepStrictEqual(value, fresh[term]);
  });
  return Object.fromEntries(changed);
}

function termsOf({ plan, version, taxes, commitment }: PlanGraph) {
  return {
    amountMinor: version.amountMinor.toString(),
    name: plan.name,
    description: plan.description,
    invoiceDisplayName: plan.invoiceDisplayName,
    taxCodes: codesOf(taxes),
    commitment: commitment && {
      id: commitment.id,
      amountMinor: commitment.amountMinor.toString(),
      displayName: commitment.displayName,
      taxCodes: codesOf(commitment.taxes),
      createdAt: commitment.createdAt.toISOString(),
    },
  } satisfies PriceOverridePatch;
}

const codesOf = (taxes: TaxNode[]) => taxes.map(({ tax }) => tax.code);
const lineIds = ({ charges, fixedCharges }: PlanGraph) =>
  [...charges, ...fixedCharges].map(({ row }) => row.id);

const chargeTerms = ({ row, filters, taxes }: ChargeNode) => [
  row.properties,
  row.minAmountMinor,
  row.invoiceDisplayName,
  row.conversionRate,
  filters,
  codesOf(taxes),
];

function sameCharge(old: ChargeNode, fresh: ChargeNode): boolean {
  return isDeepStrictEqual(chargeTerms(old), chargeTerms(fresh));
}

function pinnedCharge(own: ChargeOverride, old: ChargeNode): ChargeOverride {
  const rate = own.conversionRate ?? old.row.conversionRate;
  return {
    ...own,
    invoiceDisplayName:
      own.invoiceDisplayName === undefined ? old.row.invoiceDisplayName : own.invoiceDisplayName,
    properties: own.properties ?? old.row.properties,
    minAmountMinor: own.minAmountMinor ?? old.row.minAmountMinor.toString(),
    ...(rate === null ? {} : { conversionRate: rate }),
    filters: own.filters ?? old.filters.map((filter) => ({ ...filter, id: newId() })),
    taxCodes: own.taxCodes ?? codesOf(old.taxes),
  };
}

const fixedTerms = ({ row, taxes }: FixedChargeNode) => [
  Exact.of(row.units).toString(),
  row.properties,
  row.invoiceDisplayName,
  codesOf(taxes),
];

function sameFixed(old: FixedChargeNode, fresh: FixedChargeNode): boolean {
  return isDeepStrictEqual(fixedTerms(old), fixedTerms(fresh));
}

function pinnedFixed(own: FixedChargeOverride, old: FixedChargeNode): FixedChargeOverride {
  return {
    ...own,
    invoiceDisplayName:
      own.invoiceDisplayName === undefined ? old.row.invoiceDisplayName : own.invoiceDisplayName,
    units: own.units ?? old.row.units,
    properties: own.properties ?? old.row.properties,
    taxCodes: own.taxCodes ?? codesOf(old.taxes),
  };
}

const chargeOf = (graph: PlanGraph, id: string) => graph.charges.find(({ row }) => row.id === id);
const fixedOf = (graph: PlanGraph, id: string) => graph.fixedCharges.find(({ row }) => row.id === id);

function mapEntries<T>(
  entries: Record<string, T> | undefined,
  change: (key: string, value: T) => T,
): Record<string, T> | undefined {
  if (!entries) return undefined;
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(key, value)]));
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
