import { z } from 'zod';
import { ALERT_TYPES } from '@/db/schema';
import type { AlertObject } from '@/lib/queries/api/alerts';
import { dec, ts, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { metricSchema, metricWire } from './billable-metric.ts';

export const alertSchema = resource('Alert', {
  lago_id: is.uuid,
  lago_organization_id: is.uuid,
  subscription_external_id: is.str.nullable(),
  external_subscription_id: is.str.nullable(),
  lago_wallet_id: is.uuid.nullable(),
  wallet_code: is.str.nullable(),
  alert_type: z.enum(ALERT_TYPES),
  code: is.str,
  name: is.str.nullable(),
  direction: z.enum(['increasing', 'decreasing']),
  previous_value: is.dec,
  last_processed_at: is.ts.nullable(),
  thresholds: z.array(z.object({ code: is.str.nullable(), value: is.dec, recurring: is.bool })),
  created_at: is.ts,
  billable_metric: metricSchema.nullable(),
});

/** API contract, section 4.1. */
export function alertWire({ alert, thresholds, metric, walletCode }: AlertObject): Wire<typeof alertSchema> {
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
