import { and, eq } from 'drizzle-orm';
import { invoices } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { expectDunning } from '@/lib/invoicing/dunning';
import { finalizeDraft, refreshDraft } from '@/lib/invoicing/refresh';
import { readInvoice } from '@/lib/invoicing/write-invoice';
import { announce } from '@/lib/schedule/outbox';

interface DueInvoice {
  subjectId: string;
}

/** Due: a draft's review window is over, or a held act's time to take it back (semantics 12.5). */
export async function finalizeDue(ctx: BillingContext, { subjectId }: DueInvoice): Promise<void> {
  const invoice = await readInvoice(ctx, subjectId);
  if (!invoice) return;
  await lockCustomer(ctx, invoice.customerId);
  const locked = await readInvoice(ctx, subjectId);
  if (locked?.status === 'draft') await finalizeDraft(ctx, subjectId);
}

/** Due: a flagged draft is worked out again. */
export async function refreshDue(ctx: BillingContext, { subjectId }: DueInvoice): Promise<void> {
  const invoice = await readInvoice(ctx, subjectId);
  if (invoice?.status === 'draft' && invoice.refreshFlaggedAt) await refreshDraft(ctx, subjectId);
}

/** Due: the day after the due date has come and money is still owed (semantics 12.8). */
export async function overdueDue(ctx: BillingContext, { subjectId }: DueInvoice): Promise<void> {
  const invoice = await readInvoice(ctx, subjectId);
  const owed = invoice?.status === 'finalized' && invoice.paymentStatus !== 'succeeded';
  if (!invoice || !owed || invoice.paymentDisputeLostAt || invoice.paymentOverdue) return;
  await ctx.tx
    .update(invoices)
    .set({ paymentOverdue: true, updatedAt: new Date(ctx.now) })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, subjectId)));
  await announce(ctx.tx, ctx.organizationId, ctx.now, {
    type: 'invoice.payment_overdue',
    objectId: subjectId,
  });
  await expectDunning(ctx, invoice.customerId);
}
