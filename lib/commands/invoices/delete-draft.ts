import { z } from 'zod';
import { deleteDraftNotes } from '@/lib/invoicing/credit-notes';
import { lockCustomer } from '@/lib/invoicing/customers';
import { type InvoiceRow, lockInvoice, updateInvoice } from '@/lib/invoicing/payments';
import { releasePeriods } from '@/lib/invoicing/write-invoice';
import { cancelDue } from '@/lib/schedule/due';
import { notAllowed } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { findInvoice } from './find.ts';

const input = z.object({ id: identifier() });

/** Throws a draft away with its draft credit notes; the period is free to be billed again (semantics 12.5). */
export const deleteDraft = defineCommand<z.infer<typeof input>, InvoiceRow>({
  name: 'invoices/delete-draft',
  input,
  right: 'invoices.write',
  reason: 'optional',
  undo: null,
  async run(ctx, { id }) {
    const { tx, organizationId, now } = ctx;
    const found = await findInvoice(tx, organizationId, id);
    await lockCustomer(ctx, found.customerId);
    const before = await lockInvoice(ctx, id);
    if (before.status !== 'draft') notAllowed('not_deletable', 'Only a draft can be deleted.');
    await deleteDraftNotes(ctx, id);
    await releasePeriods(ctx, [id]);
    for (const kind of ['invoice.finalize', 'invoice.release', 'invoice.refresh'] as const) {
      await cancelDue(tx, organizationId, now, kind, id);
    }
    const after = await updateInvoice(ctx, id, { status: 'deleted', refreshFlaggedAt: null });
    await announce(tx, organizationId, now, { type: 'invoice.deleted', objectId: id });
    return {
      result: after,
      title: 'Delete the draft',
      subject: { type: 'invoice', id },
      customerId: before.customerId,
      before,
    };
  },
});
