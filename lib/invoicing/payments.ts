import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { fees, invoices, ledgerEntries, payments } from '@/db/schema';
import { DAY, localDate, startOfDay } from '@/lib/billing/periods/zone';
import { paymentReceived, paymentReversed } from '@/lib/ledger/entries';
import { cancelDue, reschedule } from '@/lib/schedule/due';
import { conflict, notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import { loadCustomer } from './customers';
import { resetDunned } from './dunning';
import { completeInvoice, dateRules } from './finalize';
import { issueReceipt } from './receipts';
import { failPurchase, openPurchase, settlePurchase } from './wallet-lots';

export type InvoiceRow = typeof invoices.$inferSelect;
export type PaymentRow = typeof payments.$inferSelect;
type PaymentStatus = InvoiceRow['paymentStatus'];

/** `total − paid − offsets`, 0 once voided (semantics 13). */
export function dueOf(
  invoice: Pick<
    InvoiceRow,
    'status' | 'totalAmountMinor' | 'totalPaidAmountMinor' | 'totalOffsettedCreditNoteAmountMinor'
  >,
): bigint {
  if (invoice.status === 'voided') return 0n;
  return (
    invoice.totalAmountMinor - invoice.totalPaidAmountMinor - invoice.totalOffsettedCreditNoteAmountMinor
  );
}

/** Reads an invoice and holds it until the transaction ends. Throws not_found. */
export async function lockInvoice(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<InvoiceRow> {
  const [row] = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)))
    .for('update');
  return row ?? notFound('invoice');
}

export async function updateInvoice(
  ctx: BillingContext,
  invoiceId: string,
  values: Partial<InvoiceRow>,
): Promise<InvoiceRow> {
  const [row] = await ctx.tx
    .update(invoices)
    .set({ ...values, updatedAt: new Date(ctx.now) })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)))
    .returning();
  return row ?? notFound('invoice');
}

export interface PaymentRequest {
  invoiceId: string;
  amountMinor: bigint;
  kind: PaymentRow['kind'];
  paymentStatus?: PaymentRow['paymentStatus'];
  /** The provider's own word; "succeeded" for a payment recorded by hand. */
  status?: string;
  reference?: string | null;
  method?: string | null;
  /** Epoch milliseconds; now when absent. */
  paidAt?: number | null;
  providerCode?: string | null;
  providerPaymentId?: string | null;
  failureReason?: string | null;
  /** Set when the money pays a whole payment request: see the payments table. */
  paymentRequestId?: string | null;
  partOfId?: string | null;
}

/**
 * Records money (or an attempt) against an invoice; money that arrived is posted and counted at once. A provider's
 * payment already recorded is answered as it stands, so a repeated message pays once. Throws not_found. What may be paid
 * is the caller's rule.
 */
export async function recordPayment(ctx: BillingContext, request: PaymentRequest): Promise<PaymentRow> {
  const { tx, organizationId, now } = ctx;
  const invoice = await lockInvoice(ctx, request.invoiceId);
  const paymentStatus = request.paymentStatus ?? 'succeeded';
  const [payment] = await tx
    .insert(payments)
    .values({
      organizationId,
      id: newId(),
      customerId: invoice.customerId,
      invoiceId: invoice.id,
      kind: request.kind,
      status: request.status ?? paymentStatus,
      paymentStatus,
      amountMinor: request.amountMinor,
      currency: invoice.currency,
      reference: request.reference ?? null,
      method: request.method ?? null,
      failureReason: request.failureReason ?? null,
      paymentRequestId: request.paymentRequestId ?? null,
      partOfId: request.partOfId ?? null,
      providerCode: request.providerCode ?? null,
      providerPaymentId: request.providerPaymentId ?? null,
      paidAt: new Date(request.paidAt ?? now),
      createdAt: new Date(now),
    })
    .onConflictDoNothing()
    .returning();
  if (!payment) return findProviderPayment(ctx, request);
  await applyPayment(ctx, payment);
  return payment;
}

