import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { events, fees, feeTaxes, subscriptions } from '@/db/schema';
import { feeForEvent, standaloneRenewalFees, taxFee } from '@/lib/billing/invoice/compute';
import type { ChargeFacts, ChargeUsageFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { FeeResult } from '@/lib/billing/invoice/result';
import type { UsageEvent } from '@/lib/billing/usage-facts';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { loadUsages } from '@/lib/usage/store';
import type { BillingContext } from './context';
import { type BilledCustomer, loadCustomer } from './customers';
import { issueInvoice } from './issue';
import { loadBills, type SubscriptionRow } from './load-bill';
import { loadTaxes } from './load-taxes';
import { feeRow, feeTaxRows } from './write-invoice';

type EventRow = Pick<
  typeof events.$inferSelect,
  'transactionId' | 'code' | 'timestamp' | 'sequence' | 'properties'
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
  let period: Period | null = null;
  for (const event of arrived) {
    period = isIn(period, event) ? period : await openPeriod(ctx, subscription, billed, event);
    for (const charge of period.bill.plan.charges) {
      if (!charge.payInAdvance || charge.metric.code !== event.code) continue;
      await billEvent(ctx, { subscription, billed, period, charge, event });
    }
  }
}

/** One charges period of the subscription with what was read of it so far. */
interface Period {
  bill: SubscriptionBillFacts;
  charges: Map<string, { usage: ChargeUsageFacts; billedIds: Set<string> }>;
}

const isIn = (period: Period | null, { timestamp }: EventRow): period is Period =>
  period !== null &&
  timestamp.getTime() >= (period.bill.windows.chargesFrom ?? 0) &&
  timestamp.getTime() <= (period.bill.windows.chargesTo ?? 0);

/** The period running when the event happened. */
async function openPeriod(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  billed: BilledCustomer,
  event: EventRow,
): Promise<Period> {
  const billedAt = event.timestamp.getTime();
  const [bill] = await loadBills(ctx, billed, [
    { subscription, situation: 'current', billedAt, skipUsage: true },
  ]);
  if (!bill) throw new Error(`no bill came back for subscription ${subscription.id}`);
  return { bill, charges: new Map() };
}

interface EventBill {
  subscription: SubscriptionRow;
  billed: BilledCustomer;
  period: Period;
  charge: ChargeFacts;
  event: EventRow;
}

async function billEvent(ctx: BillingContext, request: EventBill): Promise<void> {
  const { subscription, billed, period, charge, event } = request;
  const known = await usageOf(ctx, subscription, period, charge);
  if (known.billedIds.has(event.transactionId)) return;
  const usage = upTo(known, charge, event);
  if (!usage) return;
  const fee = feeForEvent({
    bill: { ...period.bill, usage: { [charge.id]: usage } },
    charge,
    transactionId: event.transactionId,
    timezone: billed.timezone,
  });
  if (!fee) return;
  known.billedIds.add(event.transactionId);
  if (!charge.invoiceable) {
    await writeStandalone(ctx, billed, period.bill, [fee], event.transactionId);
    return;
  }
  const billedAt = event.timestamp.getTime();
  const { feeIds } = await issueInvoice(ctx, {
    customerId: subscription.customerId,
    type: 'subscription',
    bills: [{ ...period.bill, reason: 'in_advance_charge', billedAt, billUsage: false }],
    given: [fee],
    eventTransactionId: event.transactionId,
    currency: period.bill.plan.currency,
    billedAt,
    recurring: false,
    immediate: true,
    billingEntityId: subscription.billingEntityId,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
  });
  await announceFees(ctx, feeIds);
}

/** Everything the charge saw in the period, and which of it has its line already. */
async function usageOf(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  { bill, charges }: Period,
  charge: ChargeFacts,
) {
  const present = charges.get(charge.id);
  if (present) return present;
  const { tx, organizationId } = ctx;
  const usages = await loadUsages(
    tx,
    { organizationId, externalSubscriptionId: subscription.externalId, watermark: ctx.watermark },
    [
      {
        key: charge.id,
        metric: charge.metric,
        from: bill.windows.chargesFrom ?? bill.startedAt,
        to: bill.windows.chargesTo ?? bill.startedAt,
        needEvents: true,
        includeHistory: charge.metric.recurring,
      },
    ],
  );
  const rows = await tx
    .select({ transactionId: fees.eventTransactionId })
    .from(fees)
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, subscription.id),
        eq(fees.chargeId, charge.id),
        isNotNull(fees.eventTransactionId),
        isNull(fees.deletedAt),
      ),
    );
  const found = {
    usage: usages.get(charge.id) ?? { kind: 'events' as const, events: [], history: [] },
    billedIds: new Set(rows.flatMap(({ transactionId }) => transactionId ?? [])),
  };
  charges.set(charge.id, found);
  return found;
}

/**
 * The usage the event is priced on: what has been billed, and the event itself. A late event of a charge that is not
 * prorated takes its place after what was billed already, so that nothing is billed twice.
 */
function upTo(
  { usage, billedIds }: { usage: ChargeUsageFacts; billedIds: Set<string> },
  charge: ChargeFacts,
  { transactionId }: EventRow,
): ChargeUsageFacts | null {
  if (usage.kind !== 'events') return null;
  const own = usage.events.find((event) => event.transactionId === transactionId);
  if (!own) return null;
  const before = usage.events.filter((event) => billedIds.has(event.transactionId));
  return { ...usage, events: [...before, charge.prorated ? own : placedLast(own, before)] };
}

function placedLast(own: UsageEvent, before: readonly UsageEvent[]): UsageEvent {
  let { timestamp, sequence } = own;
  for (const event of before) {
    if (event.timestamp > timestamp) timestamp = event.timestamp;
    if (event.sequence >= sequence) sequence = event.sequence + 1n;
  }
  return { ...own, timestamp, sequence };
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
