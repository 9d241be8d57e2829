import { createHmac, createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { Client, getLagoError } from 'lago-javascript-client';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabases } from '@/db/clients';
import { addressCheck } from '@/lib/adapters/outbound/addresses';
import { type Caller, NOW, openWorld, type World } from '@/lib/api/testing/world';
import { webhookMessage } from '@/lib/api/webhooks/message';
import { runCommand } from '@/lib/commands/core/execute';
import { replayDeliveries, resendDelivery } from '@/lib/commands/webhooks/resend';
import { rotateSecret } from '@/lib/commands/webhooks/rotate-secret';
import { turnEndpoint } from '@/lib/commands/webhooks/update';
import { runnerLog } from '@/lib/runners/log';
import type { Runner } from '@/lib/runners/loop';
import { claimDeliveries } from '@/lib/runners/webhooks/claim';
import { dispatchRound, type MakeMessage } from '@/lib/runners/webhooks/dispatch';
import { startWebhooks, type WebhookOptions } from '@/lib/runners/webhooks/start';
import { openForWebhooks } from '@/lib/schedule/webhooks/secrets';

interface Received {
  body: string;
  headers: IncomingHttpHeaders;
}

let world: World;
const servers: Server[] = [];
const runners: Runner[] = [];
const SYSTEM = { type: 'system', name: 'Test' } as const;

beforeAll(async () => {
  world = await openWorld();
});
afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
  await world.databases.system.execute(
    sql`update outbox set canceled_at = now() where dispatched_at is null`,
  );
  await world.databases.system.execute(sql`delete from webhook_deliveries`);
  await world.databases.system.execute(sql`update webhook_endpoints set deleted_at = now()`);
});
afterAll(() => world.close());

/** A receiver of somebody else's; keeps what it was sent. */
async function receiver(answer: (response: ServerResponse, nth: number) => void) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      received.push({ body, headers: request.headers });
      answer(response, received.length);
    });
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const accept = (response: ServerResponse) => response.writeHead(200).end('ok');

function start(options: Partial<WebhookOptions> = {}): Runner {
  const runner = startWebhooks({
    databases: world.databases,
    makeMessage: webhookMessage,
    mayDial: addressCheck('127.0.0.1'),
    issuer: 'https://billing.example',
    pollMs: 20,
    timeoutMs: 2_000,
    ...options,
  });
  runners.push(runner);
  return runner;
}

