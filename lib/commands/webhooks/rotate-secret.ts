import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { webhookEndpoints } from '@/db/schema';
import { newSecret, sealForWebhooks } from '@/lib/schedule/webhooks/secrets';
import { defineCommand } from '../core/command.ts';
import { type EndpointRow, findEndpoint } from './find.ts';

const input = z.strictObject({
  id: z.string(),
  /** Hours the previous secret goes on signing beside the new one; 0 ends it at once, for a secret that leaked. */
  overlapHours: z.number().int().min(0).max(168),
});

/**
 * Gives an endpoint a new secret; the row holds it sealed, and whoever shows it this once opens it. Both sign until the overlap is over. A rotation begun
 * while another runs ends the older secret at once.
 */
export const rotateSecret = defineCommand<z.infer<typeof input>, EndpointRow>({
  name: 'webhooks/rotate-secret',
  input,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId }, { id, overlapHours }) {
    const before = await findEndpoint(tx, organizationId, id);
    const [endpoint = before] = await tx
      .update(webhookEndpoints)
      .set({
        secret: sealForWebhooks(newSecret(), organizationId, 'secret'),
        previousSecret: overlapHours === 0 ? null : before.secret,
        previousSecretUntil:
          overlapHours === 0 ? null : sql`clock_timestamp() + ${`${overlapHours} hours`}::interval`,
      })
      .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.id, id)))
      .returning();
    return {
      result: endpoint,
      title: `Make a new secret for ${endpoint.url}`,
      subject: { type: 'webhook_endpoint', id },
      after: { previousSecretUntil: endpoint.previousSecretUntil },
    };
  },
});
