import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { invoices } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { lockCustomer } from '@/lib/invoicing/customers';
import {
  dueOf,
  type InvoiceRow,
  lockInvoice,
  type PaymentRow,
  recordPayment as record,
} from '@/lib/invoicing/payments';
import { invalid, notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, instant, isUuid, minorUnits, text } from '../core/fields.ts';

const input = z.object({
  invoice_id: identifier(),
  amount_cents: minorUnits('invalid_value', 'invalid_value', 'invalid_value'),
  reference: text(40),
  paid_at: instant().nullish(),
});

/**
 * Records money that came in outside a provider (semantics 13): at most what is due; a purchase of credits is paid
 * exactly. The invoice is paid once nothing is due.
 */
export const recordPayment = defineCommand<z.infer<typeof input>, PaymentRow>({
  name: 'payments/record',
  input,
  right: 'payments.record',
  reason: 'none',
  undo: 'fix_forward',
  async run(ctx, given) {
    const found = await payable(ctx, given.invoice_id);
    await lockCustomer(ctx, found.customerId);
    const invoice = await lockInvoice(ctx, found.id);
    const due = dueOf(invoice);
    const exact = invoice.invoiceType === 'credit';
    if (given.amount_cents <= 0n || given.amount_cents > due || (exact && given.amount_cents !== due)) {
      invalid(
        { amount_cents: ['invalid_value'] },
        exact
          ? `A purchase of credits is paid whole: ${formatMoney(due, invoice.currency)}.`
          : `Enter at most what is due: ${formatMoney(due, invoice.currency)}.`,
      );
    }
    const payment = await record(ctx, {
      invoiceId: invoice.id,
      amountMinor: given.amount_cents,
      kind: 'manual',
      reference: given.reference,
      paidAt: given.paid_at,
    });
    return {
      result: payment,
      title: `Record a payment of ${formatMoney(payment.amountMinor, payment.currency)}`,
      subject: { type: 'payment', id: payment.id },
      customerId: invoice.customerId,
      before: { dueMinor: due },
      after: payment,
    };
  },
});

/** Finished invoices, and purchases that wait for their payment. Throws not_found. */
async function payable({ tx, organizationId }: CommandContext, id: string): Promise<InvoiceRow> {
  if (!isUuid(id)) return notFound('invoice');
  const [row] = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.id, id),
        inArray(invoices.status, ['finalized', 'open']),
      ),
    );
  return row ?? notFound('invoice');
}
