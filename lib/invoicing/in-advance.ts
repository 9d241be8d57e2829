import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { events, fees, feeTaxes, subscriptions } from '@/db/schema';
import { feeForNextEvent, standaloneRenewalFees, taxFee } from '@/lib/billing/invoice/compute';
import type { ChargeFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { FeeResult } from '@/lib/billing/invoice/result';
import { Exact } from '@/lib/billing/money/exact';
import type { UsageEvent } from '@/lib/billing/usage-facts';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { readMeter, writeMeter } from './advance-meters';
import type { BillingContext } from './context';
import { type BilledCustomer, loadCustomer } from './customers';
import { issueInvoice } from './issue';
import { loadBills, type SubscriptionRow } from './load-bill';
import { loadTaxes } from './load-taxes';
import { feeRow, feeTaxRows } from './write-invoice';

type EventRow = Pick<
  typeof events.$inferSelect,
  'transactionId' | 'code' | 'timestamp' | 'sequence' | 'properties' | 'preciseTotalAmountMinor'
>;

/**
 * Bills what these events cost on charges paid per event, in the order they arrived: an invoice at once, or a line of its
 * own that the client collects (semantics 6.11). An event that was billed before is left alone.
 */
export async function billInAdvance(
  ctx: BillingContext,
  subscriptionId: string,
  transactionIds: string[],
): Promise<void> {
  const { tx, organizationId } = ctx;
  const [subscription] = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)));
  if (!subscription) return notFound('subscription');
  const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
  const arrived = await tx
    .select()
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        eq(events.externalSubscriptionId, subscription.externalId),
        inArray(events.transactionId, transactionIds),
      ),
    )
    .orderBy(asc(events.sequence));
  const billedBefore = await billedAlready(ctx, subscription.id, transactionIds);
  let period: SubscriptionBillFacts | null = null;
  for (const event of arrived) {
    period = isIn(period, event) ? period : await openPeriod(ctx, subscription, billed, event);
    for (const charge of period.plan.charges) {
      if (!charge.payInAdvance || charge.metric.code !== event.code) continue;
      if (!isIn(period, event) || billedBefore.has(`${charge.id}:${event.transactionId}`)) continue;
      await billEvent(ctx, { subscription, billed, period, charge, event });
    }
  }
}

/** Which of these events have their line already, as "charge:event". */
async function billedAlready(
  { tx, organizationId }: BillingContext,
  subscriptionId: string,
  transactionIds: string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ chargeId: fees.chargeId, transactionId: fees.eventTransactionId })
    .from(fees)
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, subscriptionId),
        isNotNull(fees.chargeId),
        inArray(fees.eventTransactionId, transactionIds),
        isNull(fees.deletedAt),
      ),
    );
  return new Set(rows.map(({ chargeId, transactionId }) => `${chargeId}:${transactionId}`));
}

const isIn = (
  period: SubscriptionBillFacts | null,
  { timestamp }: EventRow,
): period is SubscriptionBillFacts =>
  period !== null &&
  timestamp.getTime() >= (period.windows.chargesFrom ?? 0) &&
  timestamp.getTime() <= (period.windows.chargesTo ?? 0);

/** The period running when the event happened. */
async function openPeriod(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  billed: BilledCustomer,
  event: EventRow,
): Promise<SubscriptionBillFacts> {
  const billedAt = event.timestamp.getTime();
  const [bill] = await loadBills(ctx, billed, [
    { subscription, situation: 'current', billedAt, skipUsage: true },
  ]);
  if (!bill) throw new Error(`no bill came back for subscription ${subscription.id}`);
  return bill;
}

interface EventBill {
  subscription: SubscriptionRow;
  billed: BilledCustomer;
  period: SubscriptionBillFacts;
  charge: ChargeFacts;
  event: EventRow;
}

async function billEvent(ctx: BillingContext, request: EventBill): Promise<void> {
  const { subscription, billed, period, charge, event } = request;
  const scope = { bill: period, charge, timezone: billed.timezone };
  const arrived = asUsage(event);
  const { bucket, state, present } = await readMeter(ctx, scope, arrived);
  const next = feeForNextEvent({ ...scope, event: arrived, state, present });
  if (!next) return;
  const { fee } = next;
  await writeMeter(ctx, scope, arrived, { bucket, state: next.after });
  if (!charge.invoiceable) {
    await writeStandalone(ctx, billed, period, [fee], event.transactionId);
    return;
  }
  const billedAt = event.timestamp.getTime();
  const { feeIds } = await issueInvoice(ctx, {
    customerId: subscription.customerId,
    type: 'subscription',
    bills: [{ ...period, reason: 'in_advance_charge', billedAt, billUsage: false }],
    given: [fee],
    eventTransactionId: event.transactionId,
    currency: period.plan.currency,
    billedAt,
    recurring: false,
    immediate: true,
    billingEntityId: subscription.billingEntityId,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
  });
  await announceFees(ctx, feeIds);
}

function asUsage(event: EventRow): UsageEvent {
  const amount = event.preciseTotalAmountMinor;
  return {
    transactionId: event.transactionId,
    sequence: event.sequence,
    timestamp: event.timestamp.getTime(),
    properties: event.properties,
    ...(amount === null ? {} : { preciseTotalAmountMinor: Exact.of(amount) }),
  };
}

/**
 * Renewals of recurring charges that stay off invoices, made on the billing day for the period now opening
 * (semantics 6.11).
 */
export async function createRenewals(
  ctx: BillingContext,
  billed: BilledCustomer,
  bills: SubscriptionBillFacts[],
): Promise<void> {
  for (const bill of bills) {
    const renewals = standaloneRenewalFees(bill, billed.timezone);
    if (renewals.length > 0) await writeStandalone(ctx, billed, bill, renewals, null);
  }
}

/** Writes lines without an invoice, taxed at once, and tells of each. */
async function writeStandalone(
  ctx: BillingContext,
  billed: BilledCustomer,
  bill: SubscriptionBillFacts,
  lines: FeeResult[],
  eventTransactionId: string | null,
): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const { customer, entity } = billed;
  const taxes = await loadTaxes(ctx, [
    ['customer', customer.id],
    ['billing_entity', entity.id],
  ]);
  const context = {
    subscriptions: [bill],
    items: [],
    customer: { taxes: taxes('customer', customer.id) },
    entityTaxes: taxes('billing_entity', entity.id),
  };
  const request = {
    invoiceId: null,
    customerId: customer.id,
    currency: bill.plan.currency,
    timezone: billed.timezone,
    createdAt: now,
    eventTransactionId,
  };
  const taxed = lines.map((line) => taxFee(line, context));
  const ids = new Map(taxed.map((fee) => [fee.key, newId()]));
  await tx.insert(fees).values(taxed.map((fee, place) => feeRow(fee, place, ids, organizationId, request)));
  const taxRows = taxed.flatMap((fee) => feeTaxRows(fee, ids.get(fee.key) ?? '', organizationId, request));
  if (taxRows.length > 0) await tx.insert(feeTaxes).values(taxRows);
  await announceFees(ctx, [...ids.values()]);
}

async function announceFees({ tx, organizationId, now }: BillingContext, feeIds: string[]): Promise<void> {
  for (const objectId of feeIds) await announce(tx, organizationId, now, { type: 'fee.created', objectId });
}
