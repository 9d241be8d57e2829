import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { customers, fees, invoiceSubscriptions, invoices, subscriptions } from '@/db/schema';
import { computeChargeUsage, projection } from '@/lib/billing/invoice/compute';
import type { CurrentUsage } from '@/lib/billing/invoice/current-usage';
import type { ChargeFacts, ChargeUsageFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { Breakdown } from '@/lib/billing/invoice/presentation';
import { localDate } from '@/lib/billing/periods/zone';
import type { UsageEvent } from '@/lib/billing/usage-facts';
import { loadCustomer } from '@/lib/invoicing/customers';
import { loadBills } from '@/lib/invoicing/load-bill';
import { loadTaxes } from '@/lib/invoicing/load-taxes';
import { readClock } from '@/lib/schedule/clock';
import { notAllowed, notFound } from '@/lib/schedule/errors';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export interface UsageQuestion {
  externalCustomerId: string;
  externalSubscriptionId: string;
  applyTaxes: boolean;
  chargeId?: string;
  chargeCode?: string;
  metricCode?: string;
  /** Only events with these properties, on charges that group by them. */
  group?: Record<string, string>;
  skipGrouping?: boolean;
  /** Also what it comes to by the end of the period. */
  projected?: boolean;
  /** Since the subscription began, not since the period did. */
  full?: boolean;
  /** Only breakdowns with one of these values; none of them for an empty list. */
  presentation?: string[];
}

export interface UsageAnswer {
  usage: CurrentUsage;
  currency: string;
  /** Local date the running period ends. */
  issuingDate: string;
}

/** Throws not_found (customer) and not_allowed (no_active_subscription). */
export async function findUsageSubscription(
  tx: Tx,
  organizationId: string,
  { externalCustomerId, externalSubscriptionId }: UsageQuestion,
) {
  const [customer] = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(
      and(
        eq(customers.organizationId, organizationId),
        eq(customers.externalId, externalCustomerId),
        isNull(customers.deletedAt),
      ),
    );
  if (!customer) return notFound('customer');
  const [subscription] = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.customerId, customer.id),
        eq(subscriptions.externalId, externalSubscriptionId),
        eq(subscriptions.status, 'active'),
      ),
    );
  return subscription ?? notAllowed('no_active_subscription');
}

/**
 * Usage of the running period and what it costs so far (API contract 3.1): the same engine, over the same facts, as the
 * bill to come. Throws not_found for a filter that names nothing on the plan, and not_allowed (full_usage_not_allowed) for
 * usage since the beginning that is not asked of one charge or group.
 */
export async function loadCurrentUsage(
  tx: Tx,
  organizationId: string,
  question: UsageQuestion,
): Promise<UsageAnswer> {
  const { now } = await readClock(tx, organizationId);
  const ctx = { tx, organizationId, now, mode: 'preview' as const };
  const subscription = await findUsageSubscription(tx, organizationId, question);
  const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
  const request = { subscription, situation: 'current', billedAt: now } as const;
  const [running] = await loadBills(ctx, billed, [request]);
  if (!running) return notFound('subscription');
  const bill = question.full ? await sinceBeginning(ctx, billed, request, running, question) : running;
  const taxes = await loadTaxes(ctx, [
    ['customer', billed.customer.id],
    ['billing_entity', billed.entity.id],
  ]);
  const asked = narrowed(bill, question);
  const usage = computeChargeUsage(asked, {
    timezone: billed.timezone,
    ...(question.projected ? { project: projection(asked, now, billed.timezone) } : {}),
    customer: { taxes: taxes('customer', billed.customer.id) },
    entityTaxes: taxes('billing_entity', billed.entity.id),
    applyTaxes: question.applyTaxes,
  });
  const shown = question.presentation === undefined ? usage : onlyShown(usage, question.presentation);
  return { usage: shown, currency: bill.plan.currency, issuingDate: localDate(usage.to, billed.timezone) };
}

/** The same bill over all usage since the subscription began. */
async function sinceBeginning(
  ctx: Parameters<typeof loadBills>[0],
  billed: Parameters<typeof loadBills>[1],
  request: Parameters<typeof loadBills>[2][number],
  { windows }: SubscriptionBillFacts,
  { chargeId, chargeCode, group }: UsageQuestion,
): Promise<SubscriptionBillFacts> {
  if (chargeId === undefined && chargeCode === undefined && group === undefined) {
    return notAllowed('full_usage_not_allowed', 'Name a charge or a group to ask for all usage.');
  }
  const { startedAt, subscriptionAt } = request.subscription;
  const chargesFrom = (startedAt ?? subscriptionAt).getTime();
  const [whole] = await loadBills(ctx, billed, [{ ...request, windows: { ...windows, chargesFrom } }]);
  return whole ?? notFound('subscription');
}

/** The usage with only the breakdowns that carry one of these values. */
function onlyShown(usage: CurrentUsage, values: string[]): CurrentUsage {
  const kept = <T extends { breakdowns: Breakdown[] }>(part: T): T => ({
    ...part,
    breakdowns: part.breakdowns.filter(({ by }) =>
      Object.values(by).some((value) => value !== null && values.includes(value)),
    ),
  });
  const charges = usage.charges.map((charge) => ({
    ...kept(charge),
    filters: charge.filters.map(kept),
    groups: charge.groups.map((group) => ({ ...group, filters: group.filters.map(kept) })),
  }));
  return { ...usage, charges };
}

