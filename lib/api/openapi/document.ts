import { permissionOf } from '../authenticate.ts';
import { BODIES } from './bodies.ts';
import type { JsonSchema } from './schema.ts';

export interface ServedRoute {
  method: string;
  /** With the API's base path, parameters as `:name`. */
  path: string;
}

const BASE = '/api/v1';
const OWN = /^\/(ingest|sandbox|sandboxes)\b/;

/** The OpenAPI 3.1 document of the routes that are served: nothing is listed that is not there, nothing is left out. */
export function openApiDocument(routes: readonly ServedRoute[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const { method, path } of routes) {
    if (method === 'ALL' || !path.startsWith(`${BASE}/`)) continue;
    const route = path.slice(BASE.length);
    const name = route.replace(/:(\w+)/g, '{$1}');
    paths[name] ??= {};
    paths[name][method.toLowerCase()] = operationOf(method, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Counterfoil API',
      version,
      description:
        "Compatible with Lago's published API. Requests are described from the validators that read them; unknown members are dropped on Lago's routes.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: BASE }],
    security: [{ key: [] }],
    tags: [...new Set(Object.keys(paths).map(tagOf))].sort().map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          description: 'The write is done once; sent again within a day it is answered the same.',
          schema: { type: 'string', minLength: 1, maxLength: 255 },
        },
      },
      schemas: { Error: ERROR, Meta: META },
      responses: {
        Refused: {
          description: 'Refused: the body says why, and for 422 which field.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  };
}

const ERROR: JsonSchema = {
  type: 'object',
  required: ['status', 'error'],
  properties: {
    status: { type: 'integer' },
    error: { type: 'string' },
    code: { type: 'string' },
    message: { type: 'string' },
    error_details: { type: 'object', description: 'Field to codes; in batches index to fields.' },
  },
};
const META: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    ['current_page', 'next_page', 'prev_page', 'total_pages', 'total_count'].map((name) => [
      name,
      { type: ['integer', 'null'] },
    ]),
  ),
};

const tagOf = (path: string): string => (OWN.test(path) ? 'Counterfoil’s own' : (path.split('/')[1] ?? ''));

function operationOf(method: string, route: string): JsonSchema {
  // PATCH is PUT by another name.
  const body = BODIES[`${method === 'PATCH' ? 'PUT' : method} ${route}`];
  const isRead = method === 'GET';
  const parameters: JsonSchema[] = [...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (!isRead) parameters.push({ $ref: '#/components/parameters/IdempotencyKey' });
  if (isRead && !/:\w+$/.test(route)) {
    for (const name of ['page', 'per_page']) {
      parameters.push({ name, in: 'query', schema: { type: 'integer', minimum: 1 } });
    }
  }
  return {
    operationId: `${method.toLowerCase()}${route.replace(/[^A-Za-z]+(\w)/g, (_all, next: string) => next.toUpperCase())}`,
    tags: [tagOf(route)],
    description: `Needs the permission ${isRead ? 'read' : 'write'} of ${permissionOf(BASE + route)}.`,
    parameters,
    ...(body ? { requestBody: requestOf(body.root, body.schema()) } : {}),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: { type: 'object' } } },
      },
      default: { $ref: '#/components/responses/Refused' },
    },
  };
}

function requestOf(root: string, { $defs, ...schema }: JsonSchema): JsonSchema {
  return {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: [root],
          properties: { [root]: schema },
          ...($defs ? { $defs } : {}),
        },
      },
    },
  };
}
