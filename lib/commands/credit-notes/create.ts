import { z } from 'zod';
import { CREDIT_NOTE_REASONS } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { assertPurchaseRefundable } from '@/lib/invoicing/credit-note-purchase';
import { type CreditNoteRow, issueCreditNote } from '@/lib/invoicing/credit-notes';
import { lockCustomer } from '@/lib/invoicing/customers';
import { notAllowed } from '@/lib/schedule/errors';
import { defineCommand, type LimitUse, type Outcome } from '../core/command.ts';
import { identifier, oneOf, optionalMinorUnits, optionalText } from '../core/fields.ts';
import { findInvoice } from '../invoices/find.ts';
import { mapOf, metadataMap } from '../wallets/input.ts';
import { itemsOf, noteItems } from './input.ts';

const input = z.object({
  invoice_id: identifier(),
  items: noteItems,
  credit_amount_cents: optionalMinorUnits(),
  refund_amount_cents: optionalMinorUnits(),
  offset_amount_cents: optionalMinorUnits(),
  reason: oneOf(CREDIT_NOTE_REASONS).nullish(),
  description: optionalText(600),
  metadata: metadataMap,
});

/** Gives back part of an invoice: as credit, as money, or off what is due (semantics 11). */
export const createCreditNote = defineCommand<z.infer<typeof input>, CreditNoteRow>({
  name: 'credit-notes/create',
  input,
  right: 'credit_notes.issue',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, given) {
    const invoice = await findInvoice(ctx.tx, ctx.organizationId, given.invoice_id);
    await lockCustomer(ctx, invoice.customerId);
    if (invoice.status !== 'finalized') {
      notAllowed('invalid_type_or_status', 'Credit notes are issued on finished invoices.');
    }
    const refundMinor = given.refund_amount_cents ?? 0n;
    if (refundMinor > 0n) await assertPurchaseRefundable(ctx, invoice, refundMinor);
    const note = await issueCreditNote(ctx, {
      invoiceId: invoice.id,
      items: await itemsOf(ctx, invoice.id, given.items),
      amounts: {
        creditMinor: given.credit_amount_cents ?? 0n,
        refundMinor,
        offsetMinor: given.offset_amount_cents ?? 0n,
      },
      reason: given.reason ?? 'other',
      description: given.description,
      metadata: given.metadata ? mapOf(given.metadata) : null,
    });
    return noteOutcome(note);
  },
});

/** What an act that issued a credit note came to. */
export function noteOutcome(note: CreditNoteRow): Outcome<CreditNoteRow> {
  return {
    result: note,
    title: noteTitle(note),
    subject: { type: 'credit_note', id: note.id },
    customerId: note.customerId,
    after: note,
    givenAway: { amountMinor: note.totalAmountMinor, currency: note.currency },
    limit: noteLimit(note),
  };
}

/** "Refund $20.00", "Credit $50.00", "Credit $30.00 and refund $20.00". */
function noteTitle(note: CreditNoteRow): string {
  const parts: [string, bigint][] = [
    ['credit', note.creditAmountMinor],
    ['refund', note.refundAmountMinor],
    ['take off', note.offsetAmountMinor],
  ];
  const said = parts
    .filter(([, amount]) => amount > 0n)
    .map(([verb, amount]) => `${verb} ${formatMoney(amount, note.currency)}`)
    .join(' and ');
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** Money back is held against the refund limit, the rest against the one for credit notes. */
function noteLimit(note: CreditNoteRow): LimitUse {
  return note.refundAmountMinor > 0n
    ? { act: 'refund', quantity: note.totalAmountMinor, currency: note.currency }
    : { act: 'credit_note', quantity: note.totalAmountMinor, currency: note.currency };
}
