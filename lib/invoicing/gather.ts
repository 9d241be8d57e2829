import { and, eq, inArray, notInArray, sql, sum } from 'drizzle-orm';
import { creditNotes, credits, fees, invoices } from '@/db/schema';
import {
  ENGINE_VERSION,
  type InvoiceFacts,
  type OneOffItemFacts,
  type ProgressiveCreditFacts,
  type SubscriptionBillFacts,
} from '@/lib/billing/invoice/facts';
import type { FeeResult } from '@/lib/billing/invoice/result';
import { loadAdjustments } from './adjusted-fees';
import type { BillingContext } from './context';
import { loadCouponFacts } from './coupons';
import { loadCreditNoteFacts } from './credit-notes';
import type { BilledCustomer } from './customers';
import { loadTaxes, type TaxOwner } from './load-taxes';
import { loadWalletFacts } from './wallets';

export interface GatherRequest {
  billed: BilledCustomer;
  type: InvoiceFacts['type'];
  stage: InvoiceFacts['stage'];
  currency: string;
  billedAt: number;
  bills: SubscriptionBillFacts[];
  items: OneOffItemFacts[];
  given?: FeeResult[];
  /** The invoice being rebuilt: what it consumed itself does not count as consumed. */
  invoiceId: string | null;
}

/** Reads everything around the fees of one invoice: see `gatherAll`. */
export async function gatherFacts(ctx: BillingContext, request: GatherRequest): Promise<InvoiceFacts> {
  const [facts] = await gatherAll(ctx, [request]);
  if (!facts) throw new Error('no facts came back');
  return facts;
}

/**
 * Reads everything around the fees: taxes, coupons, credit notes, credits, and what was billed early. Any number of
 * invoices in a fixed number of queries; no two of one customer, because the first would use up what the second finds.
 */
export async function gatherAll(ctx: BillingContext, requests: GatherRequest[]): Promise<InvoiceFacts[]> {
  const taxes = await loadTaxes(
    ctx,
    requests.flatMap(({ billed: { customer, entity } }): TaxOwner[] => [
      ['customer', customer.id],
      ['billing_entity', entity.id],
    ]),
  );
  const early = await progressiveCredits(ctx, requests.filter(recurs));
  const settling = requests.filter((request) => request.stage === 'final' && recurs(request));
  const lowered = settling.map(({ billed, currency, invoiceId }) => ({
    customerId: billed.customer.id,
    currency,
    invoiceId,
  }));
  const coupons = await loadCouponFacts(ctx, lowered);
  const creditNotes = await loadCreditNoteFacts(ctx, lowered);
  const wallets = await loadWalletFacts(ctx, lowered);
  const adjustments = new Map<string, Awaited<ReturnType<typeof loadAdjustments>>>();
  for (const { invoiceId } of requests) {
    if (invoiceId) adjustments.set(invoiceId, await loadAdjustments(ctx, invoiceId));
  }
  const placeOf = new Map(settling.map((request, place) => [request, place]));
  return requests.map((request) => {
    const { customer, entity } = request.billed;
    const place = placeOf.get(request) ?? -1;
    return {
      engineVersion: ENGINE_VERSION,
      type: request.type,
      stage: request.stage,
      currency: request.currency,
      timezone: request.billed.timezone,
      locale: customer.documentLocale ?? entity.documentLocale,
      billedAt: request.billedAt,
      customer: {
        id: customer.id,
        name: customer.name ?? customer.externalId,
        taxes: taxes('customer', customer.id),
      },
      entityTaxes: taxes('billing_entity', entity.id),
      subscriptions: request.bills,
      items: request.items,
      given: request.given,
      adjustments: adjustments.get(request.invoiceId ?? ''),
      progressiveCredits: early.get(request) ?? [],
      coupons: coupons[place] ?? [],
      creditNotes: creditNotes[place] ?? [],
      wallets: wallets[place] ?? [],
    };
  });
}

const recurs = ({ type }: GatherRequest): boolean =>
  type === 'subscription' || type === 'progressive_billing';

