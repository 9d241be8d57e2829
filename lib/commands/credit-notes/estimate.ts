import { z } from 'zod';
import { computeCreditNote } from '@/lib/billing/credit-note/compute-credit-note';
import { itemErrors, maxCreditable, maxOffsettable, maxRefundable } from '@/lib/billing/credit-note/limits';
import type { CreditNoteResult } from '@/lib/billing/credit-note/note';
import type { BillingContext } from '@/lib/invoicing/context';
import { loadCreditable } from '@/lib/invoicing/credit-note-facts';
import { assertPurchaseRefundable } from '@/lib/invoicing/credit-note-purchase';
import type { InvoiceRow } from '@/lib/invoicing/payments';
import { invalid } from '@/lib/schedule/errors';
import { identifier } from '../core/fields.ts';
import { findInvoice } from '../invoices/find.ts';
import { itemsOf, noteItems } from './input.ts';

export const estimateInput = z.object({ invoice_id: identifier(), items: noteItems });

export interface CreditNoteEstimate {
  invoice: InvoiceRow;
  result: CreditNoteResult;
  maxCreditableMinor: bigint;
  maxRefundableMinor: bigint;
  maxOffsettableMinor: bigint;
}

/**
 * What a note of these items would be, and the most this invoice still gives back; of bought credits, the most these
 * items give back. Writes nothing. Throws not_found, invalid for more than is left of a line, and what `assertPurchaseRefundable` throws.
 */
export async function estimateCreditNote(
  ctx: BillingContext,
  given: z.infer<typeof estimateInput>,
): Promise<CreditNoteEstimate> {
  const invoice = await findInvoice(ctx.tx, ctx.organizationId, given.invoice_id);
  const items = await itemsOf(ctx, invoice.id, given.items);
  const creditable = await loadCreditable(ctx, invoice);
  const errors = itemErrors(creditable, items);
  if (Object.keys(errors).length > 0) invalid(errors, 'More than is left of a line cannot be given back.');
  const result = computeCreditNote({
    invoice: creditable,
    items,
    amounts: creditable.isPrepaid ? 'refund' : 'credit',
  });
  await assertPurchaseRefundable(ctx, invoice, result.totalMinor);
  const most = maxRefundable(creditable);
  return {
    invoice,
    result,
    maxCreditableMinor: maxCreditable(creditable),
    maxRefundableMinor: creditable.isPrepaid && result.totalMinor < most ? result.totalMinor : most,
    maxOffsettableMinor: maxOffsettable(creditable),
  };
}
