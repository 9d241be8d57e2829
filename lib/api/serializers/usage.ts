import { z } from 'zod';
import {
  type ChargeUsage,
  type FilterUsage,
  type GroupUsage,
  pricingUnitTotal,
  type UsageAmounts,
} from '@/lib/billing/invoice/current-usage';
import { AGGREGATION_TYPES } from '@/lib/billing/metering/registry';
import { Exact } from '@/lib/billing/money/exact';
import { CHARGE_MODEL_NAMES } from '@/lib/billing/pricing/registry';
import type { ChargeNode } from '@/lib/queries/api/plan-graph';
import type { PastPeriod, UsageAnswer } from '@/lib/queries/api/usage';
import { dec, ts } from '../wire.ts';
import { is, resource, type Wire, word } from '../wire-schema.ts';
import { breakdownSchema, breakdownWire } from './breakdown.ts';

const unitSchema = z.object({ amount_cents: is.cents, short_name: is.str, conversion_rate: is.dec });

const amounts = {
  units: is.dec,
  total_aggregated_units: is.dec,
  events_count: is.int,
  amount_cents: is.cents,
  pricing_unit_details: unitSchema.nullable(),
  projected_units: is.dec.optional(),
  projected_amount_cents: is.cents.optional(),
  projected_presentation_breakdowns: is.none.optional(),
};
const amountsSchema = z.object(amounts);

const filterUsageSchema = resource('FilterUsage', {
  ...amounts,
  invoice_display_name: is.str.nullable(),
  values: z.record(z.string(), is.texts).nullable(),
  presentation_breakdowns: z.array(breakdownSchema),
});

const groupUsageSchema = resource('GroupedUsage', {
  ...amounts,
  grouped_by: z.record(z.string(), is.str.nullable()),
  filters: z.array(filterUsageSchema),
});

const chargeUsageSchema = resource('ChargeUsage', {
  ...amounts,
  amount_currency: is.currency,
  charge: z.object({
    lago_id: is.uuid,
    code: is.str,
    charge_model: word(CHARGE_MODEL_NAMES),
    invoice_display_name: is.str.nullable(),
  }),
  billable_metric: z.object({
    lago_id: is.uuid,
    name: is.str,
    code: is.str,
    aggregation_type: word(AGGREGATION_TYPES),
  }),
  filters: z.array(filterUsageSchema),
  grouped_usage: z.array(groupUsageSchema),
  presentation_breakdowns: z.array(breakdownSchema),
});

export const usageSchema = resource('Usage', {
  from_datetime: is.ts,
  to_datetime: is.ts,
  issuing_date: is.date,
  currency: is.currency,
  amount_cents: is.cents,
  total_amount_cents: is.cents,
  taxes_amount_cents: is.cents,
  lago_invoice_id: is.uuid.nullable(),
  charges_usage: z.array(chargeUsageSchema),
});

const { lago_invoice_id: _none, ...ofUsage } = usageSchema.shape;
export const projectedUsageSchema = resource('ProjectedUsage', {
  ...ofUsage,
  projected_amount_cents: is.cents,
});

function unitWire(unit: UsageAmounts['pricingUnit']): Wire<typeof unitSchema> | null {
  if (!unit) return null;
  return {
    amount_cents: unit.amountMinor,
    short_name: unit.shortName,
    conversion_rate: dec(Exact.of(unit.conversionRate)),
  };
}

function projectedWire(projected: UsageAmounts['projected']) {
  if (!projected) return {};
  return {
    projected_units: dec(projected.units),
    projected_amount_cents: projected.amountMinor,
    projected_presentation_breakdowns: [],
  };
}

function amountsWire({
  units,
  totalAggregatedUnits,
  eventsCount,
  amountMinor,
  pricingUnit,
  projected,
}: UsageAmounts): Wire<typeof amountsSchema> {
  return {
    units: dec(units),
    total_aggregated_units: dec(totalAggregatedUnits),
    events_count: eventsCount,
    amount_cents: amountMinor,
    pricing_unit_details: unitWire(pricingUnit),
    ...projectedWire(projected),
  };
}

function filterUsageWire({ filter, breakdowns, ...amounts }: FilterUsage): Wire<typeof filterUsageSchema> {
  return {
    ...amountsWire(amounts),
    invoice_display_name: filter?.displayName ?? null,
    values: filter?.values ?? null,
    presentation_breakdowns: breakdowns.map(breakdownWire),
  };
}

function groupUsageWire({ groupedBy, filters, ...amounts }: GroupUsage): Wire<typeof groupUsageSchema> {
  return { ...amountsWire(amounts), grouped_by: groupedBy, filters: filters.map(filterUsageWire) };
}

function chargeUsageWire(usage: ChargeUsage, currency: string): Wire<typeof chargeUsageSchema> {
  const { charge } = usage;
  return {
    units: dec(usage.units),
    total_aggregated_units: dec(usage.totalAggregatedUnits),
    events_count: usage.eventsCount,
    amount_cents: usage.amountMinor,
    amount_currency: currency,
    pricing_unit_details: unitWire(usage.pricingUnit),
    ...projectedWire(usage.projected),
    charge: {
      lago_id: charge.id,
      code: charge.code,
      charge_model: charge.model,
      invoice_display_name: charge.displayName,
    },
    billable_metric: {
      lago_id: charge.metric.id,
      name: charge.metric.name,
      code: charge.metric.code,
      aggregation_type: charge.metric.aggregationType,
    },
    filters: usage.filters.map(filterUsageWire),
    grouped_usage: usage.groups.map(groupUsageWire),
    presentation_breakdowns: usage.breakdowns.map(breakdownWire),
  };
}

