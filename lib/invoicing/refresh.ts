import { and, eq } from 'drizzle-orm';
import { invoiceSubscriptions, invoices, subscriptions } from '@/db/schema';
import type { InvoiceFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { InvoiceResult } from '@/lib/billing/invoice/result';
import { localDate } from '@/lib/billing/periods/zone';
import { cancelDue } from '@/lib/schedule/due';
import { notAllowed, notFound } from '@/lib/schedule/errors';
import type { BillingContext } from './context';
import { detachDraftNotes, finalizeDraftCreditNotes, reattachDraftNotes } from './credit-notes';
import { type BilledCustomer, loadCustomer } from './customers';
import { datesAtFinalization } from './dates';
import { standingLines } from './fee-from-row';
import { dateRules } from './finalize';
import { gatherFacts } from './gather';
import { recheckBilled, skipsZero } from './issue';
import { type BillSituation, loadBills, type SubscriptionRow } from './load-bill';
import { workedOut } from './progressive-excess';
import { settleFinals } from './settle';
import { clearLines, readInvoice, releasePeriods, totalsOf, writeLines } from './write-invoice';

type InvoiceRow = typeof invoices.$inferSelect;
type LinkRow = typeof invoiceSubscriptions.$inferSelect;

interface Rebuilt {
  invoice: InvoiceRow;
  billed: BilledCustomer;
  facts: InvoiceFacts;
  result: InvoiceResult;
  recurring: boolean;
}

function situationOf(link: LinkRow, subscription: SubscriptionRow): BillSituation {
  if (link.invoicingReason === 'subscription_starting') return 'starting';
  if (link.invoicingReason !== 'subscription_terminating') return 'periodic';
  if (subscription.terminationKind === 'upgraded') return 'upgrading';
  if (subscription.terminationKind === 'downgraded') return 'downgrading';
  const closedBeforeItEnded =
    link.toDatetime && subscription.terminatedAt && link.toDatetime < subscription.terminatedAt;
  return closedBeforeItEnded ? 'ended_on_billing_day' : 'terminating';
}

/** The bills of an existing invoice, from present events and prices, over the windows it was made for. */
export async function reloadBills(
  ctx: BillingContext,
  invoice: InvoiceRow,
  billed: BilledCustomer,
  { skipUsage = false }: { skipUsage?: boolean } = {},
) {
  const rows = await ctx.tx
    .select({ link: invoiceSubscriptions, subscription: subscriptions })
    .from(invoiceSubscriptions)
    .innerJoin(
      subscriptions,
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.id, invoiceSubscriptions.subscriptionId),
      ),
    )
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, ctx.organizationId),
        eq(invoiceSubscriptions.invoiceId, invoice.id),
      ),
    )
    .orderBy(invoiceSubscriptions.id);
  const ms = (date: Date | null) => date?.getTime() ?? null;
  const bills: SubscriptionBillFacts[] = await loadBills(
    ctx,
    billed,
    rows.map(({ link, subscription }) => ({
      subscription,
      situation: situationOf(link, subscription),
      billedAt: link.timestamp.getTime(),
      windows: {
        from: ms(link.fromDatetime) ?? link.timestamp.getTime(),
        to: ms(link.toDatetime) ?? link.timestamp.getTime(),
        chargesFrom: ms(link.chargesFromDatetime),
        chargesTo: ms(link.chargesToDatetime),
        fixedChargesFrom: ms(link.fixedChargesFromDatetime),
        fixedChargesTo: ms(link.fixedChargesToDatetime),
      },
      rebuilding: invoice.id,
      skipUsage,
    })),
  );
  return { bills, recurring: rows.some(({ link }) => link.recurring) };
}

async function rebuild(
  ctx: BillingContext,
  invoiceId: string,
  stage: InvoiceFacts['stage'],
): Promise<Rebuilt> {
  const invoice = await readInvoice(ctx, invoiceId);
  if (!invoice || invoice.status === 'deleted') return notFound('invoice');
  if (invoice.status !== 'draft')
    return notAllowed('invalid_status', 'Only a draft can be worked out again.');
  const billed = await loadCustomer(ctx, invoice.customerId, invoice.billingEntityId);
  const notes = await detachDraftNotes(ctx, invoiceId);
  const standing = invoice.voidedInvoiceId ? await standingLines(ctx, invoiceId) : null;
  await clearLines(ctx, invoiceId);
  const { bills, recurring } = await reloadBills(ctx, invoice, billed, {
    skipUsage: standing !== null,
  });
  const gathered = await gatherFacts(ctx, {
    billed,
    type: 'subscription',
    stage,
    currency: invoice.currency,
    billedAt: invoice.billedAt.getTime(),
    bills,
    items: [],
    given: standing?.given,
    invoiceId,
  });
  const { facts, result } = await workedOut(ctx, gathered, { stands: stage === 'final' });
  await writeLines(
    ctx,
    {
      invoiceId,
      customerId: invoice.customerId,
      currency: invoice.currency,
      timezone: invoice.timezone,
      createdAt: ctx.now,
      originals: standing?.originals,
    },
    result,
  );
  await reattachDraftNotes(ctx, invoiceId, notes);
  await ctx.tx
    .update(invoices)
    .set({
      ...totalsOf(result),
      paymentStatus: result.totalAmountMinor > 0n ? 'pending' : 'succeeded',
      refreshFlaggedAt: null,
      updatedAt: new Date(ctx.now),
    })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)));
  return { invoice, billed, facts, result, recurring };
}

/** Works a draft out again from present events and prices (semantics 12.5). Throws not_found or not_allowed. */
export async function refreshDraft(ctx: BillingContext, invoiceId: string): Promise<void> {
  await rebuild(ctx, invoiceId, 'draft');
}

/**
 * Finishes a draft: rebuilt with coupons, credit notes and credits, dated, numbered and announced. A held act's draft
 * keeps the dates it was made with. Throws not_found or not_allowed.
 */
export async function finalizeDraft(ctx: BillingContext, invoiceId: string): Promise<void> {
  const { invoice, billed, facts, result, recurring } = await rebuild(ctx, invoiceId, 'final');
  await cancelDue(ctx.tx, ctx.organizationId, ctx.now, 'invoice.finalize', invoiceId);
  await cancelDue(ctx.tx, ctx.organizationId, ctx.now, 'invoice.release', invoiceId);
  const dates = invoice.releaseAt
    ? {}
    : datesAtFinalization(
        invoice,
        localDate(ctx.now, billed.timezone),
        recurring ? 'recurring' : 'non_recurring',
        dateRules(billed),
      );
  if (!invoice.releaseAt) await update(ctx, invoiceId, dates);
  if (skipsZero(billed) && result.feesAmountMinor === 0n) {
    await update(ctx, invoiceId, { status: 'closed' });
    await releasePeriods(ctx, [invoiceId]);
    if (!invoice.releaseAt) ctx.projection?.finished.set(invoiceId, invoice.billedAt.getTime());
    return;
  }
  const stood = { ...invoice, ...totalsOf(result), ...dates };
  await settleFinals(ctx, [{ billed, invoice: stood, facts, result }]);
  await finalizeDraftCreditNotes(ctx, invoiceId);
  await recheckBilled(ctx, facts.subscriptions);
}

async function update(ctx: BillingContext, invoiceId: string, values: Partial<InvoiceRow>): Promise<void> {
  await ctx.tx
    .update(invoices)
    .set({ ...values, updatedAt: new Date(ctx.now) })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)));
}
