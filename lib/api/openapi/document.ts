import { z } from 'zod';
import { WEBHOOK_OBJECTS, type WebhookObject, type WebhookType } from '@/lib/schedule/outbox';
import { type About, nothing, plainText, refusal } from '../about.ts';
import { permissionOf } from '../authenticate.ts';
import { MESSAGE_SCHEMAS } from '../webhooks/schemas.ts';
import { ERROR_COMPONENTS, REFUSALS } from './refusals.ts';
import { bodySchema, type JsonSchema, type Schemas, schemaOf } from './schema.ts';
import { summaryOf } from './summary.ts';

const BASE = '/api/v1';
const OWN = /^\/(ingest|sandbox|sandboxes|pricing_units|dunning_campaigns)\b|\/dunning$/;

/**
 * The OpenAPI 3.1 document of the routes that are served, by `METHOD /path`: nothing is listed that is not there, nothing
 * is left out.
 */
export function openApiDocument(described: ReadonlyMap<string, About>, version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const schemas: Schemas = { components: {}, known: new Map() };
  for (const [name, about] of described) {
    const [method = '', route = ''] = name.split(' ');
    const path = route.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = operationOf(method, route, about, schemas);
  }
  const webhooks = webhooksOf(schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Counterfoil API',
      version,
      description:
        "Compatible with Lago's published API. Bodies are described from the validators that read them and answers from the schemas that type them; unknown members are dropped on Lago's routes.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: BASE }],
    security: [{ key: [] }],
    tags: [...new Set(Object.keys(paths).map(tagOf))].sort().map((name) => ({ name })),
    paths,
    webhooks,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
      parameters: { ...PAGING, IdempotencyKey: IDEMPOTENCY_KEY },
      schemas: Object.fromEntries(
        Object.entries({ ...schemas.components, Error: ERROR_COMPONENTS.schema }).sort(([a], [b]) =>
          a < b ? -1 : 1,
        ),
      ),
      responses: ERROR_COMPONENTS.responses,
    },
  };
}

/** The messages that endpoints are sent, by their type, in Lago's envelope (semantics 15.1). */
function webhooksOf(schemas: Schemas): Record<string, JsonSchema> {
  const types = Object.entries(WEBHOOK_OBJECTS) as [WebhookType, WebhookObject][];
  return Object.fromEntries(
    types.map(([type, objectType]) => [type, { post: deliveryOf(type, objectType, schemas) }]),
  );
}

function deliveryOf(type: WebhookType, objectType: WebhookObject, schemas: Schemas): JsonSchema {
  const properties = {
    webhook_type: { const: type },
    object_type: { const: objectType },
    organization_id: { type: 'string', format: 'uuid' },
    [objectType]: schemaOf(MESSAGE_SCHEMAS[objectType], schemas),
  };
  const schema = { type: 'object', required: Object.keys(properties), properties };
  return {
    summary: `${type}, with its ${objectType}`,
    tags: ['webhook_endpoints'],
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { '200': { description: 'Taken. So do 201, 202 and 204; anything else is tried again.' } },
  };
}

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The write is done once; sent again within a day it is answered the same.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};
const PAGING: Record<string, JsonSchema> = {
  page: { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } },
  per_page: {
    name: 'per_page',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
};

const tagOf = (path: string): string => (OWN.test(path) ? 'Counterfoil’s own' : (path.split('/')[1] ?? ''));

function operationOf(method: string, route: string, about: About, schemas: Schemas): JsonSchema {
  const { takes } = about;
  const mode = method === 'GET' ? 'read' : 'write';
  return {
    operationId: `${method.toLowerCase()}${route.replace(/[^A-Za-z]+(\w)/g, (_all, next: string) => next.toUpperCase())}`,
    summary: summaryOf(method, route, about),
    tags: [tagOf(route)],
    description: `Needs the permission ${mode} of ${permissionOf(BASE + route)}.`,
    parameters: parametersOf(method, route, about),
    ...(takes
      ? {
          requestBody: {
            required: !takes.optional,
            content: { 'application/json': { schema: bodySchema(takes, schemas) } },
          },
        }
      : {}),
    responses: { ...success(about, schemas), ...refusals(method, route) },
  };
}

function parametersOf(method: string, route: string, { answers, filters = [] }: About): JsonSchema[] {
  const inPath = [...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const isPaged = answers instanceof z.ZodObject && 'meta' in answers.shape;
  const paging = isPaged
    ? Object.keys(PAGING).map((name) => ({ $ref: `#/components/parameters/${name}` }))
    : [];
  const key = method === 'GET' ? [] : [{ $ref: '#/components/parameters/IdempotencyKey' }];
  return [...inPath, ...filters.map(filterParameter), ...paging, ...key];
}

/** `name[]` is a list that is sent repeating its name; `name[key]` a map of texts. */
function filterParameter(name: string): JsonSchema {
  if (name.endsWith('[key]')) {
    const schema = { type: 'object', additionalProperties: { type: 'string' } };
    return { name: name.slice(0, -'[key]'.length), in: 'query', style: 'deepObject', explode: true, schema };
  }
  const one = { type: 'string' };
  return { name, in: 'query', schema: name.endsWith('[]') ? { type: 'array', items: one } : one };
}

function success({ answers }: About, schemas: Schemas): JsonSchema {
  if (answers === refusal) return {};
  if (answers === nothing) return { 200: { description: 'Done; there is nothing to say.' } };
  const content =
    answers === plainText
      ? { 'text/plain': { schema: { type: 'string' } } }
      : { 'application/json': { schema: schemaOf(answers, schemas) } };
  return { 200: { description: 'Done.', content } };
}

function refusals(method: string, route: string): JsonSchema {
  const namesOne = route.includes(':');
  const possible = REFUSALS.filter(
    ({ status }) =>
      !(status === 404 && !namesOne && method === 'GET') &&
      !((status === 405 || status === 400) && method === 'GET'),
  );
  const named = possible.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]);
  return { ...Object.fromEntries(named), default: { $ref: '#/components/responses/Refused' } };
}
