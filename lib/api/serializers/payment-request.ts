import type { PaymentRequestObject } from '@/lib/queries/api/payment-requests';
import { ts } from '../wire.ts';
import { customerWire } from './customer.ts';
import { invoiceWire } from './invoice.ts';

/** API contract, section 10. */
export function paymentRequestWire({ request, customer, invoices }: PaymentRequestObject) {
  return {
    lago_id: request.id,
    amount_cents: request.amountMinor,
    amount_currency: request.currency,
    email: request.email,
    payment_status: request.paymentStatus,
    created_at: ts(request.createdAt),
    customer: customerWire(customer, { integrations: false }),
    invoices: invoices.map(invoiceWire),
  };
}
