import { and, eq } from 'drizzle-orm';
import { among } from '@/db/among';
import { newId } from '@/db/ids';
import { insertionsOf, writeTogether } from '@/db/insert-rows';
import { invoiceSubscriptions, invoices } from '@/db/schema';
import type { InvoiceFacts, OneOffItemFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { FeeResult, InvoiceResult } from '@/lib/billing/invoice/result';
import { localDate } from '@/lib/billing/periods/zone';
import { scheduleAll } from '@/lib/schedule/due';
import { announceAll } from '@/lib/schedule/outbox';
import { recheckUsage } from '@/lib/usage/checks';
import { isSelfBilled } from './billed-customer';
import { type BillingContext, isForecast } from './context';
import { type BilledCustomer, loadCustomers, settleCurrencies } from './customers';
import { type DateCase, datesAtCreation } from './dates';
import { dateRules } from './finalize';
import { gatherAll } from './gather';
import { keepFacts } from './keep-facts';
import { workedOut } from './progressive-excess';
import { type Settling, settleFinals } from './settle';
import { lineRows, linkRows, releasePeriods, totalsOf, type WriteRequest } from './write-invoice';

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

/** Makes one invoice: see `issueInvoices`. */
export async function issueInvoice(ctx: BillingContext, request: IssueRequest): Promise<IssuedInvoice> {
  const [issued] = await issueInvoices(ctx, [request]);
  if (!issued) throw new Error('no invoice came back');
  return issued;
}

/**
 * Makes invoices: facts, engine, rows; then drafts where there is a grace period or the act is held, else finished
 * invoices with their numbers, postings and announcements. A bill without lines ends `closed` when the house skips zero
 * invoices (semantics 12.7). A fixed number of statements for any number of customers; a customer's second invoice is
 * made after the first, because it finds what that one left of coupons, notes and credits.
 */
export async function issueInvoices(ctx: BillingContext, requests: IssueRequest[]): Promise<IssuedInvoice[]> {
  const issued = new Map<IssueRequest, IssuedInvoice>();
  let waiting = requests;
  while (waiting.length > 0) {
    const first = new Map<string, IssueRequest>();
    for (const request of waiting) {
      if (!first.has(request.customerId)) first.set(request.customerId, request);
    }
    const round = [...first.values()];
    const made = await issueRound(ctx, round);
    for (const [place, request] of round.entries()) issued.set(request, made[place]!);
    waiting = waiting.filter((request) => !issued.has(request));
  }
  const billed = requests
    .filter(({ type, given }) => type === 'subscription' && !given)
    .flatMap(({ bills }) => bills ?? []);
  await recheckBilled(ctx, billed);
  return requests.map((request) => issued.get(request)!);
}

/** At most one invoice of each customer. */
async function issueRound(ctx: BillingContext, requests: IssueRequest[]): Promise<IssuedInvoice[]> {
  const drafts = await draftsOf(ctx, requests);
  await settleCurrencies(
    ctx,
    drafts.map(({ billed: { customer }, request: { currency } }) => ({ customer, currency })),
  );
  const links = drafts.map(({ request, write }) => ({
    request: write,
    bills: request.bills ?? [],
    recurring: request.recurring,
  }));
  const lines = lineRows(
    ctx,
    drafts.map(({ write, result }) => ({ request: write, result })),
  );
  await writeTogether(
    ctx.tx,
    insertionsOf(
      [invoices, drafts.map(({ row }) => row)],
      [invoiceSubscriptions, linkRows(ctx, links)],
      ...lines.sets,
    ),
  );
  const statuses = drafts.map(endOf);
  await settleAll(ctx, drafts, statuses);
  return drafts.map(({ row, result }, place) => ({
    invoiceId: row.id,
    status: statuses[place]!,
    result,
    feeIds: [...(lines.ids[place]?.values() ?? [])],
  }));
}

/** An invoice worked out and about to be written. */
interface Draft extends Settling {
  request: IssueRequest;
  row: typeof invoices.$inferInsert & { id: string };
  write: WriteRequest;
  /** It waits for its grace period. */
  waits: boolean;
  releaseAt: number | null;
}

async function draftsOf(ctx: BillingContext, requests: IssueRequest[]): Promise<Draft[]> {
  const people = await loadPeople(ctx, requests);
  const framed = requests.map((request, place) => {
    const billed = people[place]!;
    const kind = dateCase(request);
    const rules = dateRules(billed);
    const held = request.type === 'subscription' && (ctx.holdMinutes ?? 0) > 0;
    const waits = kind !== 'immediate' && rules.gracePeriod > 0;
    return { request, billed, kind, rules, held, waits };
  });
  const gathered = await gatherAll(
    ctx,
    framed.map(({ request, billed, waits, held }) => ({
      billed,
      type: request.type,
      stage: waits && !held ? 'draft' : 'final',
      currency: request.currency,
      billedAt: request.billedAt,
      bills: request.bills ?? [],
      items: request.items ?? [],
      given: request.given,
      invoiceId: null,
    })),
  );
  const drafts: Draft[] = [];
  for (const [place, { request, billed, kind, rules, held, waits }] of framed.entries()) {
    const { facts, result } = await workedOut(ctx, gathered[place]!, { stands: !waits && !held });
    const dates = datesAtCreation(localDate(request.billedAt, billed.timezone), kind, rules);
    const releaseAt = held ? ctx.now + (ctx.holdMinutes ?? 0) * 60_000 : null;
    const row = invoiceRow(ctx, request, billed, {
      ...dates,
      ...totalsOf(result),
      netPaymentTerm: rules.netPaymentTerm,
      releaseAt: releaseAt === null ? null : new Date(releaseAt),
    });
    const write: WriteRequest = {
      invoiceId: row.id,
      customerId: request.customerId,
      currency: request.currency,
      timezone: billed.timezone,
      createdAt: ctx.now,
      eventTransactionId: request.eventTransactionId,
      originals: request.originals,
    };
    const invoice = { ...row, ...dates, ...totalsOf(result), releaseAt: row.releaseAt };
    drafts.push({ request, billed, facts, result, row, invoice, write, waits, releaseAt });
  }
  return drafts;
}

/** The customers as they were read already, or read now. */
async function loadPeople(ctx: BillingContext, requests: IssueRequest[]): Promise<BilledCustomer[]> {
  const unread = requests.filter(({ billed, billingEntityId }) => !billed || billingEntityId);
  const read = await loadCustomers(ctx, unread);
  const byRequest = new Map(unread.map((request, place) => [request, read[place]!]));
  return requests.map((request) => byRequest.get(request) ?? request.billed!);
}

function invoiceRow(
  { organizationId, now }: BillingContext,
  request: IssueRequest,
  billed: BilledCustomer,
  figures: Pick<typeof invoices.$inferSelect, 'issuingDate' | 'netPaymentTerm' | 'releaseAt'> &
    ReturnType<typeof totalsOf>,
) {
  const { entity, timezone } = billed;
  return {
    organizationId,
    id: newId(),
    customerId: request.customerId,
    billingEntityId: entity.id,
    invoiceType: request.type,
    status: 'generating' as const,
    paymentStatus: figures.totalAmountMinor > 0n ? ('pending' as const) : ('succeeded' as const),
    currency: request.currency,
    timezone,
    purchaseOrderNumber: request.purchaseOrderNumber ?? null,
    voidedInvoiceId: request.replaces ?? null,
    selfBilled: isSelfBilled(billed),
    billedAt: new Date(request.billedAt),
    ...figures,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}

/** What was running is billed now: thresholds, alerts and credits look again. */
export async function recheckBilled(
  { tx, organizationId, now, mode }: BillingContext,
  bills: SubscriptionBillFacts[],
): Promise<void> {
  if (mode === 'preview' || bills.length === 0) return;
  await recheckUsage(tx, organizationId, now, {
    subscriptionIds: bills.map(({ subscriptionId }) => subscriptionId),
  });
}

export function dateCase(request: Pick<IssueRequest, 'type' | 'immediate' | 'recurring'>): DateCase {
  if (request.type !== 'subscription' || request.immediate) return 'immediate';
  return request.recurring ? 'recurring' : 'non_recurring';
}

/** How a written invoice goes on. */
function endOf({ request, billed, result, releaseAt, waits }: Draft): IssuedInvoice['status'] {
  if (request.openUntilPaid) return 'open';
  const skippable = request.type !== 'credit' && request.type !== 'one_off';
  if (skipsZero(billed) && result.feesAmountMinor === 0n && skippable) return 'closed';
  return releaseAt !== null || waits ? 'draft' : 'finalized';
}

async function settleAll(
  ctx: BillingContext,
  drafts: Draft[],
  statuses: IssuedInvoice['status'][],
): Promise<void> {
  const withStatus = (status: IssuedInvoice['status']) =>
    drafts.filter((_, place) => statuses[place] === status);
  for (const status of ['open', 'closed', 'draft'] as const) {
    await setStatus(ctx, withStatus(status), status);
  }
  const closed = withStatus('closed');
  if (closed.length > 0) {
    await releasePeriods(
      ctx,
      closed.map(({ row }) => row.id),
    );
    for (const { request, row } of closed) {
      if (request.type === 'subscription') ctx.projection?.finished.set(row.id, request.billedAt);
    }
  }
  for (const { billed, row, facts } of withStatus('open'))
    await keepFacts(ctx, { invoiceId: row.id, billed, facts });
  await keepWaiting(ctx, withStatus('draft'));
  await settleFinals(ctx, withStatus('finalized'));
}

/** Drafts fall due: held ones are released, those in their grace period are finished and told of. */
async function keepWaiting(ctx: BillingContext, drafts: Draft[]): Promise<void> {
  const { tx, organizationId, now } = ctx;
  await scheduleAll(
    tx,
    organizationId,
    now,
    drafts.map(({ request, row, releaseAt }) => ({
      kind: releaseAt === null ? ('invoice.finalize' as const) : ('invoice.release' as const),
      key: 'once',
      // Drafts leave by the UTC date (semantics 12.5).
      dueAt: releaseAt ?? Math.max(now, Date.parse(`${row.expectedFinalizationDate}T00:00:00Z`)),
      customerId: request.customerId,
      subjectId: row.id,
    })),
  );
  if (isForecast(ctx)) return;
  await announceAll(
    tx,
    organizationId,
    now,
    drafts
      .filter(({ releaseAt }) => releaseAt === null)
      .flatMap(({ row }) => [
        { type: 'invoice.drafted' as const, objectId: row.id },
        { type: 'invoice.ready_to_finalize' as const, objectId: row.id },
      ]),
  );
}

export function skipsZero({ customer, entity }: BilledCustomer): boolean {
  if (customer.finalizeZeroAmountInvoice === 'inherit') return !entity.finalizeZeroAmountInvoice;
  return customer.finalizeZeroAmountInvoice === 'skip';
}

async function setStatus(
  ctx: BillingContext,
  drafts: Draft[],
  status: 'draft' | 'closed' | 'open',
): Promise<void> {
  if (drafts.length === 0) return;
  await ctx.tx
    .update(invoices)
    .set({ status, updatedAt: new Date(ctx.now) })
    .where(
      and(
        eq(invoices.organizationId, ctx.organizationId),
        among(
          invoices.id,
          drafts.map(({ row }) => row.id),
        ),
      ),
    );
}
