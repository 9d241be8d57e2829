import { and, eq, inArray, isNull } from 'drizzle-orm';
import { creditNotes, invoices, outbox, subscriptions } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { voidCreditNote } from '@/lib/invoicing/credit-notes';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { clearLines, readInvoice, releasePeriods } from '@/lib/invoicing/write-invoice';
import { cancelDue } from '@/lib/schedule/due';
import { conflict } from '@/lib/schedule/errors';
import { scheduleLife } from './activate';
import { loadSubscription, readSubscription } from './read';
import { cancelLife } from './terminate';

/** Deletes an act's invoice while it is held back. Throws conflict with `tooLate` once it has left. */
export async function takeBackHeld(
  ctx: BillingContext,
  invoiceId: string,
  tooLate: string,
): Promise<{ createdAt: Date }> {
  const { tx, organizationId, now } = ctx;
  const invoice = await readInvoice(ctx, invoiceId);
  if (invoice?.status !== 'draft' || !invoice.releaseAt) return conflict('already_released', tooLate);
  await cancelDue(tx, organizationId, now, 'invoice.release', invoiceId);
  await clearLines(ctx, invoiceId);
  await releasePeriods(ctx, [invoiceId]);
  await tx
    .update(invoices)
    .set({ status: 'deleted', releaseAt: null, updatedAt: new Date(now) })
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
  return invoice;
}

/** A subscription that an act started is taken off again. */
export async function cancelStarted(ctx: BillingContext, startedId: string): Promise<void> {
  const { tx, organizationId, now } = ctx;
  await tx
    .update(subscriptions)
    .set({ status: 'canceled', canceledAt: new Date(now), updatedAt: new Date(now) })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, startedId)));
  await cancelLife(ctx, startedId);
}

/** Puts an ended subscription back as if it had never ended. */
export async function reopen(ctx: BillingContext, subscriptionId: string): Promise<SubscriptionRow> {
  const { tx, organizationId, now } = ctx;
  await tx
    .update(subscriptions)
    .set({
      status: 'active',
      terminatedAt: null,
      terminationKind: null,
      pausedAt: null,
      updatedAt: new Date(now),
    })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)));
  const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
  await scheduleLife(ctx, subscription, plan, billed);
  return subscription;
}

/** The credit for unused days that the act itself made goes with it. Returns which notes those were. */
export async function voidTerminationNotes(
  ctx: BillingContext,
  endedId: string,
  madeAt: Date,
): Promise<string[]> {
  const ended = await readSubscription(ctx, endedId);
  const rows = await ctx.tx
    .select({ id: creditNotes.id })
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, ctx.organizationId),
        eq(creditNotes.customerId, ended.customerId),
        eq(creditNotes.reason, 'order_cancellation'),
        eq(creditNotes.createdAt, madeAt),
        eq(creditNotes.creditStatus, 'available'),
      ),
    );
  for (const { id } of rows) {
    await voidCreditNote(ctx, id);
    // Deleted, not only void: the days it gave back count as never given back.
    await ctx.tx
      .update(creditNotes)
      .set({ status: 'deleted', updatedAt: new Date(ctx.now) })
      .where(and(eq(creditNotes.organizationId, ctx.organizationId), eq(creditNotes.id, id)));
  }
  return rows.map(({ id }) => id);
}

/** Nothing is held after all: no invoice waits, so there is nothing to take back. */
export async function tellAtOnce(
  { tx, organizationId, now }: BillingContext,
  objectIds: string[],
): Promise<void> {
  await tx
    .update(outbox)
    .set({ releaseAt: new Date(now) })
    .where(
      and(
        eq(outbox.organizationId, organizationId),
        inArray(outbox.objectId, objectIds),
        eq(outbox.createdAt, new Date(now)),
        isNull(outbox.dispatchedAt),
      ),
    );
}

/** What has not left yet about the act is never told. */
export async function dropAnnouncements(
  { tx, organizationId, now }: BillingContext,
  objectIds: string[],
  since: Date,
) {
  await tx
    .update(outbox)
    .set({ canceledAt: new Date(now) })
    .where(
      and(
        eq(outbox.organizationId, organizationId),
        inArray(outbox.objectId, objectIds),
        eq(outbox.createdAt, since),
        isNull(outbox.dispatchedAt),
      ),
    );
}
