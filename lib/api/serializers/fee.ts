import { z } from 'zod';
import { FEE_TYPES } from '@/db/schema';
import type { Working } from '@/lib/billing/invoice/result';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import type { FeeObject } from '@/lib/queries/api/fees';
import { dec, decOrNull, float, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { breakdownSchema, breakdownWire } from './breakdown.ts';

const ITEM_TYPES = {
  charge: 'BillableMetric',
  add_on: 'AddOn',
  fixed_charge: 'AddOn',
  subscription: 'Subscription',
  commitment: 'Subscription',
  credit: 'WalletTransaction',
} as const;

const itemSchema = z.object({
  type: z.enum(FEE_TYPES),
  code: is.str,
  name: is.str,
  description: is.str.nullable(),
  invoice_display_name: is.str,
  filters: z.record(z.string(), is.texts).nullable(),
  filter_invoice_display_name: is.str.nullable(),
  lago_item_id: is.uuid.nullable(),
  item_type: z.enum(['BillableMetric', 'AddOn', 'Subscription', 'WalletTransaction']),
  grouped_by: z.record(z.string(), is.str.nullable()),
});

function itemWire({ fee, addOnId }: FeeObject): Wire<typeof itemSchema> {
  const ids = {
    charge: fee.billableMetricId,
    add_on: fee.addOnId,
    fixed_charge: fee.addOnId ?? addOnId,
    subscription: fee.subscriptionId,
    commitment: fee.subscriptionId,
    credit: fee.walletTransactionId,
  };
  return {
    type: fee.feeType,
    code: fee.itemCode,
    name: fee.itemName,
    description: fee.itemDescription,
    invoice_display_name: fee.invoiceDisplayName ?? fee.itemName,
    filters: fee.filterValues,
    filter_invoice_display_name: fee.filterDisplayName,
    lago_item_id: ids[fee.feeType],
    item_type: ITEM_TYPES[fee.feeType],
    grouped_by: fee.groupedBy,
  };
}

const DATED = new Set(['charge', 'subscription', 'add_on', 'fixed_charge']);

const pricingUnitSchema = z.object({
  lago_pricing_unit_id: is.uuid,
  pricing_unit_code: is.str,
  short_name: is.str,
  amount_cents: is.cents,
  precise_amount_cents: is.dec,
  unit_amount_cents: is.cents,
  precise_unit_amount: is.dec,
  conversion_rate: is.dec,
});

export const feeSchema = resource('Fee', {
  lago_id: is.uuid,
  lago_charge_id: is.uuid.nullable(),
  lago_charge_filter_id: is.uuid.nullable(),
  lago_fixed_charge_id: is.uuid.nullable(),
  lago_invoice_id: is.uuid.nullable(),
  lago_true_up_fee_id: is.uuid.nullable(),
  lago_true_up_parent_fee_id: is.uuid.nullable(),
  lago_original_fee_id: is.uuid.nullable(),
  lago_subscription_id: is.uuid.nullable(),
  external_subscription_id: is.str.nullable(),
  lago_customer_id: is.uuid.nullable(),
  external_customer_id: is.str.nullable(),
  item: itemSchema,
  pay_in_advance: is.bool,
  invoiceable: is.bool,
  amount_cents: is.cents,
  amount_currency: is.currency,
  precise_amount: is.dec,
  precise_total_amount: is.dec,
  taxes_amount_cents: is.cents,
  taxes_precise_amount: is.dec,
  taxes_rate: is.float,
  total_aggregated_units: is.dec.nullable(),
  total_amount_cents: is.cents,
  total_amount_currency: is.currency,
  units: is.dec,
  description: is.str.nullable(),
  precise_unit_amount: is.dec,
  precise_coupons_amount_cents: is.dec,
  sub_total_excluding_taxes_amount_cents: is.cents,
  sub_total_excluding_taxes_precise_amount_cents: is.dec,
  events_count: is.int.nullable(),
  payment_status: z.enum(['pending', 'succeeded', 'failed', 'refunded']),
  created_at: is.ts.nullable(),
  succeeded_at: is.ts.nullable(),
  failed_at: is.ts.nullable(),
  refunded_at: is.ts.nullable(),
  amount_details: is.object,
  self_billed: is.bool,
  pricing_unit_details: pricingUnitSchema.nullable(),
  presentation_breakdowns: z.array(breakdownSchema),
  from_date: is.ts.nullable().optional(),
  to_date: is.ts.nullable().optional(),
  event_transaction_id: is.str.nullable().optional(),
});

/**
 * A fee as invoices carry it (API contract, section 6). `precise_amount` and its kin are in currency units;
 * `precise_coupons_amount_cents` and everything else named cents are minor units.
 */
export function feeWire(object: FeeObject): Wire<typeof feeSchema> {
  const { fee } = object;
  const major = (minor: Exact): string => dec(minor.pow10(-exponentOf(fee.currency)));
  const precise = Exact.of(fee.preciseAmountMinor);
  const coupons = Exact.of(fee.preciseCouponsAmountMinor);
  const taxesPrecise = Exact.of(fee.taxesPreciseAmountMinor);
  return {
    lago_id: fee.id,
    lago_charge_id: fee.chargeId,
    lago_charge_filter_id: fee.chargeFilterId,
    lago_fixed_charge_id: fee.fixedChargeId,
    lago_invoice_id: fee.invoiceId,
    lago_true_up_fee_id: object.trueUpFeeId,
    lago_true_up_parent_fee_id: fee.trueUpParentFeeId,
    lago_original_fee_id: fee.originalFeeId,
    lago_subscription_id: fee.subscriptionId,
    external_subscription_id: object.externalSubscriptionId,
    lago_customer_id: fee.customerId,
    external_customer_id: object.externalCustomerId,
    item: itemWire(object),
    pay_in_advance: fee.payInAdvance,
    invoiceable: fee.invoiceable,
    amount_cents: fee.amountMinor,
    amount_currency: fee.currency,
    precise_amount: major(precise),
    precise_total_amount: major(precise.add(taxesPrecise)),
    taxes_amount_cents: fee.taxesAmountMinor,
    taxes_precise_amount: major(taxesPrecise),
    taxes_rate: float(fee.taxesRate),
    total_aggregated_units: decOrNull(fee.totalAggregatedUnits),
    total_amount_cents: fee.amountMinor + fee.taxesAmountMinor,
    total_amount_currency: fee.currency,
    units: dec(fee.units),
    // The words of a line of a bill made by hand are its item's.
    description: fee.description ?? (fee.feeType === 'add_on' ? fee.itemDescription : null),
    precise_unit_amount: dec(fee.preciseUnitAmount),
    precise_coupons_amount_cents: dec(coupons),
    sub_total_excluding_taxes_amount_cents: Exact.of(fee.amountMinor).sub(coupons).roundToBigInt(),
    sub_total_excluding_taxes_precise_amount_cents: dec(precise.sub(coupons)),
    events_count: fee.eventsCount,
    payment_status: fee.paymentStatus,
    created_at: tsOrNull(fee.createdAt),
    succeeded_at: tsOrNull(fee.succeededAt),
    failed_at: tsOrNull(fee.failedAt),
    refunded_at: tsOrNull(fee.refundedAt),
    amount_details: fee.amountDetails,
    self_billed: object.selfBilled,
    pricing_unit_details: pricingUnitWire(fee.pricingUnitUsage),
    presentation_breakdowns: ((fee.working as Working | null)?.presentation ?? []).map(breakdownWire),
    ...(DATED.has(fee.feeType)
      ? { from_date: tsOrNull(fee.fromDatetime), to_date: tsOrNull(fee.toDatetime) }
      : {}),
    ...(fee.feeType === 'charge' && fee.payInAdvance ? { event_transaction_id: fee.eventTransactionId } : {}),
  };
}

function pricingUnitWire(usage: FeeObject['fee']['pricingUnitUsage']): Wire<typeof pricingUnitSchema> | null {
  if (!usage) return null;
  return {
    lago_pricing_unit_id: usage.id,
    pricing_unit_code: usage.code,
    short_name: usage.shortName,
    amount_cents: BigInt(usage.amountMinor),
    precise_amount_cents: dec(Exact.of(usage.preciseAmountMinor)),
    unit_amount_cents: BigInt(usage.unitAmountMinor),
    precise_unit_amount: dec(Exact.of(usage.preciseUnitAmount)),
    conversion_rate: dec(Exact.of(usage.conversionRate)),
  };
}

export const feeDetailSchema = resource('FeeDetail', {
  ...feeSchema.shape,
  applied_taxes: z.array(
    z.object({
      lago_id: is.uuid,
      lago_fee_id: is.uuid,
      lago_tax_id: is.uuid.nullable(),
      tax_name: is.str,
      tax_code: is.str,
      tax_rate: is.float,
      tax_description: is.str.nullable(),
      amount_cents: is.cents,
      amount_currency: is.currency,
      created_at: is.ts.nullable(),
    }),
  ),
});

/** A fee on its own endpoints, with its taxes. */
export function feeDetailWire(object: FeeObject): Wire<typeof feeDetailSchema> {
  return {
    ...feeWire(object),
    applied_taxes: object.taxes.map((tax) => ({
      lago_id: tax.id,
      lago_fee_id: tax.feeId,
      lago_tax_id: tax.taxId,
      tax_name: tax.taxName,
      tax_code: tax.taxCode,
      tax_rate: float(tax.taxRate),
      tax_description: tax.taxDescription,
      amount_cents: tax.amountMinor,
      amount_currency: tax.currency,
      created_at: tsOrNull(tax.createdAt),
    })),
  };
}
