import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { creditNoteItems, creditNotes, creditNoteTaxes, fees } from '@/db/schema';
import { computeCreditNote } from '@/lib/billing/credit-note/compute-credit-note';
import { NOTE_SCALE } from '@/lib/billing/credit-note/note';
import { Exact } from '@/lib/billing/money/exact';
import { localDate } from '@/lib/billing/periods/zone';
import type { BillingContext } from './context';
import { loadCreditable } from './credit-note-facts';
import { type CreditNoteRow, finishNote, noteColumns, noteNumber, writeNoteLines } from './credit-note-write';
import { loadCustomer } from './customers';
import { partiesOf } from './parties';
import { lockInvoice } from './payments';

/** A draft's note, taken off its lines while these are made anew. */
export interface DetachedNote {
  note: CreditNoteRow;
  items: { line: string; share: Exact }[];
}

type FeeRow = typeof fees.$inferSelect;

/** What a line is, whatever its id: the same line of the next computation answers the same text. */
function lineOf(fee: FeeRow): string {
  const { feeType, subscriptionId, chargeId, chargeFilterId, fixedChargeId, groupedBy, trueUpParentFeeId } =
    fee;
  return JSON.stringify([
    feeType,
    subscriptionId,
    chargeId,
    chargeFilterId,
    fixedChargeId,
    groupedBy,
    trueUpParentFeeId !== null,
  ]);
}

async function draftNotes(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<CreditNoteRow[]> {
  return tx
    .select()
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.invoiceId, invoiceId),
        eq(creditNotes.status, 'draft'),
      ),
    )
    .orderBy(asc(creditNotes.sequentialId));
}

/** Before a draft's lines are cleared: takes its notes off them, remembering which part of which line each gave back. */
export async function detachDraftNotes(ctx: BillingContext, invoiceId: string): Promise<DetachedNote[]> {
  const { tx, organizationId } = ctx;
  const notes = await draftNotes(ctx, invoiceId);
  const ids = notes.map((note) => note.id);
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ item: creditNoteItems, fee: fees })
    .from(creditNoteItems)
    .innerJoin(fees, and(eq(fees.organizationId, organizationId), eq(fees.id, creditNoteItems.feeId)))
    .where(
      and(eq(creditNoteItems.organizationId, organizationId), inArray(creditNoteItems.creditNoteId, ids)),
    );
  await tx
    .delete(creditNoteItems)
    .where(
      and(eq(creditNoteItems.organizationId, organizationId), inArray(creditNoteItems.creditNoteId, ids)),
    );
  await tx
    .delete(creditNoteTaxes)
    .where(
      and(eq(creditNoteTaxes.organizationId, organizationId), inArray(creditNoteTaxes.creditNoteId, ids)),
    );
  return notes.map((note) => ({
    note,
    items: rows
      .filter(({ item, fee }) => item.creditNoteId === note.id && fee.amountMinor > 0n)
      .map(({ item, fee }) => ({
        line: lineOf(fee),
        share: Exact.of(item.preciseAmountMinor).div(fee.amountMinor),
      })),
  }));
}

/** After the lines are written anew: each note gives back the same part of them (semantics 11.5); one without a line left is deleted. */
export async function reattachDraftNotes(
  ctx: BillingContext,
  invoiceId: string,
  detached: DetachedNote[],
): Promise<void> {
  if (detached.length === 0) return;
  const { tx, organizationId } = ctx;
  const invoice = await lockInvoice(ctx, invoiceId);
  const lines = await tx
    .select()
    .from(fees)
    .where(
      and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId), isNull(fees.deletedAt)),
    );
  for (const { note, items } of detached) {
    const scaled = items.flatMap(({ line, share }) => {
      const fee = lines.find((candidate) => lineOf(candidate) === line);
      if (!fee || fee.amountMinor <= 0n) return [];
      return [{ feeId: fee.id, preciseAmountMinor: share.mul(fee.amountMinor).trunc(NOTE_SCALE) }];
    });
    const creditable = await loadCreditable(ctx, invoice);
    const result = computeCreditNote({
      invoice: creditable,
      items: scaled,
      amounts: note.offsetAmountMinor > 0n ? 'offset' : 'credit',
    });
    if (result.totalMinor <= 0n) {
      await write(ctx, note.id, { status: 'deleted' });
      continue;
    }
    await write(ctx, note.id, noteColumns(result));
    await writeNoteLines(ctx, note, result);
  }
}

/** The draft is finished: its notes take their numbers and count from now on (semantics 11.5). */
export async function finalizeDraftCreditNotes(ctx: BillingContext, invoiceId: string): Promise<void> {
  const notes = await draftNotes(ctx, invoiceId);
  if (notes.length === 0) return;
  const invoice = await lockInvoice(ctx, invoiceId);
  const billed = await loadCustomer(ctx, invoice.customerId, invoice.billingEntityId);
  for (const draft of notes) {
    const note = await write(ctx, draft.id, {
      status: 'finalized',
      number: noteNumber(invoice, billed, draft.sequentialId),
      issuingDate: localDate(ctx.now, billed.timezone),
      parties: partiesOf(billed),
    });
    await finishNote(ctx, note, invoice);
  }
}

/** The draft is deleted, and its notes with it. */
export async function deleteDraftNotes(ctx: BillingContext, invoiceId: string): Promise<void> {
  for (const note of await draftNotes(ctx, invoiceId)) await write(ctx, note.id, { status: 'deleted' });
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
  if (!row) throw new Error(`credit note ${id} vanished inside its own transaction`);
  return row;
}
