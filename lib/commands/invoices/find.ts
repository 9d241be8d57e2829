import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { invoices } from '@/db/schema';
import type { InvoiceRow } from '@/lib/invoicing/payments';
import { notFound } from '@/lib/schedule/errors';
import { isUuid } from '../core/fields.ts';

/** What Lago's doors show; the other statuses do not exist for them (semantics 12.2). */
export const VISIBLE = ['draft', 'finalized', 'voided', 'failed', 'pending'] as const;

/** An invoice that is visible outside. Throws not_found. */
export async function findInvoice(tx: Tx, organizationId: string, id: string): Promise<InvoiceRow> {
  if (!isUuid(id)) return notFound('invoice');
  const [row] = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.id, id),
        inArray(invoices.status, [...VISIBLE]),
      ),
    );
  return row ?? notFound('invoice');
}

/** "Invoice ACME-001-004", or "the draft". */
export const invoiceName = (invoice: InvoiceRow): string =>
  invoice.number ? `invoice ${invoice.number}` : 'the draft';
