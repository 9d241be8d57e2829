import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { invoices } from '@/db/schema';
import { computeInvoice } from '@/lib/billing/invoice/compute';
import type { InvoiceFacts, OneOffItemFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { FeeResult, InvoiceResult } from '@/lib/billing/invoice/result';
import { localDate } from '@/lib/billing/periods/zone';
import { schedule } from '@/lib/schedule/due';
import { announce } from '@/lib/schedule/outbox';
import { recheckUsage } from '@/lib/usage/checks';
import type { BillingContext } from './context';
import { recordCouponCredits } from './coupons';
import { recordCreditNoteUse } from './credit-notes';
import { type BilledCustomer, loadCustomer, settleCurrency } from './customers';
import { type DateCase, datesAtCreation } from './dates';
import { completeInvoice, dateRules } from './finalize';
import { gatherFacts } from './gather';
import { keepFacts } from './keep-facts';
import { creditExcess } from './progressive-excess';
import { recordRevenue } from './revenue';
import { recordWalletUses } from './wallets';
import { linkSubscriptions, releasePeriods, totalsOf, type WriteRequest, writeLines } from './write-invoice';

export interface IssueRequest {
  customerId: string;
  type: InvoiceFacts['type'];
  bills?: SubscriptionBillFacts[];
  items?: OneOffItemFacts[];
  /** Lines that were worked out before; the bills then only say what they belong to. */
  given?: FeeResult[];
  /** The event the given lines are for. */
  eventTransactionId?: string;
  currency: string;
  /** The run's instant, epoch milliseconds. */
  billedAt: number;
  /** Periodic bills claim their period; starts, ends and one-offs do not. */
  recurring: boolean;
  /** Leaves at once whatever the grace period (in-advance usage, progressive bills, one-offs). */
  immediate?: boolean;
  billingEntityId?: string | null;
  purchaseOrderNumber?: string | null;
  /** The customer as already read in this transaction, for its own billing entity. */
  billed?: BilledCustomer;
  /** The voided invoice this one stands in for. */
  replaces?: string;
  /** Which line of another invoice a line repeats, by the new line's key. */
  originals?: ReadonlyMap<string, string>;
  /** A prepaid purchase that stays invisible and unnumbered until it is paid (semantics 10.2). */
  openUntilPaid?: boolean;
}

export interface IssuedInvoice {
  invoiceId: string;
  status: 'draft' | 'finalized' | 'closed' | 'open';
  result: InvoiceResult;
  feeIds: string[];
}

/**
 * Makes one invoice: facts, engine, rows; then a draft when there is a grace period or the act is held, else a finished
 * invoice with its number, postings and announcements. A bill without lines ends `closed` when the house skips
 * zero invoices (semantics 12.7).
 */
export async function issueInvoice(ctx: BillingContext, request: IssueRequest): Promise<IssuedInvoice> {
  const known = request.billingEntityId ? undefined : request.billed;
  const billed = known ?? (await loadCustomer(ctx, request.customerId, request.billingEntityId));
  const bills = request.bills ?? [];
  const kind = dateCase(request);
  const rules = dateRules(billed);
  const held = request.type === 'subscription' && (ctx.holdMinutes ?? 0) > 0;
  const drafts = kind !== 'immediate' && rules.gracePeriod > 0;
  const facts = await gatherFacts(ctx, {
    billed,
    type: request.type,
    stage: drafts && !held ? 'draft' : 'final',
    currency: request.currency,
    billedAt: request.billedAt,
    bills,
    items: request.items ?? [],
    given: request.given,
    invoiceId: null,
  });
  const result = computeInvoice(facts);
  const dates = datesAtCreation(localDate(request.billedAt, billed.timezone), kind, rules);
  const invoiceId = newId();
  const now = new Date(ctx.now);
  const releaseAt = held ? ctx.now + (ctx.holdMinutes ?? 0) * 60_000 : null;
  await settleCurrency(ctx, billed.customer, request.currency);
  await ctx.tx.insert(invoices).values({
    organizationId: ctx.organizationId,
    id: invoiceId,
    customerId: request.customerId,
    billingEntityId: billed.entity.id,
    invoiceType: request.type,
    status: 'generating',
    paymentStatus: result.totalAmountMinor > 0n ? 'pending' : 'succeeded',
    currency: request.currency,
    timezone: billed.timezone,
    ...dates,
    netPaymentTerm: rules.netPaymentTerm,
    purchaseOrderNumber: request.purchaseOrderNumber ?? null,
    voidedInvoiceId: request.replaces ?? null,
    releaseAt: releaseAt === null ? null : new Date(releaseAt),
    billedAt: new Date(request.billedAt),
    ...totalsOf(result),
    createdAt: now,
    updatedAt: now,
  });
  const write: WriteRequest = {
    invoiceId,
    customerId: request.customerId,
    currency: request.currency,
    timezone: billed.timezone,
    createdAt: ctx.now,
    eventTransactionId: request.eventTransactionId,
    originals: request.originals,
  };
  await linkSubscriptions(ctx, write, bills, request.recurring);
  const feeIds = await writeLines(ctx, write, result);
  const status = await settle(ctx, request, { billed, facts, result, invoiceId, drafts, releaseAt, dates });
  if (request.type === 'subscription' && !request.given) await recheckBilled(ctx, bills);
  return { invoiceId, status, result, feeIds: [...feeIds.values()] };
}

/** What was running is billed now: thresholds, alerts and credits look again. */
export async function recheckBilled(
  { tx, organizationId, now, mode }: BillingContext,
  bills: SubscriptionBillFacts[],
): Promise<void> {
  if (mode === 'preview') return;
  await recheckUsage(tx, organizationId, now, {
    subscriptionIds: bills.map(({ subscriptionId }) => subscriptionId),
  });
}

export function dateCase(request: Pick<IssueRequest, 'type' | 'immediate' | 'recurring'>): DateCase {
  if (request.type !== 'subscription' || request.immediate) return 'immediate';
  return request.recurring ? 'recurring' : 'non_recurring';
}

interface Made {
  billed: BilledCustomer;
  facts: InvoiceFacts;
  result: InvoiceResult;
  invoiceId: string;
  drafts: boolean;
  releaseAt: number | null;
  dates: { expectedFinalizationDate: string };
}

async function settle(
  ctx: BillingContext,
  request: IssueRequest,
  made: Made,
): Promise<IssuedInvoice['status']> {
  const { billed, result, invoiceId, releaseAt } = made;
  if (request.openUntilPaid) {
    await keepFacts(ctx, invoiceId, made.facts);
    await setStatus(ctx, invoiceId, 'open');
    return 'open';
  }
  if (
    skipsZero(billed) &&
    result.feesAmountMinor === 0n &&
    request.type !== 'credit' &&
    request.type !== 'one_off'
  ) {
    await setStatus(ctx, invoiceId, 'closed');
    await releasePeriods(ctx, invoiceId);
    return 'closed';
  }
  if (releaseAt !== null) {
    await setStatus(ctx, invoiceId, 'draft');
    await schedule(ctx.tx, ctx.organizationId, ctx.now, {
      kind: 'invoice.release',
      key: 'once',
      dueAt: releaseAt,
      customerId: request.customerId,
      subjectId: invoiceId,
    });
    return 'draft';
  }
  if (made.drafts) {
    await setStatus(ctx, invoiceId, 'draft');
    await schedule(ctx.tx, ctx.organizationId, ctx.now, {
      kind: 'invoice.finalize',
      key: 'once',
      // Drafts leave by the UTC date (semantics 12.5).
      dueAt: Math.max(ctx.now, Date.parse(`${made.dates.expectedFinalizationDate}T00:00:00Z`)),
      customerId: request.customerId,
      subjectId: invoiceId,
    });
    await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'invoice.drafted', objectId: invoiceId });
    await announce(ctx.tx, ctx.organizationId, ctx.now, {
      type: 'invoice.ready_to_finalize',
      objectId: invoiceId,
    });
    return 'draft';
  }
  await settleFinal(ctx, request.customerId, made.billed, made.facts, result, invoiceId);
  return 'finalized';
}

