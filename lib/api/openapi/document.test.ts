import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Databases } from '@/db/clients';
import { readEvent } from '@/lib/usage/incoming';
import { createApi } from '../app.ts';
import { eventInput } from '../resources/event-input.ts';
import { answerCheck } from '../testing/answer-check.ts';

const app = createApi({} as Databases);
/** Calls with a key; what is opened without one is no part of the description. */
const served = app.routes
  .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
  .map(({ method, path }) => `${method} ${path.slice('/api/v1'.length)}`)
  .filter((name) => !/ \/(openapi.json|reference|files\/:token)$/.test(name));
const response = app.request('/api/v1/openapi.json');
const document = (async () => (await response).json())();

interface Operation {
  operationId: string;
  parameters: { in?: string; name?: string }[];
  requestBody?: object;
  responses: Record<string, object>;
}

async function operations(): Promise<[string, Operation][]> {
  const { paths } = await document;
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      operation,
    ]),
  );
}

/** Writes that say everything with their path, and so take no body. */
const WITHOUT_BODY =
  /^DELETE |\/(void|refresh|finalize|download|download_pdf|lose_dispute|retry|retry_payment|payment_url|checkout_url|resume|end_trial|set_as_default)$/;

describe('the OpenAPI document', () => {
  it('is one, by the schema of OpenAPI 3.1', async () => {
    const found = await new Validator().validate(await document);
    expect(found.errors ?? []).toEqual([]);
    expect(found.valid).toBe(true);
    expect((await document).openapi).toBe('3.1.0');
  });

  it('lists every route there is, and none that is not', async () => {
    const listed = (await operations()).map(([name]) => name);
    expect(listed.toSorted()).toEqual([...new Set(served)].toSorted());
    expect(listed.length).toBeGreaterThan(200);
  });

  it('describes the body of every write that takes one', async () => {
    const writes = (await operations()).filter(([name]) => !name.startsWith('GET '));
    const bare = writes.filter(([name, { requestBody }]) => !requestBody && !WITHOUT_BODY.test(name));
    expect(bare.map(([name]) => name)).toEqual([]);
    const { paths } = await document;
    const { schema } = paths['/taxes'].post.requestBody.content['application/json'];
    expect(schema).toMatchObject({
      required: ['tax'],
      properties: {
        tax: {
          required: ['name', 'code', 'rate'],
          properties: {
            rate: { type: ['string', 'number'] },
            applied_to_organization: { type: ['boolean', 'null'] },
          },
        },
      },
    });
    const { tax: changes } =
      paths['/taxes/{code}'].put.requestBody.content['application/json'].schema.properties;
    expect(changes.required).toBeUndefined();
    expect(Object.keys(changes.properties)).toContain('rate');
  });

  it('describes every answer by its members', async () => {
    const { paths, components } = await document;
    const vague = JSON.stringify({ paths, schemas: components.schemas }).match(
      /"schema":\{"type":"object"\}/,
    );
    expect(vague).toBeNull();
    expect(components.schemas.InvoiceDetail.properties.fees).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/Fee' },
    });
    const { lago_id, fees } =
      paths['/invoices/preview'].post.responses['200'].content['application/json'].schema.properties.invoice
        .properties;
    expect([lago_id.type, fees.items.properties.lago_id.type]).toEqual([
      ['string', 'null'],
      ['string', 'null'],
    ]);
  });

  it('refers to nothing that is not in it, and names each operation once', async () => {
    const whole = await document;
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name === '$ref') {
          const parts = String(inner).slice(2).split('/');
          const found = parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], whole);
          expect(found, String(inner)).toBeDefined();
        }
        walk(inner);
      }
    };
    walk(whole);
    const all = await operations();
    expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length);
    for (const [name, { parameters }] of all) {
      const inPath = [...name.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
      expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(inPath);
    }
  });

  it('describes events as they are read by hand', () => {
    const id = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('', 'x'.repeat(255), 'x'.repeat(256), 'a\0b', '\ud800', 7, true, null, undefined, {}),
    );
    const event = fc.record(
      {
        transaction_id: id,
        external_subscription_id: id,
        code: id,
        timestamp: fc.oneof(fc.integer(), fc.double(), fc.constantFrom('', '1700000000.5', 'noon', null, {})),
        properties: fc.oneof(
          fc.dictionary(fc.constantFrom('a', 'b'), fc.integer()),
          fc.constantFrom([], 'x', null),
        ),
        precise_total_amount_cents: fc.constantFrom('1.5', 2, 'x', null),
        other: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(event, (given) => {
        const read = readEvent(given);
        const described = eventInput.safeParse(given);
        const fields = described.error?.issues.map(({ path, message }) => [path[0], message]) ?? [];
        const wanted = read.ok ? [] : Object.entries(read.errors).map(([field, [code]]) => [field, code]);
        expect(Object.fromEntries(fields.toReversed())).toEqual(Object.fromEntries(wanted));
      }),
    );
  });

  it('catches an answer that is not as it is described, with its route, place and value', async () => {
    const check = answerCheck(await document);
    const tax = {
      lago_id: '0190a0c4-7d9e-7d3c-8f10-0c6a3e8f4a11',
      name: 'VAT',
      code: 'vat',
      rate: 20,
      description: null,
      applied_to_organization: false,
      add_ons_count: 0,
      customers_count: 0,
      plans_count: 0,
      charges_count: 0,
      commitments_count: 0,
      created_at: '2024-03-05T10:00:00Z',
      applied_to_billing_entities_codes: [],
    };
    expect(check('GET', '/taxes/vat', 200, { tax })).toBeNull();
    expect(check('GET', '/taxes/vat', 200, { tax: { ...tax, rate: '20.0' } })).toBe(
      'GET /taxes/{code} 200: /tax/rate must be number {"type":"number"}: "20.0"',
    );
    expect(
      check('GET', '/taxes/vat', 200, { tax: { ...tax, created_at: '2024-03-05T10:00:00.000Z' } }),
    ).toContain('/tax/created_at must match pattern');
    expect(check('GET', '/taxes/vat', 200, { tax: { ...tax, extra: 1 } })).toContain('"extra"');
    expect(check('GET', '/taxes/vat', 404, { status: 404 })).toContain("must have required property 'error'");
    expect(check('GET', '/taxes?colour=red', 200, {})).toContain('colour is not described');
    expect(check('POST', '/events/batch', 200, { events: [{ lago_id: 1 }] })).toContain(
      'POST /events/batch 200',
    );
  });

  it('is a page for people too', async () => {
    const page = await app.request('/api/v1/reference');
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('<code>/taxes</code>');
    expect(html).not.toMatch(/<script|https?:\/\//);
  });
});
