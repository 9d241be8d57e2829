import net, { type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSystem } from '@/db/tenancy';
import { createApi } from '@/lib/api/app';
import { createIngestDoor } from '@/lib/api/ingest-door';
import { type Caller, NOW, openWorld, type World } from '@/lib/api/testing/world';
import { createApiKey } from '@/lib/auth/api-keys';
import { createHttpServer } from './http.ts';
import { ingestListener } from './ingest-listener.ts';

let world: World;
let firms: [Caller, Caller];
let origin: string;
let close: () => void;

beforeAll(async () => {
  world = await openWorld();
  firms = [await world.organization(), await world.organization()];
  const { databases } = world;
  const server = createHttpServer(
    {
      api: getRequestListener(createApi(databases).fetch, { overrideGlobalObjects: false }),
      ingest: ingestListener(createIngestDoor(databases)),
      console: async (_request, response) => void response.end('console'),
      readiness: async () => 'ready',
    },
    pino({ level: 'silent' }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => server.close();
});
afterAll(async () => {
  close();
  await world.close();
});

const event = (transaction_id: string, more: object = {}) => ({
  transaction_id,
  external_subscription_id: 's',
  code: 'calls',
  timestamp: 1_709_629_200,
  ...more,
});
const BATTERY: [path: string, body: unknown, headers?: Record<string, string>][] = [
  ['/events', { event: event('a', { properties: { value: 1.5 } }) }],
  ['/events', { event: event('a', { properties: { value: 1.5 } }) }],
  ['/events', {}],
  ['/events', { event: {} }],
  ['/events', { event: { code: 'x', timestamp: 'soon' } }],
  ['/events', '{"event":'],
  ['/events', '[]'],
  ['/events', ''],
  ['/events', `{"event":${'['.repeat(100)}`],
  ['/events', '{"event":{"transaction_id":"n","properties":{"value":1e400}}}'],
  ['/events', '{"event":{"transaction_id":"n","properties":{"value":0.1234567890123456789}}}'],
  ['/events', '{"event":{"transaction_id":NaN}}'],
  ['/events', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ['/events', { event: event('b') }, { authorization: '' }],
  ['/events', { event: event('b') }, { authorization: 'Bearer nobody' }],
  ['/events/batch', { events: [event('c'), event('d')] }],
  ['/events/batch', { events: [event('e'), event('c')] }],
  ['/events/batch', { events: [event('e'), { code: 1 }] }],
  ['/events/batch', { events: {} }],
  ['/events/batch', { events: [] }],
  ['/events/batch', {}],
  ['/ingest', { events: [event('e'), event('c'), event('c', { code: 'other' }), {}] }],
  ['/ingest', { events: [event('f')] }, { 'idempotency-key': 'one' }],
  ['/ingest', { events: [event('f')] }, { 'idempotency-key': 'one' }],
  ['/events/none', {}],
];

/** What differs from one organisation or moment to the next. */
const plainly = (text: string) =>
  text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/"created_at":"[^"]+"/g, '"created_at":"then"');

describe('the lean listener', () => {
  it('answers exactly as the router does', async () => {
    for (const [path, body, more] of BATTERY) {
      const send = async (firm: Caller, to: (path: string, init: RequestInit) => Promise<Response>) => {
        const answer = await to(`/api/v1${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${firm.key}`, 'content-type': 'application/json', ...more },
          body:
            typeof body === 'string' || body instanceof Uint8Array
              ? (body as BodyInit)
              : JSON.stringify(body),
        });
        const kept = ['content-type', 'x-ratelimit-limit', 'idempotency-replayed', 'retry-after'];
        const headers = kept.map((name) => answer.headers.get(name));
        expect(answer.headers.get('x-request-id')).toMatch(/./);
        return { path, status: answer.status, headers, body: plainly(await answer.text()) };
      };
      const [router, lean] = [
        await send(firms[0], world.request),
        await send(firms[1], (to, init) => fetch(origin + to, init)),
      ];
      expect(lean).toEqual(router);
    }
    const { body } = await firms[1].get('/events');
    expect(body.meta.total_count).toBe(5);
  });

  it('stops reading a body without end, and refuses one that says it is too long', async () => {
    const { hostname, port } = new URL(origin);
    const head = `POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${firms[1].key}\r\n`;
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const status = (start: string, parts: number) =>
      new Promise<string>((resolve) => {
        const socket = net.connect({ host: hostname, port: Number(port) });
        socket.on('error', () => {});
        socket.once('data', (data) => {
          resolve(data.toString().slice(9, 12));
          socket.destroy();
        });
        socket.write(head + start);
        for (let part = 0; part < parts; part++) socket.write(chunk);
      });
    expect(await status('transfer-encoding: chunked\r\n\r\n', 12)).toBe('413');
    expect(await status('content-length: 99999999\r\n\r\n', 1)).toBe('413');
    expect((await fetch(`${origin}/ready`)).status).toBe(200);
  });

  it('notes refused calls in the log, not those whose events are their own record', async () => {
    const { body } = await firms[1].get('/api_logs?per_page=100&http_methods[]=post');
    type Logged = { request_path: string; http_status: number; request_response: unknown };
    const calls: Logged[] = body.api_logs;
    expect(calls).toContainEqual(
      expect.objectContaining({
        request_path: '/api/v1/events/batch',
        http_status: 422,
        request_response: expect.objectContaining({ code: 'validation_errors' }),
      }),
    );
    expect(calls.filter(({ http_status }) => http_status === 200)).toEqual([]);
    const refused = await firms[1].get('/api_logs?http_statuses[]=400');
    expect(refused.body.meta.total_count).toBeGreaterThan(5);
    const one = await firms[1].get(`/api_logs/${body.api_logs[0].request_id}`);
    expect(one.body.api_log).toMatchObject({ http_method: 'post' });
    expect((await firms[0].get(`/api_logs/${body.api_logs[0].request_id}`)).status).toBe(404);
  });

  it('holds only the key that calls too often', async () => {
    const scopes = { event: ['write' as const] };
    const { databases } = world;
    const make = (requestsPerMinute: number | null) =>
      withSystem(databases, (tx) =>
        createApiKey(
          tx,
          {
            organizationId: firms[0].organizationId,
            name: 'k',
            live: false,
            requestsPerMinute,
            scopes: null,
          },
          NOW,
        ),
      );
    const [greedy, modest] = [world.as((await make(3)).key), world.as((await make(null)).key)];
    const statuses: number[] = [];
    for (let call = 0; call < 5; call++) statuses.push((await greedy.get('/taxes')).status);
    // The clock's minute may turn between the calls.
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    const answers = await Promise.all(Array.from({ length: 8 }, () => greedy.get('/taxes')));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({
      status: 429,
      error: 'Too Many Requests',
      code: 'rate_limit_exceeded',
    });
    expect(refused?.headers.get('x-ratelimit-limit')).toBe('3');
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused?.headers.get('x-ratelimit-reset')).toMatch(/^\d+$/);
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    const other = await modest.get('/taxes');
    expect(other.status).toBe(200);
    expect(other.headers.get('x-ratelimit-limit')).toBe('6000');
    const { key } = await withSystem(databases, (tx) =>
      createApiKey(tx, { organizationId: firms[0].organizationId, name: 'e', live: false, scopes }, NOW),
    );
    const eventsOnly = world.as(key);
    expect((await eventsOnly.post('/events', { event: event('only') })).status).toBe(200);
    expect((await eventsOnly.post('/ingest', { events: [event('only2')] })).status).toBe(200);
    expect((await eventsOnly.get('/events')).status).toBe(403);
    expect((await eventsOnly.get('/invoices')).status).toBe(403);
  });
});