/** Consumes coupons, credit notes and credits, then completes the invoice. Shared by new invoices and finished drafts. */
export async function settleFinal(
  ctx: BillingContext,
  customerId: string,
  billed: BilledCustomer,
  facts: InvoiceFacts,
  result: InvoiceResult,
  invoiceId: string,
): Promise<void> {
  await recordCouponCredits(ctx, invoiceId, customerId, facts.currency, result.coupons);
  if (result.coupons.length > 0)
    await recordRevenue(ctx, customerId, { cause: 'discount', sourceId: invoiceId });
  await recordCreditNoteUse(ctx, invoiceId, result.creditNotes);
  await recordWalletUses(ctx, invoiceId, customerId, result.walletUses);
  await creditExcess(ctx, result);
  await keepFacts(ctx, invoiceId, facts);
  await completeInvoice(ctx, billed, invoiceId);
}

export function skipsZero({ customer, entity }: BilledCustomer): boolean {
  if (customer.finalizeZeroAmountInvoice === 'inherit') return !entity.finalizeZeroAmountInvoice;
  return customer.finalizeZeroAmountInvoice === 'skip';
}

async function setStatus(
  ctx: BillingContext,
  invoiceId: string,
  status: 'draft' | 'closed' | 'open',
): Promise<void> {
  await ctx.tx
    .update(invoices)
    .set({ status, updatedAt: new Date(ctx.now) })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)));
}
