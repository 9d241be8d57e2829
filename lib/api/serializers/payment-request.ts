import { z } from 'zod';
import type { PaymentRequestObject } from '@/lib/queries/api/payment-requests';
import { ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { customerSchema, customerWire } from './customer.ts';
import { invoiceSchema, invoiceWire } from './invoice.ts';

export const paymentRequestSchema = resource('PaymentRequest', {
  lago_id: is.uuid,
  amount_cents: is.cents,
  amount_currency: is.currency,
  email: is.str.nullable(),
  payment_status: z.enum(['pending', 'succeeded', 'failed']),
  created_at: is.ts,
  customer: customerSchema,
  invoices: z.array(invoiceSchema),
});

/** API contract, section 10. */
export function paymentRequestWire({
  request,
  customer,
  invoices,
}: PaymentRequestObject): Wire<typeof paymentRequestSchema> {
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
