import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { invoices } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { InvoiceRow } from '@/lib/invoicing/payments';
import { notAllowed, notFound } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { isUuid, text } from '../core/fields.ts';
import { findCustomer } from '../customers/find.ts';
import { VISIBLE } from '../invoices/find.ts';
import { type PaymentRequestRow, writePaymentRequest } from './write.ts';

const input = z.object({
  external_customer_id: text(),
  email: text(255),
  lago_invoice_ids: z.array(z.string({ error: 'value_is_invalid' }), { error: 'value_is_mandatory' }),
});

/**
 * Asks a customer for several overdue invoices at once (semantics 13): one currency, one billing entity; the amount is
 * what is still due on them. On screen: "Ask for payment".
 */
export const createPaymentRequest = defineCommand<z.infer<typeof input>, PaymentRequestRow>({
  name: 'payment-requests/create',
  input,
  right: 'invoices.write',
  reason: 'none',
  undo: 'fix_forward',
  async run(ctx, given) {
    const customer = await findCustomer(ctx.tx, ctx.organizationId, given.external_customer_id);
    await lockCustomer(ctx, customer.id);
    const asked = await invoicesOf(ctx, customer.id, given.lago_invoice_ids);
    const first = asked[0] ?? notFound('invoice');
    assertPayableTogether(asked, first);
    const request = await writePaymentRequest(ctx, { email: given.email, campaignId: null }, asked);
    return {
      result: request,
      title: `Ask for ${formatMoney(request.amountMinor, request.currency)}`,
      subject: { type: 'payment_request', id: request.id },
      customerId: customer.id,
      after: request,
    };
  },
});

/** The customer's visible invoices of these ids, each once. Throws not_found unless every one is there. */
async function invoicesOf(
  { tx, organizationId }: BillingContext,
  customerId: string,
  given: string[],
): Promise<InvoiceRow[]> {
  const ids = [...new Set(given)];
  if (ids.length === 0 || !ids.every(isUuid)) return notFound('invoice');
  const rows = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.customerId, customerId),
        inArray(invoices.id, ids),
        inArray(invoices.status, [...VISIBLE]),
      ),
    )
    .orderBy(invoices.id)
    .for('update');
  return rows.length < ids.length ? notFound('invoice') : rows;
}

function assertPayableTogether(asked: InvoiceRow[], first: InvoiceRow): void {
  if (asked.some((invoice) => !invoice.paymentOverdue)) {
    notAllowed('invoices_not_overdue', 'Only overdue invoices can be asked for together.');
  }
  if (asked.some(({ currency }) => currency !== first.currency)) {
    notAllowed('invoices_have_different_currencies', 'Choose invoices of one currency.');
  }
  if (asked.some(({ billingEntityId }) => billingEntityId !== first.billingEntityId)) {
    notAllowed('invoices_have_different_billing_entities', 'Choose invoices of one billing entity.');
  }
  if (asked.some(({ readyForPaymentProcessing }) => !readyForPaymentProcessing)) {
    notAllowed('invoices_not_ready_for_payment_processing', 'A payment of one of these is on its way.');
  }
}
