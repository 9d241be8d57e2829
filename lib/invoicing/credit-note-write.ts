import { and, eq, max } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { type CreditNoteReason, creditNoteItems, creditNotes, creditNoteTaxes } from '@/db/schema';
import { type CreditNoteResult, NOTE_SCALE } from '@/lib/billing/credit-note/note';
import { localDate } from '@/lib/billing/periods/zone';
import { creditNoteIssued } from '@/lib/ledger/entries';
import { conflict } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import { purchaseOf } from './credit-note-purchase';
import { type BilledCustomer, loadCustomer } from './customers';
import { partiesOf } from './parties';
import { dueOf, type InvoiceRow, lockInvoice, setInvoicePaymentStatus, updateInvoice } from './payments';
import { lockWallet } from './wallet-balance';
import { drawInOrder, readLots, takeOut } from './wallet-draws';

export type CreditNoteRow = typeof creditNotes.$inferSelect;

export interface NoteDetails {
  reason: CreditNoteReason;
  description?: string | null;
  metadata?: Record<string, string | null> | null;
}

/** The columns of a note that follow from what the engine worked out. */
export function noteColumns(result: CreditNoteResult) {
  return {
    totalAmountMinor: result.totalMinor,
    creditAmountMinor: result.creditMinor,
    refundAmountMinor: result.refundMinor,
    offsetAmountMinor: result.offsetMinor,
    balanceAmountMinor: result.creditMinor,
    creditStatus: result.creditMinor > 0n ? ('available' as const) : null,
    refundStatus: result.refundMinor > 0n ? ('pending' as const) : null,
    subTotalExcludingTaxesMinor: result.subTotalExcludingTaxesMinor,
    couponsAdjustmentAmountMinor: result.couponsAdjustmentMinor,
    preciseCouponsAdjustmentAmountMinor: result.preciseCouponsAdjustmentMinor.toDecimalString(NOTE_SCALE),
    taxesAmountMinor: result.taxesMinor,
    preciseTaxesAmountMinor: result.preciseTaxesMinor.toDecimalString(NOTE_SCALE),
    taxesRate: result.taxesRate.toDecimalString(NOTE_SCALE),
  };
}

/** `{invoice number}-CN001`; a draft's note takes its number with the invoice's (semantics 11.1). */
export function noteNumber(invoice: InvoiceRow, { entity }: BilledCustomer, sequentialId: number): string {
  const base = invoice.number ?? `${entity.documentNumberPrefix}-DRAFT`;
  return `${base}-CN${String(sequentialId).padStart(3, '0')}`;
}

/**
 * Writes a note on an invoice: draft while the invoice is one, else finished with its postings. The caller holds the
 * customer's lock and has checked what may be given back.
 */
export async function writeNote(
  ctx: BillingContext,
  invoice: InvoiceRow,
  result: CreditNoteResult,
  details: NoteDetails,
): Promise<CreditNoteRow> {
  const { tx, organizationId, now } = ctx;
  const billed = await loadCustomer(ctx, invoice.customerId, invoice.billingEntityId);
  const [last] = await tx
    .select({ sequentialId: max(creditNotes.sequentialId) })
    .from(creditNotes)
    .where(and(eq(creditNotes.organizationId, organizationId), eq(creditNotes.invoiceId, invoice.id)));
  const sequentialId = (last?.sequentialId ?? 0) + 1;
  const at = new Date(now);
  const [note] = await tx
    .insert(creditNotes)
    .values({
      organizationId,
      id: newId(),
      customerId: invoice.customerId,
      invoiceId: invoice.id,
      sequentialId,
      number: noteNumber(invoice, billed, sequentialId),
      status: invoice.status === 'draft' ? 'draft' : 'finalized',
      reason: details.reason,
      description: details.description ?? null,
      metadata: details.metadata ?? null,
      currency: invoice.currency,
      issuingDate: localDate(now, billed.timezone),
      ...noteColumns(result),
      selfBilled: invoice.selfBilled,
      parties: partiesOf(billed),
      createdAt: at,
      updatedAt: at,
    })
    .returning();
  if (!note) throw new Error('a credit note was not written');
  await writeNoteLines(ctx, note, result);
  if (note.status === 'finalized') await finishNote(ctx, note, invoice);
  return note;
}