const byName = (left: { charge: { metric: { name: string } } }, right: typeof left): number => {
  const [a, b] = [left.charge.metric.name.toLowerCase(), right.charge.metric.name.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Usage of the running period (API contract 3.1). Charges are sorted by metric name, case folded. */
export function currentUsageWire({ usage, currency, issuingDate }: UsageAnswer): Wire<typeof usageSchema> {
  return {
    from_datetime: ts(usage.from),
    to_datetime: ts(usage.to),
    issuing_date: issuingDate,
    currency,
    amount_cents: usage.amountMinor,
    total_amount_cents: usage.totalAmountMinor,
    taxes_amount_cents: usage.taxesAmountMinor,
    lago_invoice_id: null,
    charges_usage: [...usage.charges].sort(byName).map((charge) => chargeUsageWire(charge, currency)),
  };
}

/** The same with what it comes to by the end of the period. */
export function projectedUsageWire(answer: UsageAnswer): Wire<typeof projectedUsageSchema> {
  const { lago_invoice_id: _none, ...usage } = currentUsageWire(answer);
  const amounts = answer.usage.charges.map(({ projected }) => projected?.amountMinor ?? 0n);
  return { ...usage, projected_amount_cents: amounts.reduce((sum, amount) => sum + amount, 0n) };
}

type FeeRow = PastPeriod['fees'][number];

function feeAmounts(rows: FeeRow[]): UsageAmounts {
  return {
    units: Exact.sum(rows.map(({ units }) => Exact.of(units))),
    totalAggregatedUnits: Exact.sum(rows.map((row) => Exact.of(row.totalAggregatedUnits ?? row.units))),
    eventsCount: rows.reduce((sum, { eventsCount }) => sum + (eventsCount ?? 0), 0),
    amountMinor: rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    pricingUnit: pricingUnitTotal(rows.map(({ pricingUnitUsage }) => ({ pricingUnit: pricingUnitUsage }))),
  };
}

function grouped<K>(rows: FeeRow[], keyOf: (row: FeeRow) => K): Map<K, FeeRow[]> {
  const groups = new Map<K, FeeRow[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function pastFilters(rows: FeeRow[], charge: ChargeNode) {
  if (charge.filters.length === 0) return [];
  return [...grouped(rows, ({ chargeFilterId }) => chargeFilterId).values()].map((own) => ({
    ...amountsWire(feeAmounts(own)),
    invoice_display_name: own[0]?.filterDisplayName ?? null,
    values: own[0]?.filterValues ?? null,
    presentation_breakdowns: [],
  }));
}

function pastGroups(rows: FeeRow[], charge: ChargeNode) {
  const withGroups = rows.filter(({ groupedBy }) => Object.keys(groupedBy).length > 0);
  return [...grouped(withGroups, ({ groupedBy }) => JSON.stringify(groupedBy)).values()].map((own) => ({
    ...amountsWire(feeAmounts(own)),
    grouped_by: own[0]?.groupedBy ?? {},
    filters: pastFilters(own, charge),
  }));
}

/** A billed period, from the lines of its invoice. Charges that are not on the plan any more are left out. */
export function pastUsageWire(
  { period, invoice, fees }: PastPeriod,
  chargesById: Map<string, ChargeNode>,
): Wire<typeof usageSchema> {
  const total = feeAmounts(fees);
  const taxes = fees.reduce((sum, { taxesAmountMinor }) => sum + taxesAmountMinor, 0n);
  const charges = [...grouped(fees, ({ chargeId }) => chargeId ?? '')].flatMap(([chargeId, rows]) => {
    const charge = chargesById.get(chargeId);
    return charge ? [{ charge, rows }] : [];
  });
  return {
    from_datetime: ts(period.chargesFromDatetime ?? period.timestamp),
    to_datetime: ts(period.chargesToDatetime ?? period.timestamp),
    issuing_date: invoice.issuingDate,
    currency: invoice.currency,
    amount_cents: total.amountMinor,
    total_amount_cents: total.amountMinor + taxes,
    taxes_amount_cents: taxes,
    lago_invoice_id: invoice.id,
    charges_usage: charges
      .map(({ charge, rows }) => ({ charge: { ...charge.row, metric: charge.metric }, node: charge, rows }))
      .sort(byName)
      .map(({ node, rows }) => ({
        units: dec(feeAmounts(rows).units),
        total_aggregated_units: dec(feeAmounts(rows).totalAggregatedUnits),
        events_count: feeAmounts(rows).eventsCount,
        amount_cents: feeAmounts(rows).amountMinor,
        amount_currency: invoice.currency,
        pricing_unit_details: unitWire(feeAmounts(rows).pricingUnit),
        charge: {
          lago_id: node.row.id,
          code: node.row.code,
          charge_model: node.row.chargeModel,
          invoice_display_name: node.row.invoiceDisplayName,
        },
        billable_metric: {
          lago_id: node.metric.id,
          name: node.metric.name,
          code: node.metric.code,
          aggregation_type: node.metric.aggregationType,
        },
        filters: pastFilters(rows, node),
        grouped_usage: pastGroups(rows, node),
        presentation_breakdowns: [],
      })),
  };
}