interface EarlyBill {
  request: GatherRequest;
  bill: SubscriptionBillFacts;
}

/** What each period's last progressive invoice billed and nobody has credited yet (semantics 7.2). */
async function progressiveCredits(
  ctx: BillingContext,
  requests: GatherRequest[],
): Promise<Map<GatherRequest, ProgressiveCreditFacts[]>> {
  const open = requests.flatMap((request) =>
    request.bills
      .filter(
        ({ windows, billUsage }) => windows.chargesFrom !== null && windows.chargesTo !== null && billUsage,
      )
      .map((bill): EarlyBill => ({ request, bill })),
  );
  const found = new Map<GatherRequest, ProgressiveCreditFacts[]>();
  for (const [place, progressive] of await lastProgressives(ctx, open)) {
    const { request, bill } = open[place]!;
    const credit = await progressiveCreditOf(ctx, bill, progressive, request.invoiceId);
    found.set(request, [...(found.get(request) ?? []), credit]);
  }
  return found;
}

/** The last progressive invoice of each bill's charges period, by the bill's place. */
async function lastProgressives(
  { tx, organizationId: org }: BillingContext,
  open: EarlyBill[],
): Promise<[place: number, invoice: ProgressiveInvoice][]> {
  if (open.length === 0) return [];
  const asked = open.map(({ bill }, place) => ({
    place,
    subscription: bill.subscriptionId,
    opens: new Date(bill.windows.chargesFrom ?? 0).toISOString(),
  }));
  const rows = await tx.execute<{ place: number; id: string; fees: string; coupons: string }>(sql`
    select q.place, i.id, i.fees_amount_minor::text as fees, i.coupons_amount_minor::text as coupons
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as q(place int, subscription uuid, opens timestamptz)
    cross join lateral (
      select i.* from invoice_subscriptions l
      join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
      where l.organization_id = ${org} and l.subscription_id = q.subscription and l.charges_from_datetime = q.opens
        and i.invoice_type = 'progressive_billing' and i.status = 'finalized'
      order by i.created_at desc, i.id desc limit 1
    ) i order by q.place`);
  return rows.map(({ place, id, fees: billed, coupons }) => [
    place,
    { id, feesAmountMinor: BigInt(billed), couponsAmountMinor: BigInt(coupons) },
  ]);
}

type ProgressiveInvoice = Pick<typeof invoices.$inferSelect, 'id' | 'feesAmountMinor' | 'couponsAmountMinor'>;

async function progressiveCreditOf(
  { tx, organizationId }: BillingContext,
  bill: SubscriptionBillFacts,
  progressive: ProgressiveInvoice,
  invoiceId: string | null,
): Promise<ProgressiveCreditFacts> {
  const [drawn] = await tx
    .select({ total: sum(credits.amountMinor) })
    .from(credits)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, credits.invoiceId)))
    .where(
      and(
        eq(credits.organizationId, organizationId),
        eq(credits.progressiveInvoiceId, progressive.id),
        notInArray(invoices.status, ['voided', 'deleted', 'closed']),
        ...(invoiceId ? [notInArray(credits.invoiceId, [invoiceId])] : []),
      ),
    );
  const [noted] = await tx
    .select({ total: sum(creditNotes.creditAmountMinor) })
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.invoiceId, progressive.id),
        inArray(creditNotes.status, ['finalized', 'draft']),
      ),
    );
  const billedFees = await tx
    .select({ chargeId: fees.chargeId })
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, progressive.id)));
  const left =
    progressive.feesAmountMinor -
    progressive.couponsAmountMinor -
    BigInt(drawn?.total ?? '0') -
    BigInt(noted?.total ?? '0');
  return {
    subscriptionId: bill.subscriptionId,
    invoiceId: progressive.id,
    toCreditMinor: left > 0n ? left : 0n,
    chargeIds: [...new Set(billedFees.flatMap((fee) => fee.chargeId ?? []))],
  };
}
