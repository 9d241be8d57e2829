import { and, eq } from 'drizzle-orm';
import { billableMetrics, customers, subscriptions, wallets } from '@/db/schema';
import { dec } from '../wire.ts';
import type { Loader, Source } from './source.ts';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const value = (given: unknown): string => dec(text(given) ?? '0');

interface Crossed {
  code: string | null;
  value: string;
  recurring: boolean;
}

/** What an alert saw when it was triggered (API contract 11.1); the figures are those of that moment. */
export const triggeredAlertObject: Loader = async (source) => {
  const { organizationId, payload } = source;
  const subscriptionId = text(payload.lago_subscription_id);
  const externalSubscriptionId = text(payload.external_subscription_id);
  const walletId = text(payload.lago_wallet_id);
  const externalCustomerId = await watchedCustomer(source, subscriptionId, walletId);
  const crossed = payload.crossed_thresholds as Crossed[];
  return {
    lago_id: payload.lago_id,
    lago_organization_id: organizationId,
    lago_alert_id: payload.lago_alert_id,
    lago_subscription_id: subscriptionId,
    subscription_external_id: externalSubscriptionId,
    external_subscription_id: externalSubscriptionId,
    customer_external_id: externalCustomerId,
    external_customer_id: externalCustomerId,
    lago_wallet_id: walletId,
    wallet_code: text(payload.wallet_code),
    billable_metric_code: await metricCode(source, text(payload.billable_metric_id)),
    alert_name: text(payload.alert_name),
    alert_code: payload.alert_code,
    alert_type: payload.alert_type,
    current_value: value(payload.current_value),
    previous_value: value(payload.previous_value),
    crossed_thresholds: crossed.map((threshold) => ({ ...threshold, value: value(threshold.value) })),
    triggered_at: `${String(payload.triggered_at).slice(0, 19)}Z`,
  };
};

async function watchedCustomer(
  { tx, organizationId }: Source,
  subscriptionId: string | null,
  walletId: string | null,
): Promise<string | null> {
  const watched = subscriptionId ? subscriptions : wallets;
  const id = subscriptionId ?? walletId;
  if (!id) return null;
  const [row] = await tx
    .select({ externalId: customers.externalId })
    .from(watched)
    .innerJoin(
      customers,
      and(eq(customers.organizationId, organizationId), eq(customers.id, watched.customerId)),
    )
    .where(and(eq(watched.organizationId, organizationId), eq(watched.id, id)));
  return row?.externalId ?? null;
}

async function metricCode({ tx, organizationId }: Source, id: string | null): Promise<string | null> {
  if (!id) return null;
  const [row] = await tx
    .select({ code: billableMetrics.code })
    .from(billableMetrics)
    .where(and(eq(billableMetrics.organizationId, organizationId), eq(billableMetrics.id, id)));
  return row?.code ?? null;
}
