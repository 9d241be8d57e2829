import { z } from 'zod';
import type { webhookEndpoints } from '@/db/schema';
import { SIGNATURE_ALGOS } from '@/db/schema';
import { ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

export const webhookEndpointSchema = resource('WebhookEndpoint', {
  lago_id: is.uuid,
  lago_organization_id: is.uuid,
  webhook_url: is.str,
  signature_algo: z.enum(SIGNATURE_ALGOS),
  name: is.str.nullable(),
  event_types: is.texts.nullable(),
  created_at: is.ts,
});

/** API contract, section 11. */
export function webhookEndpointWire(
  endpoint: typeof webhookEndpoints.$inferSelect,
): Wire<typeof webhookEndpointSchema> {
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