/** The bill with only the charges and the usage that were asked about. */
function narrowed(bill: SubscriptionBillFacts, question: UsageQuestion): SubscriptionBillFacts {
  const charges = chosen(bill.plan.charges, question).map((charge) =>
    question.skipGrouping ? ungrouped(charge) : charge,
  );
  const usage = { ...bill.usage };
  for (const charge of bill.plan.charges) {
    const own = usage[charge.id];
    if (question.group && own) usage[charge.id] = inGroup(charge, own, question.group);
  }
  return { ...bill, usage, plan: { ...bill.plan, charges } };
}

function chosen(charges: ChargeFacts[], { chargeId, chargeCode, metricCode }: UsageQuestion): ChargeFacts[] {
  const byCharge = charges.filter(
    ({ id, code }) =>
      (chargeId === undefined || id === chargeId) && (chargeCode === undefined || code === chargeCode),
  );
  if (byCharge.length === 0 && (chargeId !== undefined || chargeCode !== undefined)) notFound('charge');
  const byMetric = byCharge.filter(({ metric }) => metricCode === undefined || metric.code === metricCode);
  if (byMetric.length === 0 && metricCode !== undefined) notFound('billable_metric');
  return byMetric;
}

function groupKeys({ properties }: ChargeFacts): string[] {
  const keys = properties.pricing_group_keys ?? properties.grouped_by;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

function ungrouped(charge: ChargeFacts): ChargeFacts {
  const without = ({ pricing_group_keys: _keys, grouped_by: _old, ...rest }: Record<string, unknown>) => rest;
  return {
    ...charge,
    properties: without(charge.properties),
    filters: charge.filters.map((filter) => ({ ...filter, properties: without(filter.properties) })),
  };
}

function inGroup(
  charge: ChargeFacts,
  usage: ChargeUsageFacts,
  group: Record<string, string>,
): ChargeUsageFacts {
  const keys = groupKeys(charge);
  const wanted = Object.entries(group).filter(([key]) => keys.includes(key));
  if (usage.kind !== 'events' || wanted.length === 0) return usage;
  const matches = ({ properties }: UsageEvent) =>
    wanted.every(([key, value]) => String(properties[key] ?? '') === value);
  return { ...usage, events: usage.events.filter(matches), history: usage.history.filter(matches) };
}

/** One billed period of a subscription. */
export interface PastPeriod {
  period: typeof invoiceSubscriptions.$inferSelect;
  invoice: typeof invoices.$inferSelect;
  fees: (typeof fees.$inferSelect)[];
}

/** Billed periods of every subscription under this external id, newest first (API contract 3.1). */
export async function listPastUsage(
  tx: Tx,
  organizationId: string,
  question: Pick<UsageQuestion, 'externalCustomerId' | 'externalSubscriptionId' | 'metricCode'>,
  window: PageWindow & { most?: number },
): Promise<Listed<PastPeriod>> {
  const of = and(
    eq(invoiceSubscriptions.organizationId, organizationId),
    eq(invoiceSubscriptions.live, true),
    sql`${invoiceSubscriptions.chargesFromDatetime} is not null`,
    inArray(invoiceSubscriptions.invoicingReason, ['subscription_periodic', 'subscription_terminating']),
    inArray(
      invoiceSubscriptions.subscriptionId,
      tx
        .select({ id: subscriptions.id })
        .from(subscriptions)
        .innerJoin(
          customers,
          and(eq(customers.organizationId, organizationId), eq(customers.id, subscriptions.customerId)),
        )
        .where(
          and(
            eq(subscriptions.organizationId, organizationId),
            eq(subscriptions.externalId, question.externalSubscriptionId),
            eq(customers.externalId, question.externalCustomerId),
          ),
        ),
    ),
  );
  const counted = await tx.$count(invoiceSubscriptions, of);
  const totalCount = Math.min(counted, window.most ?? counted);
  const limit = Math.max(0, Math.min(window.perPage, totalCount - offsetOf(window)));
  if (limit === 0) return { rows: [], totalCount };
  const rows = await tx
    .select({ period: invoiceSubscriptions, invoice: invoices })
    .from(invoiceSubscriptions)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceSubscriptions.invoiceId)),
    )
    .where(of)
    .orderBy(desc(invoiceSubscriptions.chargesFromDatetime), desc(invoiceSubscriptions.id))
    .limit(limit)
    .offset(offsetOf(window));
  const feeRows = await tx
    .select()
    .from(fees)
    .where(
      and(
        eq(fees.organizationId, organizationId),
        inArray(
          fees.invoiceId,
          rows.map(({ invoice }) => invoice.id),
        ),
        eq(fees.feeType, 'charge'),
        isNull(fees.deletedAt),
        isNull(fees.trueUpParentFeeId),
        question.metricCode === undefined ? undefined : eq(fees.itemCode, question.metricCode),
      ),
    )
    .orderBy(fees.position, fees.id);
  return {
    totalCount,
    rows: rows.map(({ period, invoice }) => ({
      period,
      invoice,
      fees: feeRows.filter(
        (fee) => fee.invoiceId === invoice.id && fee.subscriptionId === period.subscriptionId,
      ),
    })),
  };
}
