import type { payments } from '@/db/schema';
import { ts } from '../wire.ts';

export interface PaymentObject {
  payment: typeof payments.$inferSelect;
  externalCustomerId: string;
  invoiceNumber: string | null;
}

/** API contract, section 10. A manual payment's `created_at` is the day it was paid. */
export function paymentWire({ payment, externalCustomerId, invoiceNumber }: PaymentObject) {
  return {
    lago_id: payment.id,
    lago_customer_id: payment.customerId,
    external_customer_id: externalCustomerId,
    invoice_ids: [payment.invoiceId],
    invoice_numbers: [invoiceNumber],
    lago_payable_id: payment.invoiceId,
    payable_type: 'Invoice',
    amount_cents: payment.amountMinor,
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
