import type { webhookEndpoints } from '@/db/schema';
import { ts } from '../wire.ts';

/** API contract, section 11. */
export function webhookEndpointWire(endpoint: typeof webhookEndpoints.$inferSelect) {
  return {
    lago_id: endpoint.id,
    lago_organization_id: endpoint.organizationId,
    webhook_url: endpoint.url,
    signature_algo: endpoint.signatureAlgo,
    name: endpoint.name,
    event_types: endpoint.eventTypes,
    created_at: ts(endpoint.createdAt),
  };
}
