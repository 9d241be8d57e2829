import type { InvoiceObject } from '@/lib/queries/api/invoices';
import { fileUrl } from '../file-url.ts';
import { float, ts, ts3OrNull, tsOrNull } from '../wire.ts';
import { creditWire } from './credit.ts';
import { customerWire } from './customer.ts';
import { feeWire } from './fee.ts';
import { thresholdWire } from './plan.ts';
import { subscriptionWire } from './subscription.ts';

const VERSION_NUMBER = 4;

/** An invoice without its surroundings, as downloads answer it (API contract, section 7). */
export function invoiceWire({ invoice, issuer }: Pick<InvoiceObject, 'invoice' | 'issuer'>) {
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

function metadataWire({ invoice }: InvoiceObject) {
  return invoice.metadata.map(({ id, key, value, created_at }) => ({
    lago_id: id,
    key,
    value,
    created_at: ts(new Date(created_at)),
  }));
}

function taxesWire({ taxes }: InvoiceObject) {
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

/** The thresholds a progressive invoice was made for; other invoices have no such member. */
function thresholdsWire({ invoice, thresholds }: InvoiceObject) {
  if (invoice.invoiceType !== 'progressive_billing') return {};
  return {
    applied_usage_thresholds: thresholds.map(({ applied, threshold }) => ({
      lifetime_usage_amount_cents: applied.lifetimeUsageAmountMinor,
      created_at: ts(applied.createdAt),
      usage_threshold: thresholdWire(threshold),
    })),
  };
}

/** An invoice as lists carry it: with its customer, metadata and taxes. */
export function invoiceListWire(object: InvoiceObject) {
  return {
    ...invoiceWire(object),
    customer: customerWire(object.customer, { integrations: true }),
    metadata: metadataWire(object),
    applied_taxes: taxesWire(object),
    ...thresholdsWire(object),
  };
}

/** An invoice with everything on it: show and every act on one invoice. */
export function invoiceDetailWire(object: InvoiceObject) {
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
