import { and, desc, eq } from 'drizzle-orm';
import { fees, invoiceSubscriptions, invoices } from '@/db/schema';
import { computeChargeUsage } from '@/lib/billing/invoice/compute';
import type { CurrentUsage } from '@/lib/billing/invoice/current-usage';
import type { SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { FeeResult } from '@/lib/billing/invoice/result';
import type { BillingContext } from './context';
import type { BilledCustomer } from './customers';
import { loadBills, type SubscriptionRow } from './load-bill';
import { loadTaxes } from './load-taxes';

type FeeRow = typeof fees.$inferSelect;

/** What a subscription has used so far in its running charges period, and what was already billed of it early. */
export interface RunningUsage {
  subscription: SubscriptionRow;
  bill: SubscriptionBillFacts;
  /** All charges, with taxes. */
  usage: CurrentUsage;
  /** Lines the period's own bill will carry: charges in arrears. */
  unbilled: FeeResult[];
  /** The period's latest progressive invoice, which holds everything up to it. */
  progressive: { feesAmountMinor: bigint; fees: FeeRow[] } | null;
}

/** Reads and prices the running period as of the context's now. */
export async function loadRunningUsage(
  ctx: BillingContext,
  billed: BilledCustomer,
  subscription: SubscriptionRow,
): Promise<RunningUsage> {
  const [bill] = await loadBills(ctx, billed, [{ subscription, situation: 'current', billedAt: ctx.now }]);
  if (!bill) throw new Error(`no bill came back for subscription ${subscription.id}`);
  const { customer, entity } = billed;
  const taxes = await loadTaxes(ctx, [
    ['customer', customer.id],
    ['billing_entity', entity.id],
  ]);
  const usage = computeChargeUsage(bill, {
    timezone: billed.timezone,
    customer: { taxes: taxes('customer', customer.id) },
    entityTaxes: taxes('billing_entity', entity.id),
    applyTaxes: true,
  });
  return {
    subscription,
    bill,
    usage,
    unbilled: usage.charges
      .filter(({ charge }) => !charge.payInAdvance && charge.invoiceable)
      .flatMap((charge) => charge.fees),
    progressive: await latestProgressive(ctx, bill),
  };
}

async function latestProgressive(
  { tx, organizationId }: BillingContext,
  bill: SubscriptionBillFacts,
): Promise<RunningUsage['progressive']> {
  const [invoice] = await tx
    .select({ id: invoices.id, feesAmountMinor: invoices.feesAmountMinor })
    .from(invoiceSubscriptions)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceSubscriptions.invoiceId)),
    )
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        eq(invoiceSubscriptions.subscriptionId, bill.subscriptionId),
        eq(invoiceSubscriptions.chargesFromDatetime, new Date(bill.windows.chargesFrom ?? 0)),
        eq(invoices.invoiceType, 'progressive_billing'),
        eq(invoices.status, 'finalized'),
      ),
    )
    .orderBy(desc(invoices.createdAt), desc(invoices.id))
    .limit(1);
  if (!invoice) return null;
  const lines = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoice.id)));
  return { feesAmountMinor: invoice.feesAmountMinor, fees: lines };
}
