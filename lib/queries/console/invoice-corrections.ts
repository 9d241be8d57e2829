import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { adjustedFees, fees, invoices } from '@/db/schema';
import { remainingItems } from '@/lib/billing/credit-note/amounts';
import { maxCreditable, maxOffsettable, maxRefundable } from '@/lib/billing/credit-note/limits';
import { loadCreditable } from '@/lib/invoicing/credit-note-facts';

/** A line that a person changed on the draft: what they wrote, as decimal text. */
export interface ChangedLine {
  units: string | null;
  unitPrice: string | null;
  name: string | null;
}

/** What may still be corrected on an invoice, minor units as text. */
export interface InvoiceCorrections {
  /** The most that may become credit, money back, or come off what is due. */
  creditableMinor: string;
  refundableMinor: string;
  offsettableMinor: string;
  /** What earlier credit notes left of every line, before tax. */
  leftOfLines: Record<string, string>;
  /** Changes on a draft's lines. */
  changedLines: Record<string, ChangedLine>;
  /** The bill made in its place, and the one it was made in place of. */
  billedAgain: InvoiceName | null;
  replaces: InvoiceName | null;
}

export interface InvoiceName {
  id: string;
  number: string | null;
}

/** Reads what corrections an invoice allows now; null when there is none of this id. */
export async function invoiceCorrections(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
  now: number,
): Promise<InvoiceCorrections | null> {
  const [invoice] = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
  if (!invoice) return null;
  const creditable = await loadCreditable({ tx, organizationId, now, mode: 'preview' }, invoice);
  const [billedAgain] = await tx.execute<InvoiceName & Record<string, unknown>>(sql`
    select id, number from invoices where organization_id = ${organizationId}
      and customer_id = ${invoice.customerId} and voided_invoice_id = ${invoiceId}
      and status in ('draft', 'finalized', 'pending', 'failed') limit 1`);
  const [replaces] = invoice.voidedInvoiceId
    ? await tx
        .select({ id: invoices.id, number: invoices.number })
        .from(invoices)
        .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoice.voidedInvoiceId)))
    : [];
  return {
    creditableMinor: maxCreditable(creditable).toString(),
    refundableMinor: maxRefundable(creditable).toString(),
    offsettableMinor: maxOffsettable(creditable).toString(),
    leftOfLines: Object.fromEntries(
      remainingItems(creditable).map(({ feeId, preciseAmountMinor }) => [
        feeId,
        preciseAmountMinor.floor().toBigInt().toString(),
      ]),
    ),
    changedLines: invoice.status === 'draft' ? await changedLines(tx, organizationId, invoiceId) : {},
    billedAgain: billedAgain ?? null,
    replaces: replaces ?? null,
  };
}

async function changedLines(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<Record<string, ChangedLine>> {
  const rows = await tx
    .select({
      feeId: fees.id,
      units: adjustedFees.units,
      unitPrice: adjustedFees.unitPreciseAmount,
      name: adjustedFees.invoiceDisplayName,
    })
    .from(adjustedFees)
    .innerJoin(
      fees,
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.invoiceId, adjustedFees.invoiceId),
        eq(fees.lineKey, adjustedFees.lineKey),
      ),
    )
    .where(and(eq(adjustedFees.organizationId, organizationId), eq(adjustedFees.invoiceId, invoiceId)));
  return Object.fromEntries(rows.map(({ feeId, ...change }) => [feeId, change]));
}
