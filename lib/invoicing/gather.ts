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
import { textArray } from '@/lib/usage/arrays';
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
  const settling = requests.filter((request) => request.stage === 'final' && recurs(request));
  const lowered = settling.map(({ billed, currency, invoiceId }) => ({
    customerId: billed.customer.id,
    currency,
    invoiceId,
  }));
  const bills = requests.filter(recurs).flatMap(earlyBillsOf);
  const standing = await readStanding(
    ctx,
    bills,
    lowered.map(({ customerId }) => customerId),
  );
  const early = await progressiveCredits(ctx, bills, standing.early);
  const coupons = standing.coupons ? await loadCouponFacts(ctx, lowered) : [];
  const creditNotes = standing.notes ? await loadCreditNoteFacts(ctx, lowered) : [];
  const wallets = standing.wallets ? await loadWalletFacts(ctx, lowered) : [];
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

/** The bills of a request whose period may have been billed early. */
const earlyBillsOf = (request: GatherRequest): EarlyBill[] =>
  request.bills
    .filter(
      ({ windows, billUsage }) => windows.chargesFrom !== null && windows.chargesTo !== null && billUsage,
    )
    .map((bill) => ({ request, bill }));

/** What each period's last progressive invoice billed and nobody has credited yet (semantics 7.2). */
async function progressiveCredits(
  ctx: BillingContext,
  bills: EarlyBill[],
  early: Standing['early'],
): Promise<Map<GatherRequest, ProgressiveCreditFacts[]>> {
  const found = new Map<GatherRequest, ProgressiveCreditFacts[]>();
  for (const { place, id, fees: billed, coupons } of early) {
    const { request, bill } = bills[place]!;
    const progressive = { id, feesAmountMinor: BigInt(billed), couponsAmountMinor: BigInt(coupons) };
    const credit = await progressiveCreditOf(ctx, bill, progressive, request.invoiceId);
    found.set(request, [...(found.get(request) ?? []), credit]);
  }
  return found;
}

/** What may lower bills. Most customers have nothing of it, and then nothing more is read. */
interface Standing extends Record<string, unknown> {
  /** The last progressive invoice of each bill's charges period, by the bill's place; minor units as text. */
  early: { place: number; id: string; fees: string; coupons: string }[];
  /** Whether any of the customers has some. */
  coupons: boolean;
  notes: boolean;
  wallets: boolean;
}

async function readStanding(
  { tx, organizationId: org }: BillingContext,
  bills: EarlyBill[],
  customerIds: string[],
): Promise<Standing> {
  if (bills.length === 0 && customerIds.length === 0) {
    return { early: [], coupons: false, notes: false, wallets: false };
  }
  const asked = bills.map(({ bill }, place) => ({
    place,
    subscription: bill.subscriptionId,
    opens: new Date(bill.windows.chargesFrom ?? 0).toISOString(),
  }));
  const ids = sql`any(${textArray(customerIds)}::uuid[])`;
  const [row] = await tx.execute<Standing>(sql`
    select
      exists (select 1 from applied_coupons a
              where a.organization_id = ${org} and a.customer_id = ${ids} and a.status = 'active') as coupons,
      exists (select 1 from credit_notes n
              where n.organization_id = ${org} and n.customer_id = ${ids} and n.status = 'finalized'
                and n.credit_status = 'available' and n.balance_amount_minor > 0) as notes,
      exists (select 1 from wallets w
              where w.organization_id = ${org} and w.customer_id = ${ids} and w.status = 'active') as wallets,
      (select coalesce(jsonb_agg(jsonb_build_object('place', q.place, 'id', i.id,
                'fees', i.fees_amount_minor::text, 'coupons', i.coupons_amount_minor::text) order by q.place), '[]')
       from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as q(place int, subscription uuid, opens timestamptz)
       cross join lateral (
         select i.* from invoice_subscriptions l
         join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
         where l.organization_id = ${org} and l.subscription_id = q.subscription and l.charges_from_datetime = q.opens
           and i.invoice_type = 'progressive_billing' and i.status = 'finalized'
         order by i.created_at desc, i.id desc limit 1
       ) i) as early`);
  if (!row) throw new Error('nothing came back of what may lower bills');
  return row;
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
