import { z } from 'zod';
import { newId } from '@/db/ids';
import type { ChargeOverride, FixedChargeOverride, PriceOverridePatch } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { addError } from '@/lib/billing/pricing/properties';
import { chargeModelNamed } from '@/lib/billing/pricing/registry';
import { validateFixedCharge } from '@/lib/billing/pricing/validate-charge';
import { ownUnitsOnly } from '@/lib/queries/api/overridden-plan';
import type { ChargeNode, FixedChargeNode, PlanGraph } from '@/lib/queries/api/plan-graph';
import { CommandError, invalid, notFound } from '@/lib/schedule/errors';
import { codes, currency, identifier, optionalMinorUnits, optionalText } from '../core/fields.ts';
import { chargeErrors, normalProperties } from './charge-terms.ts';
import {
  type ChargeInput,
  chargeInput,
  commitmentInput,
  type FilterInput,
  type FixedChargeInput,
  fixedChargeInput,
  thresholdsInput,
  trialPeriod,
} from './input.ts';
import { sameFilter } from './write-charges.ts';

/** `plan_overrides` as the wire sends it (API contract, section 4). */
export const planOverridesInput = z.object({
  amount_cents: optionalMinorUnits(),
  amount_currency: currency().nullish(),
  name: optionalText(),
  description: optionalText(),
  invoice_display_name: optionalText(),
  trial_period: trialPeriod(),
  tax_codes: codes().nullish(),
  minimum_commitment: commitmentInput.nullish(),
  charges: z.array(chargeInput.extend({ id: identifier() }), { error: 'must_be_an_array' }).nullish(),
  fixed_charges: z
    .array(fixedChargeInput.extend({ id: identifier() }), { error: 'must_be_an_array' })
    .nullish(),
  usage_thresholds: thresholdsInput(),
});
export type PlanOverridesInput = z.infer<typeof planOverridesInput>;

/**
 * The patch that lays these overrides over a plan version and over what the subscription pays differently already. Ids of
 * overridden charges and filters stay. `plan` is the version itself, without overrides. Throws not_found (charge,
 * fixed_charge), forbidden for another charge model, and invalid.
 */
export function overridePatch(
  plan: PlanGraph,
  present: PriceOverridePatch,
  input: PlanOverridesInput,
  now: number,
): PriceOverridePatch {
  const next: PriceOverridePatch = { ...present };
  if (input.amount_cents != null) next.amountMinor = input.amount_cents.toString();
  if (input.amount_currency != null) next.currency = input.amount_currency;
  if (input.name != null) next.name = input.name;
  if (input.description != null) next.description = input.description;
  if (input.invoice_display_name != null) next.invoiceDisplayName = input.invoice_display_name;
  if (input.trial_period != null) next.trialDays = input.trial_period;
  if (input.tax_codes) next.taxCodes = input.tax_codes;
  if (input.minimum_commitment !== undefined) next.commitment = commitment(plan, present, input, now);
  for (const charge of input.charges ?? []) {
    const node = findNode(plan.charges, present.charges, charge.id) ?? notFound('charge');
    const own = present.charges?.[node.row.id];
    next.charges = { ...next.charges, [node.row.id]: chargeOverride(node, own, charge) };
  }
  for (const charge of input.fixed_charges ?? []) {
    const node = findNode(plan.fixedCharges, present.fixedCharges, charge.id) ?? notFound('fixed_charge');
    const own = present.fixedCharges?.[node.row.id];
    next.fixedCharges = { ...next.fixedCharges, [node.row.id]: fixedOverride(node, own, charge) };
  }
  return withOwnLines(next, plan);
}

/** A child plan has charges of its own, those it says nothing else of included: each is known by an id. Pure. */
export function withOwnLines(patch: PriceOverridePatch, plan: PlanGraph): PriceOverridePatch {
  if (ownUnitsOnly(patch)) return patch;
  const named = <T extends { id: string }>(
    own: Record<string, T> | undefined,
    nodes: { row: { id: string } }[],
  ) => ({
    ...Object.fromEntries(nodes.map(({ row }) => [row.id, { id: newId() }])),
    ...own,
  });
  return {
    ...patch,
    charges: named(patch.charges, plan.charges),
    fixedCharges: named(patch.fixedCharges, plan.fixedCharges),
  };
}

/** A charge is named by its own id or by the id of its override. */
function findNode<T extends ChargeNode | FixedChargeNode>(
  nodes: T[],
  overrides: Record<string, { id: string }> | undefined,
  id: string | null | undefined,
): T | undefined {
  return nodes.find(({ row }) => row.id === id || overrides?.[row.id]?.id === id);
}

