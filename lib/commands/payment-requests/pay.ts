import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { invoices, paymentRequestInvoices, paymentRequests } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { dueOf, type InvoiceRow, type PaymentRow, recordPayment } from '@/lib/invoicing/payments';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { identifier, instant, isUuid, minorUnits, text } from '../core/fields.ts';
import type { PaymentRequestRow } from './write.ts';

const input = z.object({
  payment_request_id: identifier(),
  amount_cents: minorUnits(),
  reference: text(40),
  paid_at: instant().nullish(),
});

/**
 * Records that a payment request was paid outside a provider. It is paid as a whole (semantics 13): the sum must be what
 * is due on its invoices now, and each of them is paid by it. Throws not_found, invalid and not_allowed.
 */
export const payPaymentRequest = defineCommand<z.infer<typeof input>, PaymentRow>({
  name: 'payment-requests/pay',
  input,
  right: 'payments.record',
  reason: 'none',
  undo: 'fix_forward',
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    const request = await findRequest(ctx, given.payment_request_id);
    await lockCustomer(ctx, request.customerId);
    const owed = (await invoicesOf(ctx, request)).filter((invoice) => dueOf(invoice) > 0n);
    const due = owed.reduce((sum, invoice) => sum + dueOf(invoice), 0n);
    if (due === 0n) notAllowed('invalid_status', 'Nothing is due on this payment request any more.');
    if (given.amount_cents !== due) {
      invalid(
        { amount_cents: ['invalid_value'] },
        `A payment request is paid whole: ${formatMoney(due, request.currency)}.`,
      );
    }
    let first: PaymentRow | null = null;
    for (const invoice of owed) {
      const payment = await recordPayment(ctx, {
        invoiceId: invoice.id,
        amountMinor: dueOf(invoice),
        kind: 'manual',
        reference: given.reference,
        paidAt: given.paid_at,
        paymentRequestId: request.id,
        partOfId: first?.id ?? null,
      });
      first ??= payment;
    }
    await tx
      .update(paymentRequests)
      .set({ paymentStatus: 'succeeded', updatedAt: new Date(now) })
      .where(and(eq(paymentRequests.organizationId, organizationId), eq(paymentRequests.id, request.id)));
    await announce(tx, organizationId, now, {
      type: 'payment_request.payment_status_updated',
      objectId: request.id,
    });
    return {
      result: first ?? notFound('payment'),
      title: `Record a payment of ${formatMoney(due, request.currency)} for ${owed.length} invoices`,
      subject: { type: 'payment_request', id: request.id },
      customerId: request.customerId,
      before: { dueMinor: due },
      after: first,
    };
  },
});

async function findRequest({ tx, organizationId }: BillingContext, id: string): Promise<PaymentRequestRow> {
  if (!isUuid(id)) return notFound('payment_request');
  const [row] = await tx
    .select()
    .from(paymentRequests)
    .where(and(eq(paymentRequests.organizationId, organizationId), eq(paymentRequests.id, id)))
    .for('update');
  return row ?? notFound('payment_request');
}

async function invoicesOf(
  { tx, organizationId }: BillingContext,
  request: PaymentRequestRow,
): Promise<InvoiceRow[]> {
  const rows = await tx
    .select({ invoice: invoices })
    .from(paymentRequestInvoices)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, paymentRequestInvoices.invoiceId)),
    )
    .where(
      and(
        eq(paymentRequestInvoices.organizationId, organizationId),
        eq(paymentRequestInvoices.paymentRequestId, request.id),
      ),
    )
    .orderBy(invoices.id)
    .for('update');
  return rows.map(({ invoice }) => invoice);
}
