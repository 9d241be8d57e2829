import { and, eq } from 'drizzle-orm';
import { among } from '@/db/among';
import {
  type billableMetrics,
  type PriceOverridePatch,
  priceOverrides,
  type pricingUnits,
} from '@/db/schema';
import type {
  ChargeFacts,
  CommitmentFacts,
  FixedChargeFacts,
  MetricFacts,
  PlanFacts,
  PricingUnitFacts,
  TaxFacts,
} from '@/lib/billing/invoice/facts';
import { aggregationNamed } from '@/lib/billing/metering/registry';
import { Exact } from '@/lib/billing/money/exact';
import { chargeModelNamed } from '@/lib/billing/pricing/registry';
import { notFound } from '@/lib/schedule/errors';
import type { BillingContext } from './context';
import { loadTaxes, type TaxOwner, taxesByCode } from './load-taxes';
import { isOn, keptBy, readPlanRows } from './plan-rows';

export interface PlanRequest {
  planVersionId: string;
  /** Set to apply this subscription's own prices. */
  subscriptionId?: string;
}

export function metricFacts(row: typeof billableMetrics.$inferSelect): MetricFacts {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    description: row.description,
    aggregationType: aggregationNamed(row.aggregationType),
    fieldName: row.fieldName,
    recurring: row.recurring,
    rounding: row.roundingFunction
      ? { fn: row.roundingFunction, precision: row.roundingPrecision ?? 0 }
      : null,
    unitName: row.unitName,
    filters: Object.fromEntries(row.filters.map(({ key, values }) => [key, values])),
  };
}

function unitFacts(
  { id, code, shortName, exponent }: typeof pricingUnits.$inferSelect,
  rate: string | null,
): PricingUnitFacts {
  return { id, code, shortName, exponent, conversionRate: Exact.of(rate ?? '1').toString() };
}

/**
 * Plans as the engine sees them, with each subscription's own prices laid over its plan version: all requested plans in a
 * fixed number of queries. Keyed by `planKey`. Throws not_found when a version is missing.
 */
export async function loadPlans(
  ctx: BillingContext,
  requests: PlanRequest[],
): Promise<Map<string, PlanFacts>> {
  const known = ctx.known?.plans;
  if (!known) return readPlans(ctx, requests);
  const missing = requests.filter((request) => !known.has(planKey(request)));
  for (const [key, plan] of await readPlans(ctx, missing)) known.set(key, plan);
  return known;
}

async function readPlans(ctx: BillingContext, requests: PlanRequest[]): Promise<Map<string, PlanFacts>> {
  const { tx, organizationId: org } = ctx;
  const versionIds = [...new Set(requests.map((request) => request.planVersionId))];
  if (versionIds.length === 0) return new Map();
  const subscriptionIds = requests.flatMap((request) => request.subscriptionId ?? []);
  const overrideRows =
    subscriptionIds.length === 0
      ? []
      : await tx
          .select()
          .from(priceOverrides)
          .where(
            and(
              eq(priceOverrides.organizationId, org),
              among(priceOverrides.subscriptionId, subscriptionIds),
            ),
          );
  const {
    versions,
    charges: chargeRows,
    filters: filterRows,
    fixedCharges: fixedRows,
  } = await readPlanRows(tx, org, versionIds, keptBy(overrideRows));
  const taxes = await loadTaxes(ctx, [
    ...versions.map(({ plan }): TaxOwner => ['plan', plan.id]),
    ...versions.flatMap(({ version }): TaxOwner[] =>
      version.commitmentId ? [['commitment', version.commitmentId]] : [],
    ),
    ...chargeRows.map(({ charge }): TaxOwner => ['charge', charge.id]),
    ...fixedRows.map(({ fixed }): TaxOwner => ['fixed_charge', fixed.id]),
    ...fixedRows.map(({ addOn }): TaxOwner => ['add_on', addOn.id]),
  ]);
  const overrideTaxes = await taxesByCode(
    ctx,
    overrideRows.flatMap(({ patch }) => overrideTaxCodes(patch)),
  );

  const factsOf = ({ version, plan }: (typeof versions)[number], own?: PriceOverridePatch): PlanFacts => ({
    id: plan.id,
    versionId: version.id,
    code: plan.code,
    name: plan.name,
    displayName: plan.invoiceDisplayName,
    interval: version.interval,
    amountMinor: version.amountMinor,
    currency: version.currency,
    payInAdvance: version.payInAdvance,
    billChargesMonthly: version.billChargesMonthly,
    billFixedChargesMonthly: version.billFixedChargesMonthly,
    charges: chargeRows
      .filter(({ charge }) => charge.planVersionId === version.id && isOn(charge, own))
      .map(
        ({ charge, metric, unit }): ChargeFacts => ({
          id: charge.id,
          code: charge.code,
          displayName: charge.invoiceDisplayName,
          metric: metricFacts(metric),
          model: chargeModelNamed(charge.chargeModel),
          payInAdvance: charge.payInAdvance,
          prorated: charge.prorated,
          invoiceable: charge.invoiceable,
          regroupPaidFees: charge.regroupPaidFees === 'invoice' ? 'invoice' : null,
          minAmountMinor: charge.minAmountMinor,
          acceptsTargetWallet: charge.acceptsTargetWallet,
          ...(unit ? { pricingUnit: unitFacts(unit, charge.conversionRate) } : {}),
          properties: charge.properties,
          filters: filterRows
            .filter((filter) => filter.chargeId === charge.id)
            .map((filter) => ({
              id: filter.id,
              displayName: filter.invoiceDisplayName,
              values: filter.values,
              properties: filter.properties,
            })),
          taxes: taxes('charge', charge.id),
        }),
      ),
    fixedCharges: fixedRows
      .filter(({ fixed }) => fixed.planVersionId === version.id && isOn(fixed, own))
      .map(
        ({ fixed, addOn }): FixedChargeFacts => ({
          id: fixed.id,
          code: fixed.code,
          displayName: fixed.invoiceDisplayName,
          addOn: {
            id: addOn.id,
            code: addOn.code,
            name: addOn.name,
            description: addOn.description,
            taxes: taxes('add_on', addOn.id),
          },
          model: fixed.chargeModel,
          payInAdvance: fixed.payInAdvance,
          prorated: fixed.prorated,
          properties: fixed.properties,
          taxes: taxes('fixed_charge', fixed.id),
          segments: [{ units: fixed.units, effectiveAt: 0, createdAt: 0 }],
        }),
      ),
    commitment: version.commitmentId
      ? {
          id: version.commitmentId,
          amountMinor: version.commitmentAmountMinor ?? 0n,
          displayName: version.commitmentDisplayName,
          taxes: taxes('commitment', version.commitmentId),
        }
      : null,
    taxes: taxes('plan', plan.id),
  });
  // Who has no own prices shares the version's facts with all others: what is worked out from them is worked out once.
  const byVersion = new Map(versions.map((found) => [found.version.id, { found, facts: factsOf(found) }]));
  const patches = new Map(overrideRows.map((row) => [row.subscriptionId, row.patch]));
  const result = new Map<string, PlanFacts>();
  for (const request of requests) {
    const { found, facts } = byVersion.get(request.planVersionId) ?? notFound('plan');
    const patch = patches.get(request.subscriptionId ?? '');
    const base = patch?.kept || patch?.leftOut ? factsOf(found, patch) : facts;
    result.set(planKey(request), patch ? overridden(base, patch, overrideTaxes) : facts);
  }
  return result;
}

