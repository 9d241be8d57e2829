import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import { fees, invoices, planVersions, subscriptions } from '@/db/schema';
import { terminationCredit } from '@/lib/billing/credit-note/termination-credit';
import type { BillingContext } from './context';
import { loadCreditable } from './credit-note-facts';
import { writeNote } from './credit-note-write';
import { loadCustomer } from './customers';
import { lockInvoice } from './payments';

export interface TerminationNoteRequest {
  subscriptionId: string;
  /** Epoch milliseconds. */
  terminatedAt: number;
  upgrade: boolean;
  mode: 'credit' | 'refund' | 'offset';
}

/**
 * Gives back the unused days of a plan's fee paid in advance (semantics 3.4, 4.4, 11.6). Null when the running period was
 * not billed, the fee is nothing, its invoice is voided, or nothing is left. Answers the note's id.
 */
export async function issueTerminationCreditNote(
  ctx: BillingContext,
  request: TerminationNoteRequest,
): Promise<string | null> {
  const { terminatedAt, upgrade, mode } = request;
  const found = await lastPlanFee(ctx, request);
  if (!found) return null;
  const { fee, subscription, interval } = found;
  const invoice = await lockInvoice(ctx, found.invoiceId);
  const { timezone } = await loadCustomer(ctx, invoice.customerId, invoice.billingEntityId);
  const result = terminationCredit(
    {
      interval,
      billingTime: subscription.billingTime,
      anchor: subscription.subscriptionAt.getTime(),
      timezone,
      terminatedAt,
      trialEndsAt: subscription.trialEndsAt?.getTime() ?? null,
      upgraded: upgrade,
      planAmountMinor: planAmount(fee),
      feeId: fee.id,
      feeFrom: fee.fromDatetime?.getTime() ?? terminatedAt,
      feeTo: fee.toDatetime?.getTime() ?? terminatedAt,
      invoice: await loadCreditable(ctx, invoice),
    },
    mode,
  );
  if (!result || result.totalMinor <= 0n) return null;
  return (await writeNote(ctx, invoice, result, { reason: 'order_cancellation' })).id;
}

type FeeRow = typeof fees.$inferSelect;

/** The plan's price when the fee was billed; null where a person has set the line's own. */
function planAmount(fee: FeeRow): bigint | null {
  const { plan_amount_cents: text } = fee.amountDetails;
  return typeof text === 'string' ? BigInt(text) : null;
}

/** The last fee of the plan that is above zero, on an invoice that stands and paying a window that still runs. */
async function lastPlanFee(
  { tx, organizationId }: BillingContext,
  { subscriptionId, terminatedAt }: TerminationNoteRequest,
) {
  const [row] = await tx
    .select({ fee: fees, invoiceId: invoices.id, status: invoices.status })
    .from(fees)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, fees.invoiceId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, subscriptionId),
        eq(fees.feeType, 'subscription'),
        isNull(fees.deletedAt),
        inArray(invoices.status, ['draft', 'finalized', 'voided']),
      ),
    )
    // A period that was billed again stands on its new bill, whatever the clock says.
    .orderBy(desc(fees.fromDatetime), eq(invoices.status, 'voided'), desc(fees.createdAt), desc(fees.id))
    .limit(1);
  if (!row || row.status === 'voided' || row.fee.amountMinor <= 0n) return null;
  if ((row.fee.toDatetime?.getTime() ?? 0) < terminatedAt) return null;
  const [owner] = await tx
    .select({ subscription: subscriptions, interval: planVersions.interval })
    .from(subscriptions)
    .innerJoin(
      planVersions,
      and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, subscriptions.planVersionId)),
    )
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)));
  return owner ? { fee: row.fee, invoiceId: row.invoiceId, ...owner } : null;
}
