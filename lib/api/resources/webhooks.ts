import { z } from 'zod';
import { withTenant } from '@/db/tenancy';
import { createEndpoint } from '@/lib/commands/webhooks/create';
import { deleteEndpoint } from '@/lib/commands/webhooks/delete';
import { findEndpoint, livingEndpoints } from '@/lib/commands/webhooks/find';
import { updateEndpoint } from '@/lib/commands/webhooks/update';
import { readClock } from '@/lib/schedule/clock';
import { webhookKey } from '@/lib/schedule/webhooks/key';
import { openForWebhooks } from '@/lib/schedule/webhooks/secrets';
import { body, plainText } from '../about.ts';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { webhookEndpointSchema, webhookEndpointWire } from '../serializers/webhook-endpoint.ts';
import { is, one, page, resource } from '../wire-schema.ts';
import { listed, sliced } from './listing.ts';

const endpointAnswer = one('webhook_endpoint', webhookEndpointSchema);
const createdEndpointSchema = resource('WebhookEndpointCreated', {
  ...webhookEndpointSchema.shape,
  signing_secret: is.str,
});

/** Base64 of the public key's PEM, as Lago gives it. The key is made when it is first asked for. */
async function publicKey({ databases, organizationId }: ApiRequest): Promise<string> {
  const key = await withTenant(databases, organizationId, async (tx) => {
    const { now } = await readClock(tx, organizationId);
    return webhookKey(tx, organizationId, now);
  });
  return Buffer.from(key.publicKey).toString('base64');
}

/**
 * Webhook endpoints and the key their messages are checked with (API contract, section 11). The answer to a creation
 * carries `signing_secret` beside Lago's members: it is not to be read again.
 */
export function webhooks(door: Door): void {
  post(
    door,
    '/webhook_endpoints',
    {
      answers: one('webhook_endpoint', createdEndpointSchema),
      takes: body('webhook_endpoint', createEndpoint.input),
    },
    async (request) => {
      const given = await request.attributes('webhook_endpoint');
      const endpoint = await request.run(createEndpoint, given);
      const secret = openForWebhooks(endpoint.secret, request.organizationId, 'secret');
      return { webhook_endpoint: { ...webhookEndpointWire(endpoint), signing_secret: secret } };
    },
  );
  get(
    door,
    '/webhook_endpoints',
    { answers: page('webhook_endpoints', webhookEndpointSchema) },
    async (request) => {
      const rows = await request.read((tx) => livingEndpoints(tx, request.organizationId));
      return listed(request, 'webhook_endpoints', sliced(request, rows.reverse()), webhookEndpointWire);
    },
  );
  get(door, '/webhook_endpoints/:id', { answers: endpointAnswer }, async (request) => {
    const row = await request.read((tx) => findEndpoint(tx, request.organizationId, request.param('id')));
    return { webhook_endpoint: webhookEndpointWire(row) };
  });
  put(
    door,
    '/webhook_endpoints/:id',
    { answers: endpointAnswer, takes: body('webhook_endpoint', updateEndpoint.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('webhook_endpoint');
      const row = await request.run(updateEndpoint, { id: request.param('id'), changes });
      return { webhook_endpoint: webhookEndpointWire(row) };
    },
  );
  remove(door, '/webhook_endpoints/:id', { answers: endpointAnswer }, async (request) => {
    const row = await request.run(deleteEndpoint, { id: request.param('id') });
    return { webhook_endpoint: webhookEndpointWire(row) };
  });
  get(
    door,
    '/webhooks/json_public_key',
    { answers: one('webhook', z.object({ public_key: is.str })) },
    async (request) => ({
      webhook: { public_key: await publicKey(request) },
    }),
  );
  get(
    door,
    '/webhooks/public_key',
    { answers: plainText },
    async (request) =>
      new Response(await publicKey(request), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } }),
  );
}
