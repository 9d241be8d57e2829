import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { newId } from '@/db/ids';
import { webhookEndpoints } from '@/db/schema';
import { invalid } from '@/lib/schedule/errors';
import { webhookKey } from '@/lib/schedule/webhooks/key';
import { newSecret, sealForWebhooks } from '@/lib/schedule/webhooks/secrets';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { orTaken } from '../core/taken.ts';
import { type EndpointRow, livingEndpoints } from './find.ts';
import { endpointInput } from './input.ts';
import { described } from './words.ts';

const MOST_ENDPOINTS = 10;

/** Adds an endpoint with a secret of its own. The row holds it sealed; whoever shows it this once opens it. */
export const createEndpoint = defineCommand<z.infer<typeof endpointInput>, EndpointRow>({
  name: 'webhooks/create-endpoint',
  input: endpointInput,
  right: 'webhooks.manage',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const endpoint = await addEndpoint(ctx, input);
    return {
      result: endpoint,
      title: `Send webhooks to ${endpoint.url}`,
      subject: { type: 'webhook_endpoint', id: endpoint.id },
      after: described(endpoint),
    };
  },
});

/** Lago's organization has a `webhook_url`: the first endpoint's address, which a change of it moves or makes. */
export async function pointFirstEndpoint(ctx: CommandContext, url: string): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const [first, ...others] = await livingEndpoints(tx, organizationId);
  if (!first) {
    await addEndpoint(ctx, { webhook_url: url, event_types: null });
    return;
  }
  if (others.some((other) => other.url === url)) invalid({ webhook_url: ['value_already_exist'] });
  await tx
    .update(webhookEndpoints)
    .set({ url, updatedAt: new Date(now) })
    .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.id, first.id)));
}

async function addEndpoint(ctx: CommandContext, input: z.infer<typeof endpointInput>): Promise<EndpointRow> {
  const { tx, organizationId, now } = ctx;
  await assertRoom(ctx);
  const endpoint = orTaken(
    await tx
      .insert(webhookEndpoints)
      .values({
        organizationId,
        id: newId(),
        url: input.webhook_url,
        name: input.name?.trim() || null,
        signatureAlgo: input.signature_algo ?? 'jwt',
        eventTypes: input.event_types ?? null,
        secret: sealForWebhooks(newSecret(), organizationId, 'secret'),
        createdAt: new Date(now),
        updatedAt: new Date(now),
      })
      .onConflictDoNothing()
      .returning(),
    'webhook_url',
  );
  await webhookKey(tx, organizationId, now);
  return endpoint;
}

/** Two additions at once wait for each other, so that there are never more than ten. */
async function assertRoom({ tx, organizationId }: CommandContext): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks of ${organizationId}`}, 0))`,
  );
  const present = await livingEndpoints(tx, organizationId);
  if (present.length < MOST_ENDPOINTS) return;
  const sentence = `An organization can have up to ${MOST_ENDPOINTS} webhook endpoints. Remove one first.`;
  invalid({ base: [sentence] }, sentence);
}
