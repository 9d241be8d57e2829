import type { AlertObject } from '@/lib/queries/api/alerts';
import { dec, ts, tsOrNull } from '../wire.ts';
import { metricWire } from './billable-metric.ts';

/** API contract, section 4.1. */
export function alertWire({ alert, thresholds, metric, walletCode }: AlertObject) {
  return {
    lago_id: alert.id,
    lago_organization_id: alert.organizationId,
    subscription_external_id: alert.externalSubscriptionId,
    external_subscription_id: alert.externalSubscriptionId,
    lago_wallet_id: alert.walletId,
    wallet_code: walletCode,
    alert_type: alert.alertType,
    code: alert.code,
    name: alert.name,
    direction: alert.direction,
    previous_value: dec(alert.previousValue),
    last_processed_at: tsOrNull(alert.lastProcessedAt),
    thresholds: thresholds.map(({ code, value, recurring }) => ({ code, value: dec(value), recurring })),
    created_at: ts(alert.createdAt),
    billable_metric: metric ? metricWire(metric, { counters: false }) : null,
  };
}
