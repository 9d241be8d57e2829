import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { webhookEndpoints } from '@/db/schema';
import { defineCommand } from '../core/command.ts';
import { type EndpointRow, findEndpoint } from './find.ts';
import { described } from './words.ts';

const input = z.strictObject({ id: z.string() });

/** Removes an endpoint. What was on its way is given up; the log of what was sent stays for its 90 days. */
export const deleteEndpoint = defineCommand<z.infer<typeof input>, EndpointRow>({
  name: 'webhooks/delete-endpoint',
  input,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, { id }) {
    const endpoint = await findEndpoint(tx, organizationId, id);
    await tx
      .update(webhookEndpoints)
      .set({ deletedAt: new Date(now) })
      .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.id, id)));
    await tx.execute(sql`
      update webhook_deliveries set status = 'failed', next_attempt_at = null, finished_at = clock_timestamp(),
        last_error = 'The endpoint was removed.'
      where organization_id = ${organizationId} and endpoint_id = ${id} and status in ('waiting', 'paused')`);
    return {
      result: endpoint,
      title: `Stop webhooks to ${endpoint.url}`,
      subject: { type: 'webhook_endpoint', id },
      before: described(endpoint),
    };
  },
});
