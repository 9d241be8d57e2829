import { and, eq, inArray, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { invoices } from '@/db/schema';
import { startOfDay } from '@/lib/billing/periods/zone';
import { invoiceFinalized } from '@/lib/ledger/entries';
import { schedule, scheduleAll } from '@/lib/schedule/due';
import { announce, type WebhookType } from '@/lib/schedule/outbox';
import { type BillingContext, isForecast } from './context';
import type { BilledCustomer } from './customers';
import type { DateRules } from './dates';
import { takeInvoiceNumber } from './number';
import { readInvoice } from './write-invoice';

/** The customer's rules for dates, falling back to the entity's (semantics 12.4). */
export function dateRules({ customer, entity }: BilledCustomer): DateRules {
  return {
    gracePeriod: customer.invoiceGracePeriod ?? entity.invoiceGracePeriod,
    anchor: customer.subscriptionInvoiceIssuingDateAnchor ?? entity.subscriptionInvoiceIssuingDateAnchor,
    adjustment:
      customer.subscriptionInvoiceIssuingDateAdjustment ?? entity.subscriptionInvoiceIssuingDateAdjustment,
    netPaymentTerm: customer.netPaymentTerm ?? entity.netPaymentTerm,
  };
}

const CREATED: Partial<Record<(typeof invoices.$inferSelect)['invoiceType'], WebhookType>> = {
  one_off: 'invoice.one_off_created',
  credit: 'invoice.paid_credit_added',
};

/**
 * Finishes an invoice whose figures stand: status, postings, what falls due after it, announcement, and last of all its
 * number (the counter's lock makes the series gapless; a preview takes none).
 */
export async function completeInvoice(
  ctx: BillingContext,
  billed: BilledCustomer,
  invoiceId: string,
): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const invoice = await readInvoice(ctx, invoiceId);
  if (!invoice) throw new Error(`invoice ${invoiceId} vanished inside its own transaction`);
  if (!isForecast(ctx)) await invoiceFinalized(ctx, { ...invoice, status: 'finalized' });
  if (invoice.totalAmountMinor > 0n && invoice.paymentDueDate) {
    await schedule(tx, organizationId, now, {
      kind: 'invoice.overdue',
      key: 'once',
      // Overdue the day after the due date, by the UTC date (semantics 12.8).
      dueAt: startOfDay(invoice.paymentDueDate, 'UTC') + 86_400_000,
      customerId: invoice.customerId,
      subjectId: invoiceId,
    });
  }
  await announce(tx, organizationId, now, {
    type: CREATED[invoice.invoiceType] ?? 'invoice.created',
    objectId: invoiceId,
  });
  const numbered =
    ctx.mode === 'preview'
      ? null
      : await takeInvoiceNumber(ctx, billed.customer, billed.entity, billed.timezone);
  await tx
    .update(invoices)
    .set({
      status: 'finalized',
      finalizedAt: new Date(now),
      updatedAt: new Date(now),
      releaseAt: null,
      refreshFlaggedAt: null,
      number: numbered?.number ?? null,
      sequentialId: numbered?.sequentialId ?? null,
      entitySequentialId: numbered?.entitySequentialId ?? null,
    })
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
}

/**
 * Flags drafts whose plan, taxes or metrics changed; each falls due now to be worked out again (semantics 12.5). Returns
 * how many.
 */
export async function flagDrafts(
  { tx, organizationId, now }: BillingContext,
  customerIds: string[] | 'all',
): Promise<number> {
  const rows = await tx
    .update(invoices)
    .set({ refreshFlaggedAt: new Date(now) })
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.status, 'draft'),
        sql`${invoices.releaseAt} is null`,
        ...(customerIds === 'all' ? [] : [inArray(invoices.customerId, customerIds)]),
      ),
    )
    .returning({ id: invoices.id, customerId: invoices.customerId });
  await scheduleAll(
    tx,
    organizationId,
    now,
    rows.map(({ id, customerId }) => ({
      kind: 'invoice.refresh',
      // A hand-moved clock may stand still between two changes: the instant alone would not name the occasion.
      key: newId(),
      dueAt: now,
      customerId,
      subjectId: id,
    })),
  );
  return rows.length;
}
