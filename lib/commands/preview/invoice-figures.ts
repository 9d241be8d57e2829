import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { creditNotes, fees } from '@/db/schema';
import { dueOf } from '@/lib/invoicing/payments';
import type { CommandContext } from '../core/command';
import { findInvoice } from '../invoices/find';
import type { InvoiceFigures } from './types';

/** Money that credit notes on an invoice pay back, in all. */
async function refundedOn({ tx, organizationId }: CommandContext, invoiceId: string): Promise<string> {
  const [row] = await tx
    .select({ total: sql<string>`coalesce(sum(${creditNotes.refundAmountMinor}), 0)::text` })
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.invoiceId, invoiceId),
        eq(creditNotes.status, 'finalized'),
      ),
    );
  return row?.total ?? '0';
}

/** An invoice as it stands at this moment of the transaction. Throws not_found. */
export async function figuresOf(ctx: CommandContext, invoiceId: string): Promise<InvoiceFigures> {
  const { tx, organizationId } = ctx;
  const invoice = await findInvoice(tx, organizationId, invoiceId);
  const lines = await tx
    .select()
    .from(fees)
    .where(
      and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId), isNull(fees.deletedAt)),
    )
    .orderBy(asc(fees.position), asc(fees.id));
  return {
    name: invoice.number ? `Invoice ${invoice.number}` : 'Draft',
    status: invoice.status,
    lines: lines.map((fee) => ({
      key: fee.lineKey ?? fee.id,
      name: fee.invoiceDisplayName || fee.itemName || fee.itemCode,
      units: fee.units,
      amountMinor: fee.amountMinor.toString(),
    })),
    totalMinor: invoice.totalAmountMinor.toString(),
    dueMinor: (invoice.status === 'finalized' ? dueOf(invoice) : 0n).toString(),
    refundedMinor: await refundedOn(ctx, invoiceId),
  };
}