async function until(what: () => Promise<boolean> | boolean, seconds = 20): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`it did not come to that in ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function endpoint(firm: Caller, url: string, more: Record<string, unknown> = {}) {
  const { body } = await firm.post('/webhook_endpoints', { webhook_endpoint: { webhook_url: url, ...more } });
  return body.webhook_endpoint as { lago_id: string; signing_secret: string };
}

const customer = (firm: Caller, id: string) =>
  firm.post('/customers', { customer: { external_id: id, name: 'Zoë & Sons' } });

interface DeliveryRow {
  [column: string]: unknown;
  id: string;
  status: string;
  tries: number;
  attempts: number;
  lastError: string | null;
  waits: boolean;
}

async function deliveries(firm: Caller): Promise<DeliveryRow[]> {
  return [
    ...(await world.databases.system.execute<DeliveryRow>(sql`
      select id, status, tries, attempts, last_error as "lastError", next_attempt_at > now() as waits
      from webhook_deliveries where organization_id = ${firm.organizationId} order by id`)),
  ];
}

const statuses = async (firm: Caller) => (await deliveries(firm)).map(({ status }) => status);
const makeDue = () =>
  world.databases.system.execute(
    sql`update webhook_deliveries set next_attempt_at = now(), leased_until = null where status = 'waiting'`,
  );

describe('webhooks out', () => {
  it('arrive signed, with Lago’s envelope, and verify with the published libraries', async () => {
    const firm = await world.organization('live');
    const hook = await receiver(accept);
    const { signing_secret: secret } = await endpoint(firm, hook.url, { signature_algo: 'hmac' });
    start();
    await customer(firm, 'zoe');
    await until(() => hook.received.length === 1);
    const [{ body, headers }] = hook.received as [Received];
    expect(JSON.parse(body)).toMatchObject({
      webhook_type: 'customer.created',
      object_type: 'customer',
      organization_id: firm.organizationId,
      customer: { external_id: 'zoe', name: 'Zoë & Sons', integration_customers: [] },
    });
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    expect(headers['x-lago-signature-algorithm']).toBe('hmac');
    const mac = createHmac('sha256', secret).update(body).digest('base64');
    expect(headers['x-lago-signature']).toBe(mac);
    await until(async () => (await statuses(firm)).join() === 'delivered');
    const [kept] = await deliveries(firm);
    expect(headers['x-lago-unique-key']).toBe(kept?.id);
    const log = await world.databases.system.execute(
      sql`select outcome, status, answer, address from webhook_attempts where delivery_id = ${kept?.id}`,
    );
    expect([...log]).toEqual([{ outcome: 'delivered', status: 200, answer: 'ok', address: '127.0.0.1' }]);
  });

  it('verify under the key Lago’s published client fetches, by default with RS256', async () => {
    const firm = await world.organization('live');
    const hook = await receiver(accept);
    await endpoint(firm, hook.url);
    start();
    await customer(firm, 'rs');
    await until(() => hook.received.length === 1);
    const [{ body, headers }] = hook.received as [Received];
    const client = Client(firm.key, {
      baseUrl: 'http://counterfoil.test/api/v1',
      customFetch: (input, init) => world.request(String(input).replace('http://counterfoil.test', ''), init),
    });
    const answer = await client.webhooks.fetchPublicKey().catch(getLagoError);
    const pem = Buffer.from(String(answer && 'data' in answer ? answer.data : ''), 'base64').toString();
    const [head = '', claims = '', signature = ''] = String(headers['x-lago-signature']).split('.');
    const sound = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(pem),
      Buffer.from(signature, 'base64url'),
    );
    expect(sound).toBe(true);
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(said).toEqual({ data: body, iss: 'https://billing.example' });
    const asJson = await firm.get('/webhooks/json_public_key');
    expect(Buffer.from(asJson.body.webhook.public_key, 'base64').toString()).toBe(pem);
  });

  it('are tried again after a failure, under the same key and with the same bytes', async () => {
    const firm = await world.organization('live');
    const hook = await receiver((response, nth) => response.writeHead(nth === 1 ? 500 : 201).end('no'));
    await endpoint(firm, hook.url);
    start();
    await customer(firm, 'again');
    await until(async () => (await deliveries(firm))[0]?.attempts === 1);
    const [failed] = await deliveries(firm);
    expect(failed).toMatchObject({ status: 'waiting', waits: true, tries: 1 });
    expect(failed?.lastError).toMatch(/It answered 500/);
    await customer(firm, 'again');
    await world.databases.system.execute(
      sql`update customers set name = 'Another' where external_id = 'again'`,
    );
    await makeDue();
    await until(async () => (await statuses(firm)).every((status) => status === 'delivered'));
    const [first, second] = hook.received;
    const sameKey = hook.received.filter(
      ({ headers }) => headers['x-lago-unique-key'] === first?.headers['x-lago-unique-key'],
    );
    expect(sameKey).toHaveLength(2);
    expect(sameKey[1]?.body).toBe(first?.body);
    expect(second).toBeDefined();
  });

  it('to a good endpoint do not wait for one that hangs, resets or answers a megabyte', async () => {
    const firm = await world.organization('live');
    const hanging = await receiver(() => {});
    const resetting = await receiver((response) => response.socket?.resetAndDestroy());
    const large = await receiver((response) => response.writeHead(200).end('x'.repeat(1_000_000)));
    const good = await receiver(accept);
    for (const { url } of [hanging, resetting, large, good]) await endpoint(firm, url);
    start({ timeoutMs: 20_000 });
    for (let each = 0; each < 12; each++) await customer(firm, `many-${each}`);
    await until(() => good.received.length === 12 && large.received.length === 12, 15);
    expect(hanging.received.length).toBeLessThanOrEqual(4);
    await until(async () =>
      (await deliveries(firm)).some(({ lastError }) => /socket hang up|ECONNRESET/.test(lastError ?? '')),
    );
  });

  it('do not reach internal networks unless they are named', async () => {
    const firm = await world.organization('live');
    const hook = await receiver(accept);
    await endpoint(firm, hook.url.replace('127.0.0.1', 'localhost'));
    start({ mayDial: addressCheck() });
    await customer(firm, 'inside');
    await until(async () => (await deliveries(firm))[0]?.attempts === 1);
    expect((await deliveries(firm))[0]?.lastError).toMatch(/internal network/);
    expect(hook.received).toEqual([]);
  });

  it('are sent by another worker when the one that took them up is gone', async () => {
    const firm = await world.organization('live');
    const hook = await receiver(accept);
    await endpoint(firm, hook.url);
    await customer(firm, 'killed');
    await dispatchRound(world.databases, webhookMessage, runnerLog);
    const claim = { leaseMs: 60_000, most: 10, underWay: {} };
    const taken = await claimDeliveries(world.databases, claim);
    expect(taken).toHaveLength(1);
    expect(await claimDeliveries(world.databases, claim)).toEqual([]);
    start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(hook.received).toEqual([]);
    await world.databases.system.execute(sql`update webhook_deliveries set leased_until = now()`);
    await until(() => hook.received.length === 1);
    expect(hook.received[0]?.headers['x-lago-unique-key']).toBe(taken[0]?.id);
  });

  it('that were under way when their process lost the database are sent again', async () => {
    const firm = await world.organization('live');
    let held: ServerResponse | null = null;
    const hook = await receiver((response, nth) => {
      if (nth === 1) held = response;
      else accept(response);
    });
    await endpoint(firm, hook.url);
    await customer(firm, 'cut');
    const dying = openDatabases(world.urls);
    start({ databases: dying, timeoutMs: 10_000 });
    await until(() => held !== null);
    await dying.close();
    (held as unknown as ServerResponse).writeHead(200).end();
    expect(await statuses(firm)).toEqual(['waiting']);
    start();
    await makeDue();
    await until(async () => (await statuses(firm)).join() === 'delivered');
    const keys = hook.received.map(({ headers }) => headers['x-lago-unique-key']);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });

  it('are given up after the last try, and sent again by hand', async () => {
    const firm = await world.organization('live');
    const hook = await receiver((response, nth) => response.writeHead(nth === 1 ? 503 : 204).end());
    await endpoint(firm, hook.url);
    await customer(firm, 'last');
    await dispatchRound(world.databases, webhookMessage, runnerLog);
    await world.databases.system.execute(sql`update webhook_deliveries set tries = 17, attempts = 17`);
    start();
    await until(async () => (await statuses(firm)).join() === 'failed');
    const [given] = await deliveries(firm);
    await runCommand(world.databases, resendDelivery, {
      organizationId: firm.organizationId,
      actor: SYSTEM,
      input: { deliveryId: given?.id ?? '' },
    });
    await until(async () => (await statuses(firm)).join() === 'delivered');
    expect((await deliveries(firm))[0]).toMatchObject({ attempts: 19, tries: 1 });
  });

  it('stop going to an endpoint that failed for days, wait there, and are replayed', async () => {
    const firm = await world.organization('live');
    let broken = true;
    const hook = await receiver((response) => response.writeHead(broken ? 500 : 200).end());
    const { lago_id: id } = await endpoint(firm, hook.url);
    await customer(firm, 'days');
    await world.databases.system.execute(
      sql`update webhook_endpoints set failing_since = now() - interval '6 days' where id = ${id}`,
    );
    start();
    await until(async () => (await statuses(firm)).join() === 'paused');
    const [off] = await world.databases.system.execute(
      sql`select disabled_by as by from webhook_endpoints where id = ${id}`,
    );
    expect(off?.by).toBe('failures');
    await customer(firm, 'meanwhile');
    await until(async () => (await statuses(firm)).length === 2);
    expect(await statuses(firm)).toEqual(['paused', 'paused']);
    expect(hook.received).toHaveLength(1);
    broken = false;
    const act = { organizationId: firm.organizationId, actor: SYSTEM };
    const range = { endpointId: id, from: Date.now() - 60_000, to: Date.now() + 60_000 };
    const early = runCommand(world.databases, replayDeliveries, {
      ...act,
      input: { ...range, which: 'undelivered' },
    });
    await expect(early).rejects.toThrow(/Turn it on first/);
    await runCommand(world.databases, turnEndpoint, { ...act, input: { id, on: true } });
    const { count } = await runCommand(world.databases, replayDeliveries, {
      ...act,
      input: { ...range, which: 'undelivered' },
    });
    expect(count).toBe(2);
    await until(async () => (await statuses(firm)).every((status) => status === 'delivered'));
  });

  it('verify under the old and the new secret while a rotation runs, and only under the new one after it', async () => {
    const firm = await world.organization('live');
    const hook = await receiver(accept);
    const made = await endpoint(firm, hook.url, { signature_algo: 'hmac' });
    const { organizationId } = firm;
    const rotated = await runCommand(world.databases, rotateSecret, {
      organizationId,
      actor: SYSTEM,
      input: { id: made.lago_id, overlapHours: 24 },
    });
    const next = openForWebhooks(rotated.secret, organizationId, 'secret');
    start();
    await customer(firm, 'during');
    await until(() => hook.received.length === 1);
    const during = hook.received[0] as Received;
    for (const secret of [made.signing_secret, next]) {
      new Webhook(secret).verify(during.body, during.headers as Record<string, string>);
    }
    await world.databases.system.execute(
      sql`update webhook_endpoints set previous_secret_until = now() where id = ${made.lago_id}`,
    );
    await customer(firm, 'after');
    await until(() => hook.received.length === 2);
    const after = hook.received[1] as Received;
    new Webhook(next).verify(after.body, after.headers as Record<string, string>);
    expect(() =>
      new Webhook(made.signing_secret).verify(after.body, after.headers as Record<string, string>),
    ).toThrow();
  });

  it('carry only the types an endpoint asked for', async () => {
    const firm = await world.organization('live');
    const [some, none] = [await receiver(accept), await receiver(accept)];
    await endpoint(firm, some.url, { event_types: [' Customer.Updated '] });
    await endpoint(firm, none.url, { event_types: ['invoice.created'] });
    start();
    await customer(firm, 'typed');
    await customer(firm, 'typed');
    await until(() => some.received.length === 1);
    expect(JSON.parse(some.received[0]?.body ?? '').webhook_type).toBe('customer.updated');
    expect(none.received).toEqual([]);
    expect(await deliveries(firm)).toHaveLength(1);
  });

  it('wait on a sandbox’s own clock, and never leave a history being filled', async () => {
    const firm = await world.organization('sandbox', NOW);
    const past = await world.organization('sandbox', NOW);
    const hook = await receiver(accept);
    await endpoint(firm, hook.url);
    await endpoint(past, hook.url);
    await world.databases.system.execute(
      sql`update organizations set mode = 'history' where id = ${past.organizationId}`,
    );
    await customer(past, 'muted');
    await customer(firm, 'later');
    await world.databases.system.execute(sql`
      update outbox set release_at = release_at + interval '10 minutes' where organization_id = ${firm.organizationId}`);
    await dispatchRound(world.databases, webhookMessage, runnerLog);
    expect([...(await deliveries(firm)), ...(await deliveries(past))]).toEqual([]);
    await world.databases.system.execute(sql`
      update organizations set clock_now = clock_now + interval '10 minutes' where id = ${firm.organizationId}`);
    await dispatchRound(world.databases, webhookMessage, runnerLog);
    expect(await deliveries(firm)).toHaveLength(1);
    expect(await deliveries(past)).toEqual([]);
  });

  it('set one aside that cannot be made, and go on with the rest', async () => {
    const firm = await world.organization('live');
    const hook = await receiver(accept);
    await endpoint(firm, hook.url);
    const failing: MakeMessage = async (announced) => {
      if (announced.type === 'customer.created') throw new Error('no such figure');
      return webhookMessage(announced);
    };
    start({ makeMessage: failing });
    await customer(firm, 'poison');
    await customer(firm, 'poison');
    await until(() => hook.received.length === 1);
    const parked = async () =>
      world.databases.system.execute(sql`
        select type, last_error as why from outbox
        where organization_id = ${firm.organizationId} and parked_at is not null`);
    await until(async () => (await parked()).length === 1);
    expect([...(await parked())]).toEqual([{ type: 'customer.created', why: 'no such figure' }]);
  });
});