async function findProviderPayment(
  { tx, organizationId }: BillingContext,
  { providerCode, providerPaymentId }: PaymentRequest,
): Promise<PaymentRow> {
  const [row] = await tx
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.organizationId, organizationId),
        eq(payments.providerCode, providerCode ?? ''),
        eq(payments.providerPaymentId, providerPaymentId ?? ''),
      ),
    );
  return row ?? notFound('payment');
}

/**
 * Moves one payment to another state (a provider's message): posted when it succeeds, reversed when it no longer does. A
 * reversed payment stays reversed; money that comes again is another payment.
 */
export async function setPaymentStatus(
  ctx: BillingContext,
  paymentId: string,
  paymentStatus: PaymentRow['paymentStatus'],
  details: { status?: string; failureReason?: string | null } = {},
): Promise<PaymentRow> {
  const where = and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, paymentId));
  const [found] = await ctx.tx.select().from(payments).where(where);
  if (!found) return notFound('payment');
  await lockInvoice(ctx, found.invoiceId);
  const [before] = await ctx.tx.select().from(payments).where(where);
  if (
    before?.paymentStatus === 'failed' &&
    paymentStatus === 'succeeded' &&
    (await wasPosted(ctx, paymentId))
  )
    conflict('payment_reversed', 'This payment was reversed. Record the new money as another payment.');
  const [payment] = await ctx.tx
    .update(payments)
    .set({
      paymentStatus,
      status: details.status ?? paymentStatus,
      failureReason: details.failureReason ?? found.failureReason,
    })
    .where(where)
    .returning();
  if (!before || !payment || before.paymentStatus === paymentStatus) return payment ?? found;
  if (before.paymentStatus === 'succeeded') {
    await paymentReversed(ctx, figures(payment, ctx.now));
    await recountPaid(ctx, payment.invoiceId);
  }
  await applyPayment(ctx, payment);
  return payment;
}

async function wasPosted({ tx, organizationId }: BillingContext, paymentId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: ledgerEntries.id })
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.organizationId, organizationId),
        eq(ledgerEntries.sourceType, 'payment'),
        eq(ledgerEntries.sourceId, paymentId),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

function figures(payment: PaymentRow, now: number) {
  return {
    paymentId: payment.id,
    customerId: payment.customerId,
    currency: payment.currency,
    amountMinor: payment.amountMinor,
    occurredAt: now,
  };
}

async function applyPayment(ctx: BillingContext, payment: PaymentRow): Promise<void> {
  if (payment.paymentStatus === 'failed') {
    const invoice = await lockInvoice(ctx, payment.invoiceId);
    if (dueOf(invoice) > 0n) await setInvoicePaymentStatus(ctx, payment.invoiceId, 'failed');
    await announce(ctx.tx, ctx.organizationId, ctx.now, {
      type: 'invoice.payment_failure',
      objectId: payment.invoiceId,
      payload: { payment_id: payment.id, error: payment.failureReason },
    });
    const purchase = invoice.invoiceType === 'credit' ? await openPurchase(ctx, invoice.id) : null;
    if (purchase) {
      await announce(ctx.tx, ctx.organizationId, ctx.now, {
        type: 'wallet_transaction.payment_failure',
        objectId: purchase.id,
        payload: { error: payment.failureReason },
      });
    }
    return;
  }
  if (payment.paymentStatus !== 'succeeded') return;
  await paymentReceived(ctx, figures(payment, ctx.now));
  if (!payment.partOfId) {
    await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'payment.succeeded', objectId: payment.id });
  }
  await recountPaid(ctx, payment.invoiceId);
  if (!payment.partOfId) await issueReceipt(ctx, payment);
}

/** Works `total_paid` out again from the payments that stand; an invoice with nothing left to pay becomes paid. */
export async function recountPaid(ctx: BillingContext, invoiceId: string): Promise<InvoiceRow> {
  const [paid] = await ctx.tx
    .select({ total: sql<string>`coalesce(sum(${payments.amountMinor}), 0)` })
    .from(payments)
    .where(
      and(
        eq(payments.organizationId, ctx.organizationId),
        eq(payments.invoiceId, invoiceId),
        eq(payments.paymentStatus, 'succeeded'),
      ),
    );
  const invoice = await updateInvoice(ctx, invoiceId, { totalPaidAmountMinor: BigInt(paid?.total ?? '0') });
  if (invoice.status === 'voided') return invoice;
  if (dueOf(invoice) <= 0n) return setInvoicePaymentStatus(ctx, invoiceId, 'succeeded');
  return invoice.paymentStatus === 'succeeded' && invoice.totalAmountMinor > 0n
    ? setInvoicePaymentStatus(ctx, invoiceId, 'pending')
    : invoice;
}

