import { z } from 'zod';
import { computeCreditNote, proRataItems } from '@/lib/billing/credit-note/compute-credit-note';
import { maxCreditable, maxRefundable } from '@/lib/billing/credit-note/limits';
import { formatMoney } from '@/lib/billing/money/format';
import { releaseCoupons } from '@/lib/invoicing/coupons';
import { loadCreditable } from '@/lib/invoicing/credit-note-facts';
import { writeNote } from '@/lib/invoicing/credit-note-write';
import { type CreditNoteRow, voidCreditNote } from '@/lib/invoicing/credit-notes';
import { lockCustomer } from '@/lib/invoicing/customers';
import { dueOf, type InvoiceRow, lockInvoice, updateInvoice } from '@/lib/invoicing/payments';
import { failPurchase } from '@/lib/invoicing/wallet-lots';
import { restoreVoidedInvoiceCredits } from '@/lib/invoicing/wallets';
import { releasePeriods } from '@/lib/invoicing/write-invoice';
import { invoiceVoided } from '@/lib/ledger/entries';
import { cancelDue } from '@/lib/schedule/due';
import { invalid, notAllowed } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, optionalFlag, optionalMinorUnits } from '../core/fields.ts';
import { findInvoice, invoiceName } from './find.ts';

const input = z.object({
  id: identifier(),
  generate_credit_note: optionalFlag(),
  refund_amount: optionalMinorUnits(),
  credit_amount: optionalMinorUnits(),
});
type Input = z.infer<typeof input>;

/**
 * Voids a finished invoice (semantics 12.6): its number stays, nothing is due any more, coupons come back and so do the
 * credits of wallets; or, asked for, a credit note gives back what is named and the credits stay used. Credit notes that
 * had paid it are not given back. A person's limit counts the whole invoice. On screen: "Cancel invoice".
 */
export const voidInvoice = defineCommand<Input, InvoiceRow>({
  name: 'invoices/void',
  input,
  right: 'invoices.write',
  reason: 'required',
  undo: 'fix_forward',
  invoiceOf: ({ id }) => id,
  async run(ctx, given) {
    const found = await findInvoice(ctx.tx, ctx.organizationId, given.id);
    await lockCustomer(ctx, found.customerId);
    const before = await lockInvoice(ctx, found.id);
    if (before.status !== 'finalized') notAllowed('not_voidable', 'Only a finished invoice can be voided.');
    const note = given.generate_credit_note ? await giveBack(ctx, before, given) : null;
    const restoredMinor = given.generate_credit_note ? 0n : await restoreVoidedInvoiceCredits(ctx, before.id);
    const after = await markVoided(ctx, before, restoredMinor);
    return {
      result: after,
      title: `Cancel ${invoiceName(before)}, ${formatMoney(before.totalAmountMinor, before.currency)}`,
      subject: { type: 'invoice', id: before.id },
      customerId: before.customerId,
      before,
      after,
      limit: {
        act: note && note.refundAmountMinor > 0n ? 'refund' : 'credit_note',
        quantity: before.totalAmountMinor,
        currency: before.currency,
      },
    };
  },
});

async function markVoided(
  ctx: CommandContext,
  before: InvoiceRow,
  restoredMinor: bigint,
): Promise<InvoiceRow> {
  const { tx, organizationId, now } = ctx;
  await releaseCoupons(ctx, before.id);
  await releasePeriods(ctx, [before.id]);
  await invoiceVoided(ctx, { ...before, uncollectedMinor: dueOf(before), restoredMinor });
  if (before.invoiceType === 'credit') await failPurchase(ctx, before.id);
  await cancelDue(tx, organizationId, now, 'invoice.overdue', before.id);
  const after = await updateInvoice(ctx, before.id, {
    status: 'voided',
    voidedAt: new Date(now),
    paymentOverdue: false,
    readyForPaymentProcessing: false,
  });
  await announce(tx, organizationId, now, { type: 'invoice.voided', objectId: before.id });
  return after;
}

/** One note for what is asked, over the lines in proportion, and one for the rest that is cancelled at once. */
async function giveBack(
  ctx: CommandContext,
  invoice: InvoiceRow,
  { credit_amount, refund_amount }: Input,
): Promise<CreditNoteRow | null> {
  const creditMinor = credit_amount ?? 0n;
  const refundMinor = refund_amount ?? 0n;
  const wanted = creditMinor + refundMinor;
  const creditable = await loadCreditable(ctx, invoice);
  const most = maxCreditable(creditable);
  if (wanted > most) {
    invalid(
      { credit_refund_amount: ['total_amount_exceeds_invoice_amount'] },
      'More than the invoice gives back.',
    );
  }
  if (refundMinor > maxRefundable(creditable)) {
    const paid = invoice.totalPaidAmountMinor > 0n;
    invalid(
      {
        refund_amount_cents: [paid ? 'higher_than_remaining_invoice_amount' : 'cannot_refund_unpaid_invoice'],
      },
      'Only money that was paid can be paid back.',
    );
  }
  const details = { reason: 'other' as const };
  let note: CreditNoteRow | null = null;
  if (wanted > 0n) {
    const items = proRataItems(creditable, { totalMinor: wanted });
    const amounts = { creditMinor, refundMinor, offsetMinor: 0n };
    const result = computeCreditNote({ invoice: creditable, items, amounts });
    note = await writeNote(ctx, invoice, result, details);
  }
  const left = await loadCreditable(ctx, invoice);
  const rest = maxCreditable(left);
  if (rest <= 0n) return note;
  const items = proRataItems(left, { totalMinor: rest });
  const result = computeCreditNote({ invoice: left, items, amounts: 'credit' });
  if (result.totalMinor > 0n) await voidCreditNote(ctx, (await writeNote(ctx, invoice, result, details)).id);
  return note;
}
