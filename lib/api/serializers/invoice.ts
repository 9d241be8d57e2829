import { z } from 'zod';
import { INVOICE_STATUSES, INVOICE_TYPES, INVOICING_REASONS } from '@/db/schema';
import type { InvoiceObject } from '@/lib/queries/api/invoices';
import { fileUrl } from '../file-url.ts';
import { float, ts, ts3OrNull, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { creditSchema, creditWire } from './credit.ts';
import { customerSchema, customerWire } from './customer.ts';
import { feeSchema, feeWire } from './fee.ts';
import { thresholdSchema, thresholdWire } from './plan.ts';
import { subscriptionSchema, subscriptionWire } from './subscription.ts';

const VERSION_NUMBER = 4;

export const invoiceSchema = resource('Invoice', {
  lago_id: is.uuid,
  billing_entity_code: is.str,
  sequential_id: is.int.nullable(),
  number: is.str,
  purchase_order_number: is.str.nullable(),
  issuing_date: is.date,
  payment_due_date: is.date.nullable(),
  net_payment_term: is.int,
  invoice_type: z.enum(INVOICE_TYPES),
  status: z.enum(INVOICE_STATUSES),
  payment_status: z.enum(['pending', 'succeeded', 'failed']),
  payment_dispute_lost_at: is.ts3.nullable(),
  payment_overdue: is.bool,
  currency: is.currency,
  fees_amount_cents: is.cents,
  taxes_amount_cents: is.cents,
  progressive_billing_credit_amount_cents: is.cents,
  coupons_amount_cents: is.cents,
  credit_notes_amount_cents: is.cents,
  sub_total_excluding_taxes_amount_cents: is.cents,
  sub_total_including_taxes_amount_cents: is.cents,
  total_amount_cents: is.cents,
  total_due_amount_cents: is.cents,
  total_paid_amount_cents: is.cents,
  total_offsetted_credit_note_amount_cents: is.cents,
  prepaid_credit_amount_cents: is.cents,
  prepaid_granted_credit_amount_cents: is.cents.nullable(),
  prepaid_purchased_credit_amount_cents: is.cents.nullable(),
  file_url: is.str.nullable(),
  xml_url: is.null,
  web_url: is.null,
  version_number: is.int,
  self_billed: is.bool,
  created_at: is.ts,
  updated_at: is.ts,
  voided_at: is.ts.nullable(),
});

/** An invoice without its surroundings, as downloads answer it (API contract, section 7). */
export function invoiceWire({
  invoice,
  issuer,
}: Pick<InvoiceObject, 'invoice' | 'issuer'>): Wire<typeof invoiceSchema> {
  const due =
    invoice.totalAmountMinor - invoice.totalPaidAmountMinor - invoice.totalOffsettedCreditNoteAmountMinor;
  return {
    lago_id: invoice.id,
    billing_entity_code: issuer.code,
    sequential_id: invoice.sequentialId,
    number: invoice.number ?? `${issuer.documentNumberPrefix}-DRAFT`,
    purchase_order_number: invoice.purchaseOrderNumber,
    issuing_date: invoice.issuingDate,
    payment_due_date: invoice.paymentDueDate,
    net_payment_term: invoice.netPaymentTerm,
    invoice_type: invoice.invoiceType,
    status: invoice.status,
    payment_status: invoice.paymentStatus,
    payment_dispute_lost_at: ts3OrNull(invoice.paymentDisputeLostAt),
    payment_overdue: invoice.paymentOverdue,
    currency: invoice.currency,
    fees_amount_cents: invoice.feesAmountMinor,
    taxes_amount_cents: invoice.taxesAmountMinor,
    progressive_billing_credit_amount_cents: invoice.progressiveBillingCreditAmountMinor,
    coupons_amount_cents: invoice.couponsAmountMinor,
    credit_notes_amount_cents: invoice.creditNotesAmountMinor,
    sub_total_excluding_taxes_amount_cents: invoice.subTotalExcludingTaxesMinor,
    sub_total_including_taxes_amount_cents: invoice.subTotalIncludingTaxesMinor,
    total_amount_cents: invoice.totalAmountMinor,
    total_due_amount_cents: invoice.status === 'voided' ? 0n : due,
    total_paid_amount_cents: invoice.totalPaidAmountMinor,
    total_offsetted_credit_note_amount_cents: invoice.totalOffsettedCreditNoteAmountMinor,
    prepaid_credit_amount_cents: invoice.prepaidCreditAmountMinor,
    prepaid_granted_credit_amount_cents: invoice.prepaidGrantedCreditAmountMinor,
    prepaid_purchased_credit_amount_cents: invoice.prepaidPurchasedCreditAmountMinor,
    file_url: fileUrl('invoice', invoice),
    xml_url: null,
    web_url: null,
    version_number: VERSION_NUMBER,
    self_billed: invoice.selfBilled,
    created_at: ts(invoice.createdAt),
    updated_at: ts(invoice.updatedAt),
    voided_at: tsOrNull(invoice.voidedAt),
  };
}

const metadataSchema = z.object({
  lago_id: is.uuid,
  key: is.str,
  value: is.str.nullable(),
  created_at: is.ts,
});

function metadataWire({ invoice }: InvoiceObject): Wire<typeof metadataSchema>[] {
  return invoice.metadata.map(({ id, key, value, created_at }) => ({
    lago_id: id,
    key,
    value,
    created_at: ts(new Date(created_at)),
  }));
}

const appliedTaxSchema = z.object({
  lago_id: is.uuid,
  lago_invoice_id: is.uuid,
  lago_tax_id: is.uuid.nullable(),
  tax_name: is.str,
  tax_code: is.str,
  tax_rate: is.float,
  tax_description: is.str.nullable(),
  amount_cents: is.cents,
  amount_currency: is.currency,
  fees_amount_cents: is.cents,
  created_at: is.ts.nullable(),
});

function taxesWire({ taxes }: InvoiceObject): Wire<typeof appliedTaxSchema>[] {
  return taxes.map((tax) => ({
    lago_id: tax.id,
    lago_invoice_id: tax.invoiceId,
    lago_tax_id: tax.taxId,
    tax_name: tax.taxName,
    tax_code: tax.taxCode,
    tax_rate: float(tax.taxRate),
    tax_description: tax.taxDescription,
    amount_cents: tax.amountMinor,
    amount_currency: tax.currency,
    fees_amount_cents: tax.feesAmountMinor,
    created_at: tsOrNull(tax.createdAt),
  }));
}

const appliedThresholdsSchema = z.object({
  applied_usage_thresholds: z
    .array(
      z.object({
        lifetime_usage_amount_cents: is.cents,
        created_at: is.ts,
        usage_threshold: thresholdSchema,
      }),
    )
    .optional(),
});

/** The thresholds a progressive invoice was made for; other invoices have no such member. */
function thresholdsWire({ invoice, thresholds }: InvoiceObject): Wire<typeof appliedThresholdsSchema> {
  if (invoice.invoiceType !== 'progressive_billing') return {};
  return {
    applied_usage_thresholds: thresholds.map(({ applied, threshold }) => ({
      lifetime_usage_amount_cents: applied.lifetimeUsageAmountMinor,
      created_at: ts(applied.createdAt),
      usage_threshold: thresholdWire(threshold),
    })),
  };
}

export const invoiceListSchema = resource('InvoiceListed', {
  ...invoiceSchema.shape,
  customer: customerSchema,
  metadata: z.array(metadataSchema),
  applied_taxes: z.array(appliedTaxSchema),
  ...appliedThresholdsSchema.shape,
});

/** An invoice as lists carry it: with its customer, metadata and taxes. */
export function invoiceListWire(object: InvoiceObject): Wire<typeof invoiceListSchema> {
  return {
    ...invoiceWire(object),
    customer: customerWire(object.customer, { integrations: true }),
    metadata: metadataWire(object),
    applied_taxes: taxesWire(object),
    ...thresholdsWire(object),
  };
}

const billingPeriodSchema = resource('BillingPeriod', {
  lago_subscription_id: is.uuid,
  external_subscription_id: is.str,
  lago_plan_id: is.uuid,
  subscription_from_datetime: is.ts.nullable(),
  subscription_to_datetime: is.ts.nullable(),
  charges_from_datetime: is.ts.nullable(),
  charges_to_datetime: is.ts.nullable(),
  fixed_charges_from_datetime: is.ts.nullable(),
  fixed_charges_to_datetime: is.ts.nullable(),
  invoicing_reason: z.enum(INVOICING_REASONS),
});

export const invoiceDetailSchema = resource('InvoiceDetail', {
  ...invoiceSchema.shape,
  customer: customerSchema,
  subscriptions: z.array(subscriptionSchema),
  billing_periods: z.array(billingPeriodSchema),
  fees: z.array(feeSchema),
  credits: z.array(creditSchema),
  metadata: z.array(metadataSchema),
  applied_taxes: z.array(appliedTaxSchema),
  error_details: is.none,
  applied_invoice_custom_sections: is.none,
  ...appliedThresholdsSchema.shape,
});

/** An invoice with everything on it: show and every act on one invoice. */
export function invoiceDetailWire(object: InvoiceObject): Wire<typeof invoiceDetailSchema> {
  return {
    ...invoiceWire(object),
    customer: customerWire(object.customer, { integrations: true }),
    subscriptions: object.subscriptions.map(subscriptionWire),
    billing_periods: object.periods.map(({ period, externalSubscriptionId, planId }) => ({
      lago_subscription_id: period.subscriptionId,
      external_subscription_id: externalSubscriptionId,
      lago_plan_id: planId,
      subscription_from_datetime: tsOrNull(period.fromDatetime),
      subscription_to_datetime: tsOrNull(period.toDatetime),
      charges_from_datetime: tsOrNull(period.chargesFromDatetime),
      charges_to_datetime: tsOrNull(period.chargesToDatetime),
      fixed_charges_from_datetime: tsOrNull(period.fixedChargesFromDatetime),
      fixed_charges_to_datetime: tsOrNull(period.fixedChargesToDatetime),
      invoicing_reason: period.invoicingReason,
    })),
    fees: object.fees.map(feeWire),
    credits: object.credits.map(creditWire),
    metadata: metadataWire(object),
    applied_taxes: taxesWire(object),
    error_details: [],
    applied_invoice_custom_sections: [],
    ...thresholdsWire(object),
  };
}