function commitment(
  plan: PlanGraph,
  present: PriceOverridePatch,
  { minimum_commitment: input }: PlanOverridesInput,
  now: number,
): PriceOverridePatch['commitment'] {
  const before = present.commitment ?? null;
  const parent = plan.commitment;
  if (!input || Object.values(input).every((value) => value === undefined)) return null;
  const amountMinor = input.amount_cents?.toString() ?? before?.amountMinor ?? parent?.amountMinor.toString();
  if (amountMinor === undefined) return invalid({ amount_cents: ['value_is_mandatory'] });
  return {
    id: before?.id ?? newId(),
    amountMinor,
    displayName:
      input.invoice_display_name === undefined
        ? (before?.displayName ?? parent?.displayName ?? null)
        : input.invoice_display_name,
    taxCodes: input.tax_codes ?? before?.taxCodes ?? parent?.taxes.map(({ tax }) => tax.code) ?? [],
    createdAt: before?.createdAt ?? new Date(now).toISOString(),
  };
}

function chargeOverride(
  node: ChargeNode,
  own: ChargeOverride | undefined,
  input: ChargeInput,
): ChargeOverride {
  const { row, metric } = node;
  if (input.charge_model && input.charge_model !== row.chargeModel) {
    throw new CommandError({ kind: 'forbidden', code: 'cannot_override_charge_model' });
  }
  const given = input.properties && Object.keys(input.properties).length > 0 ? input.properties : null;
  const properties = given ? normalProperties(given) : own?.properties;
  const minAmountMinor = input.min_amount_cents?.toString() ?? own?.minAmountMinor;
  const before = own?.filters ?? node.filters;
  const filters = input.filters
    ? input.filters.map((filter) => filterOverride(filter, own, before))
    : own?.filters;
  const errors = chargeErrors(
    {
      ...row,
      chargeModel: chargeModelNamed(row.chargeModel),
      properties: properties ?? row.properties,
      minAmountMinor: minAmountMinor === undefined ? row.minAmountMinor : BigInt(minAmountMinor),
    },
    metric,
    input.filters ?? [],
  );
  if (Object.keys(errors).length > 0) invalid(errors);
  return {
    id: own?.id ?? newId(),
    ...defined('invoiceDisplayName', input.invoice_display_name, own?.invoiceDisplayName),
    ...defined('minAmountMinor', minAmountMinor),
    ...defined('properties', properties),
    ...defined('conversionRate', input.applied_pricing_unit?.conversion_rate ?? own?.conversionRate),
    ...defined('filters', filters),
    ...defined('taxCodes', input.tax_codes ?? own?.taxCodes),
  };
}

function filterOverride(
  filter: FilterInput,
  own: ChargeOverride | undefined,
  before: NonNullable<ChargeOverride['filters']>,
): NonNullable<ChargeOverride['filters']>[number] {
  const same = sameFilter(before, filter);
  return {
    id: (own?.filters ? same?.id : undefined) ?? newId(),
    invoiceDisplayName: filter.invoice_display_name ?? null,
    values: filter.values,
    properties: normalProperties(filter.properties ?? {}),
  };
}

function fixedOverride(
  { row }: FixedChargeNode,
  own: FixedChargeOverride | undefined,
  input: FixedChargeInput,
): FixedChargeOverride {
  const given = input.properties && Object.keys(input.properties).length > 0 ? input.properties : null;
  const properties = given ? normalProperties(given) : own?.properties;
  const errors = validateFixedCharge({
    ...row,
    model: row.chargeModel,
    properties: properties ?? row.properties,
  });
  if (input.charge_model && input.charge_model !== row.chargeModel)
    addError(errors, 'charge_model', 'value_is_invalid');
  if (input.units && Exact.of(input.units).isNegative()) addError(errors, 'units', 'value_is_out_of_range');
  if (Object.keys(errors).length > 0) invalid(errors);
  return {
    id: own?.id ?? newId(),
    ...defined('invoiceDisplayName', input.invoice_display_name, own?.invoiceDisplayName),
    ...defined('units', input.units ?? own?.units ?? undefined),
    ...defined('properties', properties),
    ...defined('taxCodes', input.tax_codes ?? own?.taxCodes),
  };
}

/** `{key: value}` of the first value that was given; nothing when none was. */
function defined<K extends string, V>(key: K, ...values: (V | undefined)[]): { [key in K]?: V } {
  const value = values.find((candidate) => candidate !== undefined);
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}
