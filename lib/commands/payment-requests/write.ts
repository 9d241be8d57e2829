import { newId } from '@/db/ids';
import { paymentRequestInvoices, paymentRequests } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { dueOf, type InvoiceRow } from '@/lib/invoicing/payments';
import { announce } from '@/lib/schedule/outbox';

export type PaymentRequestRow = typeof paymentRequests.$inferSelect;

/**
 * Writes a request for what is still due on invoices of one customer, entity and currency, and tells of it. `email` is
 * null for a customer without an address; `campaignId` names the campaign that asks.
 */
export async function writePaymentRequest(
  { tx, organizationId, now }: BillingContext,
  { email, campaignId }: { email: string | null; campaignId: string | null },
  asked: InvoiceRow[],
): Promise<PaymentRequestRow> {
  const at = new Date(now);
  const [first] = asked;
  if (!first) throw new Error('a payment request asks for something');
  const [request] = await tx
    .insert(paymentRequests)
    .values({
      organizationId,
      id: newId(),
      customerId: first.customerId,
      billingEntityId: first.billingEntityId,
      dunningCampaignId: campaignId,
      email,
      amountMinor: asked.reduce((sum, invoice) => sum + dueOf(invoice), 0n),
      currency: first.currency,
      createdAt: at,
      updatedAt: at,
    })
    .returning();
  if (!request) throw new Error('a payment request was not written');
  await tx.insert(paymentRequestInvoices).values(
    asked.map((invoice) => ({
      organizationId,
      paymentRequestId: request.id,
      invoiceId: invoice.id,
      createdAt: at,
    })),
  );
  await announce(tx, organizationId, now, { type: 'payment_request.created', objectId: request.id });
  return request;
}
