import { z } from 'zod';
import { newId } from '@/db/ids';
import type { InvoiceMetadata } from '@/db/schema';
import { lockCustomer } from '@/lib/invoicing/customers';
import {
  type InvoiceRow,
  lockInvoice,
  setInvoicePaymentStatus,
  updateInvoice,
} from '@/lib/invoicing/payments';
import { invalid, notAllowed } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, oneOf, optionalText, text } from '../core/fields.ts';
import { findInvoice, invoiceName } from './find.ts';

const MOST_METADATA = 5;

const input = z.object({
  id: identifier(),
  payment_status: oneOf(['pending', 'succeeded', 'failed']).nullish(),
  metadata: z
    .array(z.object({ id: identifier().nullish(), key: text(40), value: optionalText(255) }), {
      error: 'must_be_an_array',
    })
    .nullish(),
});
type Input = z.infer<typeof input>;

/**
 * Says by hand whether an invoice is paid, which records no money (semantics 13), or changes its notes. Throws not_allowed
 * on drafts and voided invoices.
 */
export const updateInvoiceCommand = defineCommand<Input, InvoiceRow>({
  name: 'invoices/update',
  input,
  right: 'invoices.write',
  reason: 'optional',
  undo: null,
  async run(ctx, given) {
    const before = await findInvoice(ctx.tx, ctx.organizationId, given.id);
    await lockCustomer(ctx, before.customerId);
    if (before.status === 'voided') {
      notAllowed('update_on_voided_invoice', 'A voided invoice stays as it is.');
    }
    if (given.metadata) await writeMetadata(ctx, before, given.metadata);
    if (given.payment_status) {
      if (before.status === 'draft') {
        notAllowed('payment_status_update_on_draft_invoice', 'A draft cannot be paid.');
      }
      await setInvoicePaymentStatus(ctx, before.id, given.payment_status);
    }
    const after = await lockInvoice(ctx, before.id);
    return {
      result: after,
      title: given.payment_status
        ? `Mark ${invoiceName(after)} as ${WORDS[given.payment_status]}`
        : `Change the notes of ${invoiceName(after)}`,
      subject: { type: 'invoice', id: after.id },
      customerId: after.customerId,
      before: { paymentStatus: before.paymentStatus, metadata: before.metadata },
      after: { paymentStatus: after.paymentStatus, metadata: after.metadata },
    };
  },
});

const WORDS = { pending: 'unpaid', succeeded: 'paid', failed: 'failed' };

/** The list given replaces the one there; a known id keeps its row, others are new. */
async function writeMetadata(
  ctx: CommandContext,
  invoice: InvoiceRow,
  given: NonNullable<Input['metadata']>,
): Promise<void> {
  if (invoice.status === 'draft')
    notAllowed('metadata_on_draft_invoice', 'Notes come with the finished invoice.');
  if (given.length > MOST_METADATA)
    invalid({ metadata: ['invalid_count'] }, `At most ${MOST_METADATA} notes.`);
  const metadata = given.map(({ id, key, value }): InvoiceMetadata => {
    const known = invoice.metadata.find((entry) => entry.id === id);
    return {
      id: known?.id ?? newId(),
      key,
      value: value ?? '',
      created_at: known?.created_at ?? new Date(ctx.now).toISOString(),
    };
  });
  await updateInvoice(ctx, invoice.id, { metadata });
}
