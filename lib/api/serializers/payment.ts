import { z } from 'zod';
import type { ReceiptObject } from '@/lib/queries/api/payment-receipts';
import type { PaymentObject } from '@/lib/queries/api/payments';
import { ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

export const paymentSchema = resource('Payment', {
  lago_id: is.uuid,
  lago_customer_id: is.uuid,
  external_customer_id: is.str,
  invoice_ids: z.array(is.uuid),
  invoice_numbers: z.array(is.str.nullable()),
  lago_payable_id: is.uuid,
  payable_type: z.enum(['Invoice', 'PaymentRequest']),
  amount_cents: is.cents,
  amount_currency: is.currency,
  status: is.str,
  payment_status: z.enum(['pending', 'processing', 'succeeded', 'failed']),
  type: z.enum(['manual', 'provider']),
  reference: is.str.nullable(),
  payment_provider_code: is.str.nullable(),
  payment_provider_type: is.str.nullable(),
  external_payment_id: is.str.nullable(),
  provider_payment_id: is.str.nullable(),
  provider_customer_id: is.null,
  next_action: is.object,
  created_at: is.ts,
});

/** API contract, section 10. A manual payment's `created_at` is the day it was paid. */
export function paymentWire({
  payment,
  externalCustomerId,
  parts,
}: PaymentObject): Wire<typeof paymentSchema> {
  return {
    lago_id: payment.id,
    lago_customer_id: payment.customerId,
    external_customer_id: externalCustomerId,
    invoice_ids: parts.map((part) => part.payment.invoiceId),
    invoice_numbers: parts.map(({ invoiceNumber }) => invoiceNumber),
    lago_payable_id: payment.paymentRequestId ?? payment.invoiceId,
    payable_type: payment.paymentRequestId ? 'PaymentRequest' : 'Invoice',
    amount_cents: parts.reduce((sum, part) => sum + part.payment.amountMinor, 0n),
    amount_currency: payment.currency,
    status: payment.status,
    payment_status: payment.paymentStatus,
    type: payment.kind,
    reference: payment.reference,
    payment_provider_code: payment.providerCode,
    payment_provider_type: payment.kind === 'provider' ? payment.providerCode : null,
    external_payment_id: payment.providerPaymentId,
    provider_payment_id: payment.providerPaymentId,
    provider_customer_id: null,
    next_action: {},
    created_at: ts(payment.kind === 'manual' ? (payment.paidAt ?? payment.createdAt) : payment.createdAt),
  };
}

export const paymentReceiptSchema = resource('PaymentReceipt', {
  lago_id: is.uuid,
  number: is.str,
  file_url: is.null,
  xml_url: is.null,
  payment: paymentSchema,
  created_at: is.ts,
});

/** The receipt of a payment. No document is kept of it. */
export function paymentReceiptWire({ receipt, payment }: ReceiptObject): Wire<typeof paymentReceiptSchema> {
  return {
    lago_id: receipt.id,
    number: receipt.number,
    file_url: null,
    xml_url: null,
    payment: paymentWire(payment),
    created_at: ts(receipt.createdAt),
  };
}
