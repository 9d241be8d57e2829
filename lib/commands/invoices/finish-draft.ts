import { z } from 'zod';
import { lockCustomer } from '@/lib/invoicing/customers';
import { type InvoiceRow, lockInvoice } from '@/lib/invoicing/payments';
import { finalizeDraft, refreshDraft } from '@/lib/invoicing/refresh';
import { CommandError, notFound } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { findInvoice } from './find.ts';

const input = z.object({ id: identifier() });
type Input = z.infer<typeof input>;

/**
 * Works a draft out again from present events and prices; any other invoice stays as it is. Throws forbidden unless it
 * bills subscriptions (API contract, section 7).
 */
export const refreshInvoice = defineCommand<Input, InvoiceRow>({
  name: 'invoices/refresh',
  input,
  right: 'invoices.write',
  reason: 'none',
  undo: null,
  async run(ctx, { id }) {
    const before = await findInvoice(ctx.tx, ctx.organizationId, id);
    if (before.invoiceType !== 'subscription') {
      throw new CommandError({ kind: 'forbidden', code: 'feature_unavailable' });
    }
    await lockCustomer(ctx, before.customerId);
    if (before.status === 'draft') await refreshDraft(ctx, id);
    return {
      result: await lockInvoice(ctx, id),
      title: 'Work the draft out again',
      subject: { type: 'invoice', id },
      customerId: before.customerId,
      before: { totalAmountMinor: before.totalAmountMinor },
    };
  },
});

/** Finishes a draft before its grace period is over. Throws not_found for anything but a draft. */
export const finalizeInvoice = defineCommand<Input, InvoiceRow>({
  name: 'invoices/finalize',
  input,
  right: 'invoices.issue',
  reason: 'none',
  undo: null,
  async run(ctx, { id }) {
    const before = await findInvoice(ctx.tx, ctx.organizationId, id);
    await lockCustomer(ctx, before.customerId);
    const locked = await lockInvoice(ctx, id);
    if (locked.status !== 'draft') notFound('invoice');
    await finalizeDraft(ctx, id);
    const after = await lockInvoice(ctx, id);
    return {
      result: after,
      title: 'Finish the draft',
      subject: { type: 'invoice', id },
      customerId: before.customerId,
      before: { status: before.status },
      after: { status: after.status, number: after.number, totalAmountMinor: after.totalAmountMinor },
    };
  },
});