/**
 * Sets an invoice's payment status: paid invoices are no longer overdue, their fees follow, a prepaid purchase settles or
 * fails with them, and an invoice that waited for its payment is finished (semantics 10.2, 12.8, 13). `byOffset` says that a
 * credit note and not money settled it: then a purchase buys nothing.
 */
export async function setInvoicePaymentStatus(
  ctx: BillingContext,
  invoiceId: string,
  paymentStatus: PaymentStatus,
  { byOffset = false }: { byOffset?: boolean } = {},
): Promise<InvoiceRow> {
  const { tx, organizationId, now } = ctx;
  const before = await lockInvoice(ctx, invoiceId);
  if (before.paymentStatus === paymentStatus) return before;
  const paid = paymentStatus === 'succeeded';
  const after = await updateInvoice(ctx, invoiceId, {
    paymentStatus,
    ...(paid ? { paymentOverdue: false } : {}),
    readyForPaymentProcessing: paymentStatus !== 'succeeded',
  });
  await tx
    .update(fees)
    .set({
      paymentStatus,
      ...(paid ? { succeededAt: new Date(now) } : {}),
      ...(paymentStatus === 'failed' ? { failedAt: new Date(now) } : {}),
    })
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.invoiceId, invoiceId),
        isNull(fees.deletedAt),
        ne(fees.paymentStatus, 'refunded'),
      ),
    );
  if (paid && before.paymentOverdue) await resetDunned(ctx, before);
  if (paid) await cancelDue(tx, organizationId, now, 'invoice.overdue', invoiceId);
  else if (before.paymentStatus === 'succeeded') await awaitOverdue(ctx, after);
  if (after.invoiceType === 'credit' && paid && !byOffset) await settlePurchase(ctx, invoiceId);
  if (after.invoiceType === 'credit' && (paymentStatus === 'failed' || (paid && byOffset))) {
    await failPurchase(ctx, invoiceId);
  }
  if (paid && after.status === 'open') return finishOpenInvoice(ctx, after);
  if (after.status !== 'open') {
    await announce(tx, organizationId, now, {
      type: 'invoice.payment_status_updated',
      objectId: invoiceId,
    });
  }
  return after;
}

/** An invoice that is owed again falls due again: the day after its due date by the UTC date, at the earliest now. */
async function awaitOverdue({ tx, organizationId, now }: BillingContext, invoice: InvoiceRow): Promise<void> {
  if (invoice.status !== 'finalized' || !invoice.paymentDueDate) return;
  await reschedule(tx, organizationId, now, {
    kind: 'invoice.overdue',
    key: `owed-again:${now}`,
    dueAt: Math.max(now, startOfDay(invoice.paymentDueDate, 'UTC') + DAY),
    customerId: invoice.customerId,
    subjectId: invoice.id,
  });
}

/** A purchase that stayed invisible until it was paid is finished now, dated today (semantics 10.2). */
async function finishOpenInvoice(ctx: BillingContext, invoice: InvoiceRow): Promise<InvoiceRow> {
  const billed = await loadCustomer(ctx, invoice.customerId, invoice.billingEntityId);
  const issuingDate = localDate(ctx.now, billed.timezone);
  await updateInvoice(ctx, invoice.id, {
    issuingDate,
    paymentDueDate: issuingDate,
    netPaymentTerm: dateRules(billed).netPaymentTerm,
  });
  await completeInvoice(ctx, billed, invoice.id);
  await cancelDue(ctx.tx, ctx.organizationId, ctx.now, 'invoice.overdue', invoice.id);
  return lockInvoice(ctx, invoice.id);
}
