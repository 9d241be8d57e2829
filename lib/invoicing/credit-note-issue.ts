import {
  computeCreditNote,
  type NoteKind,
  proRataItems,
} from '@/lib/billing/credit-note/compute-credit-note';
import { creditNoteErrors } from '@/lib/billing/credit-note/limits';
import type { NoteAmounts, NoteItem } from '@/lib/billing/credit-note/note';
import { invalid } from '@/lib/schedule/errors';
import type { BillingContext } from './context';
import { loadCreditable } from './credit-note-facts';
import { type CreditNoteRow, type NoteDetails, writeNote } from './credit-note-write';
import { lockInvoice } from './payments';

export type IssueNoteRequest = NoteDetails & {
  invoiceId: string;
  /** Before tax and coupon share, minor units. */
  items: NoteItem[];
  /** With tax; or one kind for the whole note. */
  amounts: NoteKind | NoteAmounts;
};

/**
 * Issues a credit note on an invoice (semantics 11): limits, taxes, number, postings and announcement. The caller holds
 * the customer's lock. Throws invalid with Lago's codes when more is asked than may be given back.
 */
export async function issueCreditNote(
  ctx: BillingContext,
  request: IssueNoteRequest,
): Promise<CreditNoteRow> {
  const invoice = await lockInvoice(ctx, request.invoiceId);
  const creditable = await loadCreditable(ctx, invoice);
  const { items, amounts } = request;
  const asked = typeof amounts === 'string' ? null : amounts;
  if (asked) {
    const errors = creditNoteErrors(creditable, items, asked);
    if (Object.keys(errors).length > 0) invalid(errors, 'This is more than can be given back.');
  }
  const result = computeCreditNote({ invoice: creditable, items, amounts });
  if (!asked) {
    const errors = creditNoteErrors(creditable, items, result);
    if (Object.keys(errors).length > 0) invalid(errors, 'This is more than can be given back.');
  }
  return writeNote(ctx, invoice, result, request);
}

/**
 * What a progressive invoice billed beyond its period's usage goes back as credit, over its lines in proportion
 * (semantics 7.2). `excessMinor` is before tax. Null when nothing of it is left to give back.
 */
export async function issueExcessCreditNote(
  ctx: BillingContext,
  invoiceId: string,
  excessMinor: bigint,
): Promise<CreditNoteRow | null> {
  const invoice = await lockInvoice(ctx, invoiceId);
  const creditable = await loadCreditable(ctx, invoice);
  const items = proRataItems(creditable, { subTotalMinor: excessMinor });
  if (items.length === 0) return null;
  const result = computeCreditNote({ invoice: creditable, items, amounts: 'credit' });
  return result.totalMinor > 0n ? writeNote(ctx, invoice, result, { reason: 'other' }) : null;
}