export async function writeNoteLines(
  { tx, organizationId, now }: BillingContext,
  note: CreditNoteRow,
  result: CreditNoteResult,
): Promise<void> {
  const common = { organizationId, creditNoteId: note.id, currency: note.currency, createdAt: new Date(now) };
  if (result.items.length > 0) {
    await tx.insert(creditNoteItems).values(
      result.items.map((item) => ({
        ...common,
        id: newId(),
        feeId: item.feeId,
        amountMinor: item.amountMinor,
        preciseAmountMinor: item.preciseAmountMinor.toDecimalString(NOTE_SCALE),
      })),
    );
  }
  if (result.taxes.length === 0) return;
  await tx.insert(creditNoteTaxes).values(
    result.taxes.map(({ tax, baseAmountMinor, amountMinor }) => ({
      ...common,
      id: newId(),
      taxId: tax.id,
      taxCode: tax.code,
      taxName: tax.name,
      taxRate: tax.rate,
      taxDescription: tax.description,
      baseAmountMinor,
      amountMinor,
    })),
  );
}

/** What a finished note sets in motion: postings, its offset on the invoice, refunded credits, the announcement. */
export async function finishNote(
  ctx: BillingContext,
  note: CreditNoteRow,
  invoice: InvoiceRow,
): Promise<void> {
  await creditNoteIssued(ctx, {
    creditNoteId: note.id,
    customerId: note.customerId,
    currency: note.currency,
    invoiceType: invoice.invoiceType,
    taxesAmountMinor: note.taxesAmountMinor,
    creditMinor: note.creditAmountMinor,
    refundMinor: note.refundAmountMinor,
    offsetMinor: note.offsetAmountMinor,
    occurredAt: ctx.now,
  });
  if (invoice.invoiceType === 'credit' && note.refundAmountMinor > 0n)
    await takeBackCredits(ctx, note, invoice);
  if (note.offsetAmountMinor > 0n) await applyOffset(ctx, note);
  await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'credit_note.created', objectId: note.id });
}

/** An offset lowers what is due; when nothing is left the invoice is paid (semantics 11.7). */
async function applyOffset(ctx: BillingContext, note: CreditNoteRow): Promise<void> {
  const invoice = await lockInvoice(ctx, note.invoiceId);
  const after = await updateInvoice(ctx, invoice.id, {
    totalOffsettedCreditNoteAmountMinor: invoice.totalOffsettedCreditNoteAmountMinor + note.offsetAmountMinor,
  });
  if (dueOf(after) <= 0n) await setInvoicePaymentStatus(ctx, invoice.id, 'succeeded', { byOffset: true });
}

/** Money back for bought credits takes the credits back: from what is left of that very purchase (semantics 10.9). */
async function takeBackCredits(ctx: BillingContext, note: CreditNoteRow, invoice: InvoiceRow): Promise<void> {
  const purchase = await purchaseOf(ctx, invoice.id);
  const wallet = await lockWallet(ctx, purchase.walletId);
  const lots = (await readLots(ctx, [wallet])).filter((lot) => lot.id === purchase.id);
  const draws = drawInOrder(lots, note.refundAmountMinor);
  const held = draws.reduce((sum, draw) => sum + draw.amountMinor, 0n);
  if (wallet.status !== 'active' || held < note.refundAmountMinor) {
    conflict(
      'higher_than_wallet_balance',
      'These credits have been used. Only what is left can be refunded.',
    );
  }
  await takeOut(ctx, wallet, { status: 'voided', draws, creditNoteId: note.id });
}
