import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm';
import { creditNoteItems, creditNotes, fees, feeTaxes, type invoices } from '@/db/schema';
import type { CreditableFee, CreditableInvoice, EarlierNote } from '@/lib/billing/credit-note/note';
import { Exact } from '@/lib/billing/money/exact';
import type { BillingContext } from './context';

type InvoiceRow = typeof invoices.$inferSelect;

/** An invoice as credit notes are worked out from it: its lines with their taxes, and what earlier notes took (semantics 11.2). */
export async function loadCreditable(ctx: BillingContext, invoice: InvoiceRow): Promise<CreditableInvoice> {
  const due =
    invoice.totalAmountMinor - invoice.totalPaidAmountMinor - invoice.totalOffsettedCreditNoteAmountMinor;
  return {
    isPrepaid: invoice.invoiceType === 'credit',
    isDraft: invoice.status === 'draft',
    totalAmountMinor: invoice.totalAmountMinor,
    totalPaidMinor: invoice.totalPaidAmountMinor,
    totalDueMinor: invoice.status === 'voided' ? 0n : due,
    fees: await creditableFees(ctx, invoice.id),
    notes: await earlierNotes(ctx, invoice.id),
  };
}

async function creditableFees(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<CreditableFee[]> {
  const rows = await tx
    .select()
    .from(fees)
    .where(
      and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId), isNull(fees.deletedAt)),
    )
    .orderBy(asc(fees.position), asc(fees.id));
  if (rows.length === 0) return [];
  const taxes = await tx
    .select()
    .from(feeTaxes)
    .where(
      and(
        eq(feeTaxes.organizationId, organizationId),
        inArray(
          feeTaxes.feeId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .orderBy(asc(feeTaxes.taxCode));
  return rows.map((row) => ({
    id: row.id,
    amountMinor: row.amountMinor,
    taxesAmountMinor: row.taxesAmountMinor,
    preciseCouponsAmountMinor: Exact.of(row.preciseCouponsAmountMinor),
    taxes: taxes
      .filter((tax) => tax.feeId === row.id)
      .map((tax) => ({
        // A tax deleted since still counts; its line is then its own identity.
        id: tax.taxId ?? tax.id,
        code: tax.taxCode,
        name: tax.taxName,
        description: tax.taxDescription,
        rate: tax.taxRate,
      })),
  }));
}

async function earlierNotes(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<EarlierNote[]> {
  const notes = await tx
    .select()
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.invoiceId, invoiceId),
        ne(creditNotes.status, 'deleted'),
      ),
    )
    .orderBy(asc(creditNotes.sequentialId));
  if (notes.length === 0) return [];
  const items = await tx
    .select()
    .from(creditNoteItems)
    .where(
      and(
        eq(creditNoteItems.organizationId, organizationId),
        inArray(
          creditNoteItems.creditNoteId,
          notes.map((note) => note.id),
        ),
      ),
    );
  return notes.map((note) => ({
    creditMinor: note.creditAmountMinor,
    refundMinor: note.refundAmountMinor,
    offsetMinor: note.offsetAmountMinor,
    subTotalExcludingTaxesMinor: note.subTotalExcludingTaxesMinor,
    preciseCouponsAdjustmentMinor: Exact.of(note.preciseCouponsAdjustmentAmountMinor),
    taxesMinor: note.taxesAmountMinor,
    preciseTaxesMinor: Exact.of(note.preciseTaxesAmountMinor),
    items: items
      .filter((item) => item.creditNoteId === note.id)
      .map((item) => ({ feeId: item.feeId, preciseAmountMinor: Exact.of(item.preciseAmountMinor) })),
  }));
}
