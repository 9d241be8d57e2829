import { and, desc, eq, inArray, notInArray, sum } from 'drizzle-orm';
import { creditNotes, credits, fees, invoiceSubscriptions, invoices } from '@/db/schema';
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
import { loadTaxes } from './load-taxes';
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

/** Reads everything around the fees: taxes, coupons, credit notes, credits, and what was billed early. */
export async function gatherFacts(ctx: BillingContext, request: GatherRequest): Promise<InvoiceFacts> {
  const { billed, type, stage, currency } = request;
  const { customer, entity } = billed;
  const taxes = await loadTaxes(ctx, [
    ['customer', customer.id],
    ['billing_entity', entity.id],
  ]);
  const recurring = type === 'subscription' || type === 'progressive_billing';
  const settles = stage === 'final' && recurring;
  return {
    engineVersion: ENGINE_VERSION,
    type,
    stage,
    currency,
    timezone: billed.timezone,
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
    adjustments: request.invoiceId ? await loadAdjustments(ctx, request.invoiceId) : undefined,
    progressiveCredits: recurring ? await progressiveCredits(ctx, request) : [],
    coupons: settles ? await loadCouponFacts(ctx, customer.id, currency) : [],
    creditNotes: settles
      ? await loadCreditNoteFacts(ctx, customer.id, currency, request.invoiceId ?? undefined)
      : [],
    wallets: settles ? await loadWalletFacts(ctx, customer.id, currency) : [],
  };
}

/** What the period's last progressive invoice billed and nobody has credited yet (semantics 7.2). */
async function progressiveCredits(
  ctx: BillingContext,
  { bills, invoiceId }: GatherRequest,
): Promise<ProgressiveCreditFacts[]> {
  const found: ProgressiveCreditFacts[] = [];
  for (const bill of bills) {
    if (bill.windows.chargesFrom === null || bill.windows.chargesTo === null || !bill.billUsage) continue;
    const credit = await progressiveCreditOf(ctx, bill, invoiceId);
    if (credit) found.push(credit);
  }
  return found;
}

async function progressiveCreditOf(
  { tx, organizationId }: BillingContext,
  bill: SubscriptionBillFacts,
  invoiceId: string | null,
): Promise<ProgressiveCreditFacts | null> {
  const [last] = await tx
    .select({ invoice: invoices })
    .from(invoices)
    .innerJoin(
      invoiceSubscriptions,
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        eq(invoiceSubscriptions.invoiceId, invoices.id),
        eq(invoiceSubscriptions.subscriptionId, bill.subscriptionId),
        eq(invoiceSubscriptions.chargesFromDatetime, new Date(bill.windows.chargesFrom ?? 0)),
      ),
    )
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.invoiceType, 'progressive_billing'),
        eq(invoices.status, 'finalized'),
      ),
    )
    .orderBy(desc(invoices.createdAt), desc(invoices.id))
    .limit(1);
  if (!last) return null;
  const progressive = last.invoice;
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
