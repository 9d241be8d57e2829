import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { type EndpointRow, findEndpoint } from './find.ts';

const resendInput = z.strictObject({ deliveryId: z.uuid() });

/** Sends one delivery again under its own id, with all its tries before it again. Throws not_found and conflict. */
export const resendDelivery = defineCommand<z.infer<typeof resendInput>, { deliveryId: string }>({
  name: 'webhooks/resend',
  input: resendInput,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run(ctx, { deliveryId }) {
    const { tx, organizationId } = ctx;
    const [found] = await tx.execute<{ endpointId: string; type: string; kept: boolean }>(sql`
      select w.endpoint_id as "endpointId", w.webhook_type as type, o.body is not null as kept
      from webhook_deliveries w join outbox o on o.organization_id = w.organization_id and o.id = w.outbox_id
      where w.organization_id = ${organizationId} and w.id = ${deliveryId}`);
    if (!found?.kept) return notFound('webhook');
    const endpoint = await livingEndpoint(ctx, found.endpointId);
    await tx.execute(sql`
      update webhook_deliveries set status = 'waiting', tries = 0, next_attempt_at = clock_timestamp(),
        leased_until = null, finished_at = null
      where organization_id = ${organizationId} and id = ${deliveryId}`);
    return {
      result: { deliveryId },
      title: `Send ${found.type} to ${endpoint.url} again`,
      subject: { type: 'webhook_endpoint', id: endpoint.id },
    };
  },
});

const replayInput = z.strictObject({
  endpointId: z.string(),
  /** Epoch milliseconds, from and before. */
  from: z.number().int(),
  to: z.number().int(),
  /** Only what did not arrive, or everything. */
  which: z.enum(['undelivered', 'all']),
});

/** Sends again what was announced to an endpoint in a stretch of time, in its order. Answers how many. */
export const replayDeliveries = defineCommand<z.infer<typeof replayInput>, { count: number }>({
  name: 'webhooks/replay',
  input: replayInput,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run(ctx, { endpointId, from, to, which }) {
    const { tx, organizationId } = ctx;
    const endpoint = await livingEndpoint(ctx, endpointId);
    const rows = await tx.execute(sql`
      update webhook_deliveries w set status = 'waiting', tries = 0, next_attempt_at = clock_timestamp(),
        leased_until = null, finished_at = null
      from outbox o
      where w.organization_id = ${organizationId} and w.endpoint_id = ${endpointId}
        and o.organization_id = w.organization_id and o.id = w.outbox_id and o.body is not null
        and w.created_at >= ${new Date(from).toISOString()}::timestamptz
        and w.created_at < ${new Date(to).toISOString()}::timestamptz
        and (${which === 'all'} or w.status in ('failed', 'paused', 'waiting'))
      returning w.id`);
    const count = rows.length;
    return {
      result: { count },
      title: `Replay ${count} ${count === 1 ? 'webhook' : 'webhooks'} to ${endpoint.url}`,
      subject: { type: 'webhook_endpoint', id: endpointId },
      after: { count, from: new Date(from), to: new Date(to), which },
    };
  },
});

async function livingEndpoint({ tx, organizationId }: CommandContext, id: string): Promise<EndpointRow> {
  const endpoint = await findEndpoint(tx, organizationId, id);
  if (endpoint.disabledAt)
    conflict('endpoint_off', 'This endpoint is off. Turn it on first, then send again.');
  return endpoint;
}

/** Tries again to make the messages that were set aside because making them failed. Answers how many. */
export const retryMessages = defineCommand<Record<string, never>, { count: number }>({
  name: 'webhooks/retry-messages',
  input: z.strictObject({}),
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId }) {
    const rows = await tx.execute(sql`
      update outbox set parked_at = null, failures = 0
      where organization_id = ${organizationId} and parked_at is not null and dispatched_at is null
      returning id`);
    return {
      result: { count: rows.length },
      title: 'Make the webhooks that were set aside',
      subject: { type: 'organization', id: organizationId },
    };
  },
});
