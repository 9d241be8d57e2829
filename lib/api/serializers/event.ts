import type { EventObject } from '@/lib/queries/api/events';
import { decOrNull, ts, ts3 } from '../wire.ts';

/** API contract, section 5. */
export function eventWire(event: EventObject) {
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
