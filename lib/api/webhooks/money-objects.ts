import { and, eq } from 'drizzle-orm';
import { creditNotes, fees, invoices } from '@/db/schema';
import { loadCreditNoteObjects } from '@/lib/queries/api/credit-notes';
import { loadFeeObjects } from '@/lib/queries/api/fees';
import { loadInvoiceObjects } from '@/lib/queries/api/invoices';
import { readReceipt } from '@/lib/queries/api/payment-receipts';
import { readPaymentRequest } from '@/lib/queries/api/payment-requests';
import { readPayment } from '@/lib/queries/api/payments';
import { creditNoteDetailWire } from '../serializers/credit-note.ts';
import { feeDetailWire } from '../serializers/fee.ts';
import { invoiceDetailWire } from '../serializers/invoice.ts';
import { paymentReceiptWire, paymentWire } from '../serializers/payment.ts';
import { paymentRequestWire } from '../serializers/payment-request.ts';
import { customerOf } from './customer-objects.ts';
import type { Loader } from './source.ts';

/** An invoice with everything on it, whatever became of it. */
export const invoiceObject: Loader = async ({ tx, organizationId, objectId, now }) => {
  const rows = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, objectId)));
  const [object] = await loadInvoiceObjects(tx, organizationId, rows, { full: true, now });
  return object ? invoiceDetailWire(object) : null;
};

export const disputeLostObject: Loader = async (source) => {
  const invoice = await invoiceObject(source);
  return invoice ? { invoice, provider_error: source.payload.error ?? null } : null;
};

/** Why a payment of an invoice failed. */
export const invoicePaymentErrorObject: Loader = async (source) => {
  const { tx, organizationId, objectId, payload } = source;
  const [invoice] = await tx
    .select({ customerId: invoices.customerId })
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, objectId)));
  if (!invoice) return null;
  const customer = await customerOf(source, invoice.customerId);
  return {
    lago_invoice_id: objectId,
    lago_customer_id: invoice.customerId,
    external_customer_id: customer?.external_id ?? null,
    provider_customer_id: customer?.billing_configuration.provider_customer_id ?? null,
    payment_provider: customer?.billing_configuration.payment_provider ?? null,
    payment_provider_code: customer?.billing_configuration.payment_provider_code ?? null,
    provider_error: payload.error ?? null,
  };
};

export const creditNoteObject: Loader = async ({ tx, organizationId, objectId }) => {
  const rows = await tx
    .select()
    .from(creditNotes)
    .where(and(eq(creditNotes.organizationId, organizationId), eq(creditNotes.id, objectId)));
  const [object] = await loadCreditNoteObjects(tx, organizationId, rows);
  return object ? creditNoteDetailWire(object) : null;
};

export const feeObject: Loader = async ({ tx, organizationId, objectId }) => {
  const rows = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.id, objectId)));
  const [object] = await loadFeeObjects(tx, organizationId, rows);
  return object ? feeDetailWire(object) : null;
};

export const paymentObject: Loader = async ({ tx, organizationId, objectId }) => {
  const object = await readPayment(tx, organizationId, objectId);
  return object ? { ...paymentWire(object), payment_method: null } : null;
};

export const paymentRequestObject: Loader = async ({ tx, organizationId, objectId, now }) => {
  const object = await readPaymentRequest(tx, organizationId, objectId, now);
  return object ? paymentRequestWire(object) : null;
};

export const paymentReceiptObject: Loader = async ({ tx, organizationId, objectId }) => {
  const object = await readReceipt(tx, organizationId, objectId);
  return object ? paymentReceiptWire(object) : null;
};
