import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { among } from '@/db/among';
import { newId } from '@/db/ids';
import { creditNotes, credits } from '@/db/schema';
import type { CreditNoteFacts } from '@/lib/billing/invoice/facts';
import type { InvoiceResult } from '@/lib/billing/invoice/result';
import { creditNoteUsed, creditNoteVoided } from '@/lib/ledger/entries';
import { conflict, notAllowed, notFound } from '@/lib/schedule/errors';
import { type BillingContext, isForecast } from './context';
import type { BillToLower } from './coupons';

export {
  deleteDraftNotes,
  detachDraftNotes,
  finalizeDraftCreditNotes,
  reattachDraftNotes,
} from './credit-note-drafts';
export { issueCreditNote, issueExcessCreditNote } from './credit-note-issue';
export { issueTerminationCreditNote } from './credit-note-termination';

export type CreditNoteRow = typeof creditNotes.$inferSelect;

/**
 * The notes that may pay customers' next bills, bill by bill, oldest first: finished, with something left, of the same
 * currency and not issued on that very invoice (semantics 11.5).
 */
export async function loadCreditNoteFacts(
  { tx, organizationId }: BillingContext,
  bills: (BillToLower & { invoiceId: string | null })[],
): Promise<CreditNoteFacts[][]> {
  if (bills.length === 0) return [];
  const rows = await tx
    .select()
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        among(creditNotes.customerId, [...new Set(bills.map(({ customerId }) => customerId))]),
        eq(creditNotes.status, 'finalized'),
        eq(creditNotes.creditStatus, 'available'),
        gt(creditNotes.balanceAmountMinor, 0n),
      ),
    )
    .orderBy(asc(creditNotes.createdAt), asc(creditNotes.id));
  return bills.map((bill) =>
    rows
      .filter(
        (row) =>
          row.customerId === bill.customerId &&
          row.currency === bill.currency &&
          row.invoiceId !== bill.invoiceId,
      )
      .map((row) => ({
        id: row.id,
        invoiceId: row.invoiceId,
        currency: row.currency,
        balanceMinor: row.balanceAmountMinor,
        createdAt: row.createdAt.getTime(),
      })),
  );
}

async function lockNotes(
  { tx, organizationId }: BillingContext,
  ids: string[],
): Promise<Map<string, CreditNoteRow>> {
  const rows = await tx
    .select()
    .from(creditNotes)
    .where(and(eq(creditNotes.organizationId, organizationId), inArray(creditNotes.id, ids)))
    .orderBy(asc(creditNotes.id))
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

async function write(
  { tx, organizationId, now }: BillingContext,
  id: string,
  values: Partial<CreditNoteRow>,
): Promise<CreditNoteRow> {
  const [row] = await tx
    .update(creditNotes)
    .set({ ...values, updatedAt: new Date(now) })
    .where(and(eq(creditNotes.organizationId, organizationId), eq(creditNotes.id, id)))
    .returning();
  return row ?? notFound('credit_note');
}

/**
 * Pays part of an invoice with notes: balances, credit lines and the ledger. Each note is locked; when another bill used
 * it meanwhile this throws conflict `credit_note_moved`, so a note is never spent twice.
 */
export async function recordCreditNoteUse(
  ctx: BillingContext,
  invoiceId: string,
  uses: InvoiceResult['creditNotes'],
): Promise<void> {
  const wanted = uses.filter((use) => use.amountMinor > 0n);
  if (wanted.length === 0) return;
  const { tx, organizationId, now } = ctx;
  const locked = await lockNotes(
    ctx,
    wanted.map((use) => use.creditNoteId),
  );
  for (const { creditNoteId, amountMinor } of wanted) {
    const note = locked.get(creditNoteId);
    if (note?.creditStatus !== 'available' || note.balanceAmountMinor < amountMinor) {
      conflict('credit_note_moved', 'A credit note on this bill was used meanwhile. Try again.');
    }
    const left = note.balanceAmountMinor - amountMinor;
    await write(ctx, creditNoteId, {
      balanceAmountMinor: left,
      creditStatus: left === 0n ? 'consumed' : 'available',
    });
    const creditId = newId();
    await tx.insert(credits).values({
      organizationId,
      id: creditId,
      invoiceId,
      kind: 'credit_note',
      creditNoteId,
      amountMinor,
      currency: note.currency,
      beforeTaxes: false,
      createdAt: new Date(now),
    });
    if (isForecast(ctx)) continue;
    await creditNoteUsed(ctx, {
      creditId,
      customerId: note.customerId,
      currency: note.currency,
      amountMinor,
      occurredAt: now,
    });
  }
}

/** Cancels what is left of a note; what was used stays used (semantics 11.4). Throws not_found or not_allowed. */
export async function voidCreditNote(ctx: BillingContext, creditNoteId: string): Promise<CreditNoteRow> {
  const note = (await lockNotes(ctx, [creditNoteId])).get(creditNoteId);
  if (note?.status !== 'finalized') return notFound('credit_note');
  if (note.creditStatus !== 'available' || note.balanceAmountMinor <= 0n) {
    notAllowed('no_voidable_amount', 'Nothing is left of this credit note.');
  }
  await creditNoteVoided(ctx, {
    creditNoteId,
    customerId: note.customerId,
    currency: note.currency,
    totalMinor: note.totalAmountMinor,
    taxesAmountMinor: note.taxesAmountMinor,
    balanceMinor: note.balanceAmountMinor,
    occurredAt: ctx.now,
  });
  return write(ctx, creditNoteId, {
    balanceAmountMinor: 0n,
    creditStatus: 'voided',
    voidedAt: new Date(ctx.now),
  });
}