export function planKey({ planVersionId, subscriptionId }: PlanRequest): string {
  return `${planVersionId}:${subscriptionId ?? ''}`;
}

function overrideTaxCodes(patch: PriceOverridePatch): string[] {
  return [
    ...(patch.taxCodes ?? []),
    ...(patch.commitment?.taxCodes ?? []),
    ...Object.values(patch.charges ?? {}).flatMap((charge) => charge.taxCodes ?? []),
    ...Object.values(patch.fixedCharges ?? {}).flatMap((charge) => charge.taxCodes ?? []),
  ];
}

/** Null is a name taken away; left out, the plan's own stands. */
const pinnedOr = (own: string | null | undefined, otherwise: string | null) =>
  own === undefined ? otherwise : own;

/** The plan a customer with own prices is billed on; members the patch leaves out follow the plan version. */
export function overridden(
  plan: PlanFacts,
  patch: PriceOverridePatch,
  taxesOf: (codes: string[]) => TaxFacts[],
): PlanFacts {
  const pick = (codes: string[] | undefined, otherwise: TaxFacts[]) => (codes ? taxesOf(codes) : otherwise);
  const commitment = (): CommitmentFacts | null => {
    if (patch.commitment === undefined) return plan.commitment;
    if (patch.commitment === null) return null;
    return {
      id: patch.commitment.id,
      amountMinor: BigInt(patch.commitment.amountMinor),
      displayName: patch.commitment.displayName,
      taxes: taxesOf(patch.commitment.taxCodes),
    };
  };
  return {
    ...plan,
    name: patch.name ?? plan.name,
    displayName: pinnedOr(patch.invoiceDisplayName, plan.displayName),
    amountMinor: patch.amountMinor === undefined ? plan.amountMinor : BigInt(patch.amountMinor),
    currency: patch.currency ?? plan.currency,
    taxes: pick(patch.taxCodes, plan.taxes),
    commitment: commitment(),
    charges: plan.charges.map((charge) => {
      const own = patch.charges?.[charge.id];
      if (!own) return charge;
      return {
        ...charge,
        displayName: pinnedOr(own.invoiceDisplayName, charge.displayName),
        minAmountMinor: own.minAmountMinor === undefined ? charge.minAmountMinor : BigInt(own.minAmountMinor),
        ...(charge.pricingUnit && own.conversionRate !== undefined
          ? { pricingUnit: { ...charge.pricingUnit, conversionRate: own.conversionRate } }
          : {}),
        properties: own.properties ?? charge.properties,
        filters:
          own.filters?.map((filter) => ({
            id: filter.id,
            displayName: filter.invoiceDisplayName,
            values: filter.values,
            properties: filter.properties,
          })) ?? charge.filters,
        taxes: pick(own.taxCodes, charge.taxes),
      };
    }),
    fixedCharges: plan.fixedCharges.map((charge) => {
      const own = patch.fixedCharges?.[charge.id];
      if (!own) return charge;
      return {
        ...charge,
        displayName: pinnedOr(own.invoiceDisplayName, charge.displayName),
        properties: own.properties ?? charge.properties,
        taxes: pick(own.taxCodes, charge.taxes),
        segments:
          own.units === undefined ? charge.segments : [{ units: own.units, effectiveAt: 0, createdAt: 0 }],
      };
    }),
  };
}
