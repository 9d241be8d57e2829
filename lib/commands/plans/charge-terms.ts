import type { billableMetrics, charges } from '@/db/schema';
import { aggregationNamed } from '@/lib/billing/metering/registry';
import { Exact } from '@/lib/billing/money/exact';
import { freeProperties, validateProperties } from '@/lib/billing/pricing/fields';
import { type ChargeModelName, chargeModelNamed, chargeModels } from '@/lib/billing/pricing/registry';
import { validateCharge } from '@/lib/billing/pricing/validate-charge';
import { invalid, notFound } from '@/lib/schedule/errors';
import type { ChargeInput, FilterInput } from './input.ts';

type ChargeRow = typeof charges.$inferSelect;
type MetricRow = typeof billableMetrics.$inferSelect;
type FieldErrors = Record<string, string[]>;

/** The columns of a charge that an input decides. */
export type ChargeColumns = Pick<
  ChargeRow,
  | 'invoiceDisplayName'
  | 'payInAdvance'
  | 'prorated'
  | 'invoiceable'
  | 'regroupPaidFees'
  | 'minAmountMinor'
  | 'acceptsTargetWallet'
  | 'properties'
  | 'pricingUnitId'
  | 'conversionRate'
> & { chargeModel: ChargeModelName };

/** `grouped_by` is the old name of `pricing_group_keys`; both are taken, one is kept. */
export function normalProperties(properties: Record<string, unknown>): Record<string, unknown> {
  const { grouped_by: old, ...rest } = properties;
  return old !== undefined && rest.pricing_group_keys === undefined
    ? { ...rest, pricing_group_keys: old }
    : rest;
}

/**
 * The columns of a charge from an input over what there is. With subscriptions on the plan its model and its switches
 * stay; names, prices, minimum and taxes change (API contract 2.2).
 */
export function chargeColumns(
  input: ChargeInput,
  present: ChargeRow | null,
  shapeFixed: boolean,
  unitIds: ReadonlyMap<string, string>,
): ChargeColumns {
  const keeps = present !== null && shapeFixed;
  const chargeModel = keeps
    ? chargeModelNamed(present.chargeModel)
    : (input.charge_model ?? chargeModelNamed(present?.chargeModel ?? 'standard'));
  const sameModel = present?.chargeModel === chargeModel;
  const properties =
    input.properties && Object.keys(input.properties).length > 0
      ? normalProperties(input.properties)
      : ((sameModel ? present?.properties : null) ?? freeProperties(chargeModels[chargeModel]));
  const payInAdvance = keeps
    ? present.payInAdvance
    : (input.pay_in_advance ?? present?.payInAdvance ?? false);
  return {
    chargeModel,
    invoiceDisplayName:
      input.invoice_display_name === undefined
        ? (present?.invoiceDisplayName ?? null)
        : input.invoice_display_name,
    payInAdvance,
    prorated: keeps ? present.prorated : (input.prorated ?? present?.prorated ?? false),
    invoiceable: keeps ? present.invoiceable : (input.invoiceable ?? present?.invoiceable ?? true),
    regroupPaidFees: keeps
      ? present.regroupPaidFees
      : input.regroup_paid_fees === undefined
        ? (present?.regroupPaidFees ?? null)
        : input.regroup_paid_fees,
    minAmountMinor: input.min_amount_cents ?? present?.minAmountMinor ?? 0n,
    acceptsTargetWallet: input.accepts_target_wallet ?? present?.acceptsTargetWallet ?? false,
    properties,
    ...unitColumns(input, present, keeps, unitIds),
  };
}

/** What a charge is priced in: a pricing unit with its worth, or the plan's currency. With subscribers only the worth moves. */
function unitColumns(
  { applied_pricing_unit: given }: ChargeInput,
  present: ChargeRow | null,
  keeps: boolean,
  unitIds: ReadonlyMap<string, string>,
): Pick<ChargeColumns, 'pricingUnitId' | 'conversionRate'> {
  const before = {
    pricingUnitId: present?.pricingUnitId ?? null,
    conversionRate: present?.conversionRate ?? null,
  };
  if (given === undefined || (keeps && !before.pricingUnitId)) return before;
  if (given === null) return keeps ? before : { pricingUnitId: null, conversionRate: null };
  const conversionRate = given.conversion_rate ?? before.conversionRate;
  if (!conversionRate || !Exact.of(conversionRate).isPositive()) {
    return invalid(
      { conversion_rate: ['value_is_invalid'] },
      'Say what one unit is worth: a number above zero.',
    );
  }
  const wished = given.code ? unitIds.get(given.code) : before.pricingUnitId;
  const pricingUnitId = keeps ? before.pricingUnitId : wished;
  return pricingUnitId ? { pricingUnitId, conversionRate } : notFound('pricing_unit');
}

const EVERY_VALUE = '__ALL_FILTER_VALUES__';

/** Field → codes for a charge with its filters; empty when it may be saved. */
export function chargeErrors(columns: ChargeColumns, metric: MetricRow, filters: FilterInput[]): FieldErrors {
  const errors: FieldErrors = {
    ...validateCharge({
      model: columns.chargeModel,
      properties: columns.properties,
      metric: { ...metric, aggregationType: aggregationNamed(metric.aggregationType) },
      payInAdvance: columns.payInAdvance,
      prorated: columns.prorated,
      minAmountMinor: columns.minAmountMinor,
      invoiceable: columns.invoiceable,
      regroupPaidFees: columns.regroupPaidFees === 'invoice' ? 'invoice' : null,
    }),
  };
  for (const filter of filters) {
    Object.assign(errors, filterErrors(columns.chargeModel, metric, filter));
  }
  return errors;
}

function filterErrors(model: ChargeModelName, metric: MetricRow, filter: FilterInput): FieldErrors {
  const errors: FieldErrors = validateProperties(chargeModels[model], filter.properties ?? {});
  for (const [key, values] of Object.entries(filter.values)) {
    const known = metric.filters.find((candidate) => candidate.key === key);
    const allowed = new Set([...(known?.values ?? []), EVERY_VALUE]);
    if (!known || values.some((value) => !allowed.has(value))) errors.values = ['value_is_invalid'];
  }
  return errors;
}
