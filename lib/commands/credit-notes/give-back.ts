import { z } from 'zod';
import { type CreditNoteRow, issueCreditNote } from '@/lib/invoicing/credit-notes';
import { lockCustomer } from '@/lib/invoicing/customers';
import { notAllowed } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command';
import { minorUnits } from '../core/fields';
import { findInvoice } from '../invoices/find';
import { noteOutcome } from './create';
import { estimateCreditNote } from './estimate';
import { itemsOf } from './input';

const input = z.strictObject({
  invoiceId: z.uuid(),
  /** Lines and how much of each, before tax and before their share of a discount. */
  lines: z
    .array(z.strictObject({ feeId: z.uuid(), amountMinor: minorUnits() }))
    .min(1)
    .max(500),
  /** Where it goes: credit for later bills, money back, or off what is due of this very invoice. */
  as: z.enum(['credit', 'refund', 'offset']),
});

/**
 * Gives back parts of an invoice's lines with the tax they bore, all in one way (semantics 11). What the note comes to is
 * worked out here, so nobody adds up tax by hand. Throws invalid when it is more than the invoice still gives back. On
 * screen: "Credit note".
 */
export const giveBack = defineCommand<z.output<typeof input>, CreditNoteRow>({
  name: 'credit-notes/give-back',
  input,
  right: 'credit_notes.issue',
  reason: 'required',
  undo: 'fix_forward',
  invoiceOf: ({ invoiceId }) => invoiceId,
  async run(ctx, { invoiceId, lines, as }) {
    const invoice = await findInvoice(ctx.tx, ctx.organizationId, invoiceId);
    await lockCustomer(ctx, invoice.customerId);
    if (invoice.status !== 'finalized') {
      notAllowed('invalid_type_or_status', 'Credit notes are issued on finished invoices.');
    }
    const wanted = lines.filter(({ amountMinor }) => amountMinor > 0n);
    const given = wanted.map(({ feeId, amountMinor }) => ({ fee_id: feeId, amount_cents: amountMinor }));
    if (as === 'refund') await estimateCreditNote(ctx, { invoice_id: invoiceId, items: given });
    const items = await itemsOf(ctx, invoiceId, given);
    const note = await issueCreditNote(ctx, { invoiceId, items, amounts: as, reason: 'other' });
    return noteOutcome(note);
  },
});
