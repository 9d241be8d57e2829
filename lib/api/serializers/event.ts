import type { EventObject } from '@/lib/queries/api/events';
import { decOrNull, ts, ts3 } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

export const eventSchema = resource('Event', {
  lago_id: is.uuid.nullable(),
  transaction_id: is.str,
  lago_customer_id: is.uuid.nullable(),
  code: is.str,
  timestamp: is.ts3,
  precise_total_amount_cents: is.dec.nullable(),
  properties: is.object,
  lago_subscription_id: is.uuid.nullable(),
  external_subscription_id: is.str,
  created_at: is.ts.nullable(),
});

/** API contract, section 5. */
export function eventWire(event: EventObject): Wire<typeof eventSchema> {
  return {
    lago_id: event.id,
    transaction_id: event.transactionId,
    lago_customer_id: event.customerId,
    code: event.code,
    timestamp: ts3(event.timestamp),
    precise_total_amount_cents: decOrNull(event.preciseTotalAmountMinor),
    properties: event.properties,
    lago_subscription_id: event.subscriptionId,
    external_subscription_id: event.externalSubscriptionId,
    created_at: ts(event.ingestedAt),
  };
}
