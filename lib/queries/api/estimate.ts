import type { Tx } from '@/db/clients';
import { taxFee } from '@/lib/billing/invoice/compute';
import { feeForEvent } from '@/lib/billing/invoice/in-advance';
import type { UsageEvent } from '@/lib/billing/usage-facts';
import { loadCustomer } from '@/lib/invoicing/customers';
import { loadBills } from '@/lib/invoicing/load-bill';
import { loadTaxes } from '@/lib/invoicing/load-taxes';
import { feeRow } from '@/lib/invoicing/write-invoice';
import { readClock } from '@/lib/schedule/clock';
import { invalid, notFound } from '@/lib/schedule/errors';
import { loadUsages } from '@/lib/usage/store';
import type { FeeObject, FeeRow } from './fees.ts';
import { findSubscription } from './subscriptions.ts';

const ESTIMATE = 'estimate';
const LAST_SEQUENCE = 9_223_372_036_854_775_807n;

export interface EstimateQuestion {
  code: string;
  externalSubscriptionId: string;
  properties: Record<string, unknown>;
  /** Prices the event by itself, as if nothing had been used before. */
  alone?: boolean;
}

const NOT_PAID = {
  trueUpParentFeeId: null,
  originalFeeId: null,
  description: null,
  paymentStatus: 'pending',
  succeededAt: null,
  failedAt: null,
  refundedAt: null,
  deletedAt: null,
} as const;

/**
 * What this event would cost on charges paid per event, were it to arrive now (API contract, section 5). Stores nothing.
 * Throws not_found (subscription) and invalid when no such charge measures the code.
 */
export async function estimateFees(
  tx: Tx,
  organizationId: string,
  { code, externalSubscriptionId, properties, alone }: EstimateQuestion,
): Promise<FeeObject[]> {
  const { now } = await readClock(tx, organizationId);
  const ctx = { tx, organizationId, now, mode: 'preview' as const };
  const subscription = await findSubscription(tx, organizationId, externalSubscriptionId, ['active']);
  if (!subscription) return notFound('subscription');
  const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
  const [bill] = await loadBills(ctx, billed, [
    { subscription, situation: 'current', billedAt: now, skipUsage: true },
  ]);
  if (!bill) return notFound('subscription');
  const charges = bill.plan.charges.filter((charge) => charge.payInAdvance && charge.metric.code === code);
  if (charges.length === 0) return invalid({ code: ['does_not_match_an_instant_charge'] });
  const usages = await loadUsages(
    tx,
    { organizationId },
    charges.map(({ id, metric }) => ({
      key: id,
      externalSubscriptionId,
      metric,
      from: bill.windows.chargesFrom ?? bill.startedAt,
      to: now,
      needEvents: true,
      includeHistory: metric.recurring,
    })),
  );
  const taxes = await loadTaxes(ctx, [
    ['customer', billed.customer.id],
    ['billing_entity', billed.entity.id],
  ]);
  const context = {
    subscriptions: [bill],
    items: [],
    customer: { taxes: taxes('customer', billed.customer.id) },
    entityTaxes: taxes('billing_entity', billed.entity.id),
  };
  const event: UsageEvent = { transactionId: ESTIMATE, sequence: LAST_SEQUENCE, timestamp: now, properties };
  const request = {
    invoiceId: null,
    customerId: billed.customer.id,
    currency: bill.plan.currency,
    timezone: billed.timezone,
    createdAt: now,
  };
  return charges.flatMap((charge, position): FeeObject[] => {
    const known = usages.get(charge.id);
    if (known?.kind !== 'events') return [];
    const usage = alone
      ? { ...known, events: [event], history: [] }
      : { ...known, events: [...known.events, event] };
    const fee = feeForEvent({
      bill: { ...bill, usage: { [charge.id]: usage } },
      charge,
      transactionId: ESTIMATE,
      timezone: billed.timezone,
    });
    if (!fee) return [];
    const row = feeRow(taxFee(fee, context), position, new Map(), organizationId, request);
    return [
      {
        fee: { ...row, ...NOT_PAID } as FeeRow,
        externalCustomerId: billed.customer.externalId,
        externalSubscriptionId,
        trueUpFeeId: null,
        addOnId: null,
        selfBilled: false,
        taxes: [],
      },
    ];
  });
}
