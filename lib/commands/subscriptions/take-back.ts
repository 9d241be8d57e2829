import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  creditNoteItems,
  creditNotes,
  creditNoteTaxes,
  fees,
  invoiceSubscriptions,
  invoices,
  outbox,
  subscriptions,
} from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { voidCreditNote } from '@/lib/invoicing/credit-notes';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import type { InvoiceRow } from '@/lib/invoicing/payments';
import { clearLines, readInvoice, releasePeriods } from '@/lib/invoicing/write-invoice';
import { cancelDue } from '@/lib/schedule/due';
import { conflict } from '@/lib/schedule/errors';
import { scheduleLife } from './activate';
import { findByExternalId, findContinuation, loadSubscription, readSubscription } from './read';
import { cancelLife } from './terminate';

/**
 * Deletes an act's invoice while it is held back. Throws conflict with `tooLate` once it has left, and when a period has
 * closed or days were given back meanwhile: they rest on the act.
 */
export async function takeBackHeld(
  ctx: BillingContext,
  invoiceId: string,
  tooLate: string,
): Promise<{ createdAt: Date }> {
  const { tx, organizationId, now } = ctx;
  const invoice = await readInvoice(ctx, invoiceId);
  if (invoice?.status !== 'draft' || !invoice.releaseAt) return conflict('already_released', tooLate);
  await assertNotBilledSince(ctx, invoice);
  await assertNothingGivenBack(ctx, invoiceId);
  await cancelDue(tx, organizationId, now, 'invoice.release', invoiceId);
  await clearLines(ctx, invoiceId);
  await releasePeriods(ctx, [invoiceId]);
  await tx
    .update(invoices)
    .set({ status: 'deleted', releaseAt: null, updatedAt: new Date(now) })
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
  return invoice;
}

async function assertNotBilledSince(
  { tx, organizationId }: BillingContext,
  { id, createdAt }: Pick<InvoiceRow, 'id' | 'createdAt'>,
): Promise<void> {
  const later = alias(invoiceSubscriptions, 'later');
  const [billed] = await tx
    .select({ id: later.id })
    .from(invoiceSubscriptions)
    .innerJoin(
      later,
      and(
        eq(later.organizationId, organizationId),
        eq(later.subscriptionId, invoiceSubscriptions.subscriptionId),
        eq(later.recurring, true),
        eq(later.live, true),
        gt(later.timestamp, createdAt),
      ),
    )
    .where(
      and(eq(invoiceSubscriptions.organizationId, organizationId), eq(invoiceSubscriptions.invoiceId, id)),
    )
    .limit(1);
  if (billed) conflict('billed_since', 'The next bill has been made since. Make a correction instead.');
}

/** A credit that waits with the invoice was given by a later act. */
async function assertNothingGivenBack(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<void> {
  const [note] = await tx
    .select({ id: creditNotes.id })
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.invoiceId, invoiceId),
        eq(creditNotes.status, 'draft'),
      ),
    )
    .limit(1);
  if (note) conflictChangedSince();
}

/**
 * A subscription that an act started is taken off again. Throws conflict when anything was built on it since: ending it
 * here would leave that later act's bills behind.
 */
export async function cancelStarted(ctx: BillingContext, startedId: string): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const started = await readSubscription(ctx, startedId);
  if (started.status !== 'active' || (await findContinuation(ctx, started))) conflictChangedSince();
  await tx
    .update(subscriptions)
    .set({ status: 'canceled', canceledAt: new Date(now), updatedAt: new Date(now) })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, startedId)));
  await cancelLife(ctx, startedId);
}

/** Another act stands on top of the one to be taken back. */
export function conflictChangedSince(): never {
  conflict('changed_since', 'It has been changed again since. Take the later act back first.');
}

/** Puts an ended subscription back as if it had never ended. Throws conflict when its id has been taken since. */
export async function reopen(ctx: BillingContext, subscriptionId: string): Promise<SubscriptionRow> {
  const { tx, organizationId, now } = ctx;
  const { externalId } = await readSubscription(ctx, subscriptionId);
  if (await findByExternalId(ctx, externalId)) conflictChangedSince();
  await tx
    .update(subscriptions)
    .set({
      status: 'active',
      terminatedAt: null,
      terminationKind: null,
      closedSequence: null,
      pausedAt: null,
      updatedAt: new Date(now),
    })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)));
  const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
  await scheduleLife(ctx, subscription, plan, billed);
  return subscription;
}

/**
 * The credit for unused days that the act itself made goes with it. Returns which notes those were. Throws conflict when
 * another bill has used some of it: the days would be given twice.
 */
export async function voidTerminationNotes(
  ctx: BillingContext,
  endedId: string,
  madeAt: Date,
): Promise<string[]> {
  const { tx, organizationId, now } = ctx;
  const notes = await tx
    .selectDistinct({
      id: creditNotes.id,
      status: creditNotes.status,
      creditMinor: creditNotes.creditAmountMinor,
      balanceMinor: creditNotes.balanceAmountMinor,
    })
    .from(creditNotes)
    .innerJoin(
      creditNoteItems,
      and(
        eq(creditNoteItems.organizationId, organizationId),
        eq(creditNoteItems.creditNoteId, creditNotes.id),
      ),
    )
    .innerJoin(fees, and(eq(fees.organizationId, organizationId), eq(fees.id, creditNoteItems.feeId)))
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.reason, 'order_cancellation'),
        eq(creditNotes.createdAt, madeAt),
        inArray(creditNotes.status, ['draft', 'finalized']),
        eq(fees.subscriptionId, endedId),
      ),
    );
  for (const { id, status, creditMinor, balanceMinor } of notes) {
    if (balanceMinor < creditMinor) {
      conflict('credit_used', 'Another bill has used the credit for unused days. Make a correction instead.');
    }
    if (status === 'draft') await removeDraftLines(ctx, id);
    else await voidCreditNote(ctx, id);
    // Deleted, not only void: the days it gave back count as never given back.
    await tx
      .update(creditNotes)
      .set({ status: 'deleted', updatedAt: new Date(now) })
      .where(and(eq(creditNotes.organizationId, organizationId), eq(creditNotes.id, id)));
  }
  return notes.map(({ id }) => id);
}

/** A draft's lines are made anew at any time; a deleted note must not hold on to them. */
async function removeDraftLines({ tx, organizationId }: BillingContext, noteId: string): Promise<void> {
  await tx
    .delete(creditNoteItems)
    .where(and(eq(creditNoteItems.organizationId, organizationId), eq(creditNoteItems.creditNoteId, noteId)));
  await tx
    .delete(creditNoteTaxes)
    .where(and(eq(creditNoteTaxes.organizationId, organizationId), eq(creditNoteTaxes.creditNoteId, noteId)));
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
