import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { webhookEndpoints } from '@/db/schema';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { type EndpointRow, findEndpoint, livingEndpoints } from './find.ts';
import { endpointChanges } from './input.ts';
import { described } from './words.ts';

const input = z.object({ id: z.string(), changes: endpointChanges });

/** Changes where and what is told, and how it is signed. Deliveries that wait go to the new address. */
export const updateEndpoint = defineCommand<z.infer<typeof input>, EndpointRow>({
  name: 'webhooks/update-endpoint',
  input,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, { id, changes }) {
    const before = await findEndpoint(tx, organizationId, id);
    const url = changes.webhook_url ?? before.url;
    const others = await livingEndpoints(tx, organizationId);
    if (others.some((other) => other.id !== id && other.url === url)) {
      invalid({ webhook_url: ['value_already_exist'] });
    }
    const [after = before] = await tx
      .update(webhookEndpoints)
      .set({
        url,
        name: changes.name === undefined ? before.name : changes.name?.trim() || null,
        signatureAlgo: changes.signature_algo ?? before.signatureAlgo,
        eventTypes: changes.event_types === undefined ? before.eventTypes : changes.event_types,
        updatedAt: new Date(now),
      })
      .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.id, id)))
      .returning();
    return {
      result: after,
      title: `Change the webhook endpoint ${after.url}`,
      subject: { type: 'webhook_endpoint', id },
      before: described(before),
      after: described(after),
    };
  },
});

const turnInput = z.strictObject({ id: z.string(), on: z.boolean() });

/** Turns an endpoint off or on. While it is off its deliveries are kept and wait until they are replayed. */
export const turnEndpoint = defineCommand<z.infer<typeof turnInput>, EndpointRow>({
  name: 'webhooks/turn-endpoint',
  input: turnInput,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId }, { id, on }) {
    const before = await findEndpoint(tx, organizationId, id);
    const [after = before] = await tx
      .update(webhookEndpoints)
      .set(
        on
          ? { disabledAt: null, disabledBy: null, failingSince: null }
          : { disabledAt: sql`clock_timestamp()`, disabledBy: 'person' },
      )
      .where(
        and(
          eq(webhookEndpoints.organizationId, organizationId),
          eq(webhookEndpoints.id, id),
          // Turned that way already: what turned it stands.
          on ? undefined : isNull(webhookEndpoints.disabledAt),
        ),
      )
      .returning();
    if (!on) {
      await tx.execute(sql`
        update webhook_deliveries set status = 'paused', next_attempt_at = null
        where organization_id = ${organizationId} and endpoint_id = ${id} and status = 'waiting'`);
    }
    return {
      result: after,
      title: `Turn the webhook endpoint ${after.url} ${on ? 'on' : 'off'}`,
      subject: { type: 'webhook_endpoint', id },
      before: described(before),
      after: described(after),
    };
  },
});
