import { Client, getLagoError } from 'lago-javascript-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
});
afterAll(() => world.close());

const create = (webhook_endpoint: Record<string, unknown>, by: Caller = firm) =>
  by.post('/webhook_endpoints', { webhook_endpoint });

describe('webhook endpoints', () => {
  it('live their life with Lago’s members', async () => {
    const made = await create({
      webhook_url: 'https://one.example/in',
      name: 'One',
      event_types: [' Invoice.Created ', 'invoice.created', 'customer.updated'],
    });
    expect(made.status).toBe(200);
    const { signing_secret, ...endpoint } = made.body.webhook_endpoint;
    expect(signing_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toEqual({
      lago_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      lago_organization_id: firm.organizationId,
      webhook_url: 'https://one.example/in',
      signature_algo: 'jwt',
      name: 'One',
      event_types: ['invoice.created', 'customer.updated'],
      created_at: '2024-03-05T10:00:00Z',
    });
    const path = `/webhook_endpoints/${endpoint.lago_id}`;
    expect((await firm.get(path)).body).toEqual({ webhook_endpoint: endpoint });
    const changed = await firm.put(path, {
      webhook_endpoint: { signature_algo: 'hmac', event_types: ['*'] },
    });
    expect(changed.body.webhook_endpoint).toEqual({
      ...endpoint,
      signature_algo: 'hmac',
      event_types: null,
    });
    const list = await firm.get('/webhook_endpoints');
    expect(list.body).toMatchObject({
      webhook_endpoints: [{ lago_id: endpoint.lago_id }],
      meta: { total_count: 1 },
    });
    expect((await firm.get('/organizations')).body.organization).toMatchObject({
      webhook_url: 'https://one.example/in',
      webhook_urls: ['https://one.example/in'],
    });
    expect((await firm.remove(path)).body.webhook_endpoint.lago_id).toBe(endpoint.lago_id);
    expect((await firm.get(path)).body.code).toBe('webhook_endpoint_not_found');
    expect((await firm.get('/organizations')).body.organization).toMatchObject({
      webhook_url: '',
      webhook_urls: [],
    });
  });

  it('say what is wrong in Lago’s codes', async () => {
    const details = async (given: Record<string, unknown>) => (await create(given)).body.error_details;
    expect(await details({ name: 'No address' })).toEqual({ webhook_url: ['value_is_mandatory'] });
    for (const webhook_url of ['nowhere', 'ftp://one.example', 'https://user:word@one.example']) {
      expect(await details({ webhook_url })).toEqual({ webhook_url: ['url_is_invalid'] });
    }
    const webhook_url = 'https://two.example';
    expect(await details({ webhook_url, event_types: 'invoice.created' })).toEqual({
      event_types: ['must_be_array'],
    });
    const [sentence] = (await details({ webhook_url, event_types: ['invoice.eaten'] })).event_types;
    expect(sentence).toContain('invoice.eaten');
    expect((await create({ webhook_url })).status).toBe(200);
    expect(await details({ webhook_url })).toEqual({ webhook_url: ['value_already_exist'] });
    expect((await firm.get('/webhook_endpoints/none')).body.code).toBe('webhook_endpoint_not_found');
  });

  it('are ten at most, however many ask at once', async () => {
    const other = await world.organization();
    const asked = Array.from({ length: 14 }, (_, nth) =>
      create({ webhook_url: `https://${nth}.example` }, other),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body.error_details.base[0]).toMatch(/up to 10/);
  });

  it('follow the organisation’s webhook_url', async () => {
    const other = await world.organization();
    const point = (webhook_url: string) => other.put('/organizations', { organization: { webhook_url } });
    expect((await point('https://a.example')).body.organization.webhook_urls).toEqual(['https://a.example']);
    expect((await point('https://b.example')).body.organization.webhook_urls).toEqual(['https://b.example']);
    expect((await point('nowhere')).body.error_details).toEqual({ webhook_url: ['url_is_invalid'] });
  });

  it('belong to one organisation', async () => {
    const mine = (await create({ webhook_url: 'https://mine.example' })).body.webhook_endpoint;
    const other = await world.organization();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { webhook_endpoint: { name: 'theirs' } } : undefined;
      const answer = await other.call(method, `/webhook_endpoints/${mine.lago_id}`, body);
      expect([method, answer.status]).toEqual([method, 404]);
    }
    const keys = [firm, other].map((one) => one.get('/webhooks/json_public_key'));
    const [own, theirs] = (await Promise.all(keys)).map(({ body }) => body.webhook.public_key);
    expect(own).not.toBe(theirs);
  });

  it('are reached by Lago’s published client', async () => {
    const client = Client(firm.key, {
      baseUrl: 'http://counterfoil.test/api/v1',
      customFetch: (input, init) => world.request(String(input).replace('http://counterfoil.test', ''), init),
    });
    const made = await client.webhookEndpoints.createWebhookEndpoint({
      webhook_endpoint: { webhook_url: 'https://client.example', signature_algo: 'hmac' },
    });
    const id = made.data.webhook_endpoint.lago_id;
    expect((await client.webhookEndpoints.findWebhookEndpoint(id)).data.webhook_endpoint).toMatchObject({
      webhook_url: 'https://client.example',
    });
    await client.webhookEndpoints.destroyWebhookEndpoint(id);
    const gone = await client.webhookEndpoints.findWebhookEndpoint(id).catch(getLagoError);
    expect(gone).toMatchObject({ code: 'webhook_endpoint_not_found' });
    const text = await world.request('/api/v1/webhooks/public_key', {
      headers: { Authorization: `Bearer ${firm.key}` },
    });
    expect(text.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(Buffer.from(await text.text(), 'base64').toString()).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });
});
