import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Document {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, unknown>;
  components: { schemas: Record<string, unknown> };
}

interface Operation {
  parameters: { name?: string; in?: string; $ref?: string }[];
  responses: Record<string, Response | undefined>;
}

interface Response {
  $ref?: string;
  content?: Record<string, unknown>;
}

/** What is wrong with an answer, in words that name the route, the place and the value; null when it is as described. */
export type CheckAnswer = (method: string, url: string, status: number, body: unknown) => string | null;

/**
 * Holds answers against the OpenAPI document. Members that are not described are refused too, though the document leaves
 * objects open for its readers. Each schema is compiled when it is first needed.
 */
export function answerCheck(document: object): CheckAnswer {
  const closed = close(document) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: false, verbose: true, addUsedSchema: false });
  formats.default(ajv);
  ajv.addFormat('int64', true);
  ajv.addSchema({ $id: 'document', ...closed });
  const routes = Object.keys(closed.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
    words: path.split('/').filter((part) => !part.startsWith('{')).length,
  }));
  const known = new Map<string, ValidateFunction | null>();

  /** What a router does: a path of words goes before one with parameters. */
  function pathOf(pathname: string): string | null {
    const fitting = routes.filter(({ pattern }) => pattern.test(pathname));
    return fitting.toSorted((a, b) => b.words - a.words)[0]?.path ?? null;
  }

  function validatorOf(path: string, method: string, status: string): ValidateFunction | null {
    const name = ['paths', path, method, 'responses', status].map(escaped).join('/');
    const found = known.get(name);
    if (found !== undefined) return found;
    const response = closed.paths[path]?.[method]?.responses[status];
    const at = response?.$ref ? response.$ref.slice(1) : `/${name}`;
    const schema = `document#${at}/content/application~1json/schema`;
    const isJson = response?.$ref !== undefined || response?.content?.['application/json'] !== undefined;
    const validate = isJson ? (ajv.getSchema(schema) ?? null) : null;
    known.set(name, validate);
    return validate;
  }

  return (method, url, status, body) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    const path = pathOf(pathname);
    const operation = path === null ? undefined : closed.paths[path]?.[method.toLowerCase()];
    if (path === null || !operation) return null;
    const route = `${method} ${path} ${status}`;
    if (status === 200) {
      const unknown = [...searchParams.keys()].find((name) => !isDescribed(operation, name));
      if (unknown !== undefined) return `${route}: the query's ${unknown} is not described`;
    }
    if (operation.responses[status] === undefined && status < 400)
      return `${route}: no such status is described`;
    const described = operation.responses[status] === undefined ? 'default' : String(status);
    const validate = validatorOf(path, method.toLowerCase(), described);
    if (!validate) {
      const isEmpty = body === null || typeof body === 'string';
      return isEmpty ? null : `${route}: answers a body where none is described`;
    }
    if (validate(body)) return null;
    const [error] = validate.errors ?? [];
    const shown = JSON.stringify(error?.data)?.slice(0, 200);
    return `${route}: ${error?.instancePath || 'the body'} ${error?.message} ${JSON.stringify(error?.params)}: ${shown}`;
  };
}

/** What is wrong with a message that an endpoint is sent, in words; null when it is as the document describes it. */
export function messageCheck(document: object): (message: { webhook_type?: unknown }) => string | null {
  const { webhooks, components } = close(document, '') as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: false, verbose: true, addUsedSchema: false });
  formats.default(ajv);
  ajv.addFormat('int64', true);
  ajv.addSchema({ $id: 'document', webhooks, components });
  return (message) => {
    const type = String(message.webhook_type);
    if (!webhooks[type]) return `${type} is not described`;
    const at = ['webhooks', type, 'post', 'requestBody', 'content', 'application/json', 'schema'];
    const validate = ajv.getSchema(`document#/${at.map(escaped).join('/')}`);
    if (!validate) return `the message of ${type} is not described`;
    if (validate(message)) return null;
    const [error] = validate.errors ?? [];
    const shown = JSON.stringify(error?.data)?.slice(0, 200);
    return `${type}: ${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}: ${shown}`;
  };
}

const escaped = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

function isDescribed({ parameters }: Operation, name: string): boolean {
  const plain = name.replace(/\[.*$/, '');
  return parameters.some(
    (one) => one.$ref?.endsWith(`/${name}`) || one.name === name || one.name?.replace('[]', '') === plain,
  );
}

/** The same document with every object closed, save in the member left as it is: the bodies of requests. */
function close(value: unknown, left = 'requestBody'): unknown {
  if (Array.isArray(value)) return value.map((one) => close(one, left));
  if (typeof value !== 'object' || value === null) return value;
  const closed = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === left ? inner : close(inner, left)]),
  );
  const isOpen = closed.type === 'object' && closed.properties && closed.additionalProperties === undefined;
  return isOpen ? { ...closed, additionalProperties: false } : closed;
}
