import { describe, expect, it } from 'vitest';
import type { Databases } from '@/db/clients';
import { createApi } from '../app.ts';
import { BODIES } from './bodies.ts';

const app = createApi({} as Databases);
const served = app.routes
  .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
  .map(({ method, path }) => ({ method, path: path.slice('/api/v1'.length) }));
const fetched = async () => (await app.request('/api/v1/openapi.json')).json();

describe('the OpenAPI document', () => {
  it('lists every route there is, and none that is not', async () => {
    const { paths, openapi } = await fetched();
    expect(openapi).toBe('3.1.0');
    const listed = Object.entries<object>(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = served.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(listed.toSorted()).toEqual([...new Set(expected)].toSorted());
    expect(listed.length).toBeGreaterThan(200);
  });

  it('describes bodies of routes that exist, from the validators that read them', async () => {
    const names = new Set(served.map(({ method, path }) => `${method} ${path}`));
    expect(Object.keys(BODIES).filter((name) => !names.has(name))).toEqual([]);
    const { paths } = await fetched();
    const schema = paths['/taxes'].post.requestBody.content['application/json'].schema;
    expect(schema.properties.tax).toMatchObject({
      required: ['name', 'code', 'rate'],
      properties: { applied_to_organization: { type: ['boolean', 'null'] } },
    });
    for (const [name, { root, schema }] of Object.entries(BODIES)) {
      const [method = '', path = ''] = name.split(' ');
      const operation = paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
      const described = operation.requestBody.content['application/json'].schema.properties[root];
      const { $defs: _definitions, ...expected } = schema();
      expect(described, name).toEqual(expected);
      expect(Object.keys(described).length, name).toBeGreaterThan(0);
    }
  });

  it('refers to nothing that is not in it, and names each operation once', async () => {
    const document = await fetched();
    const ids: string[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'operationId') ids.push(String(inner));
        if (name === '$ref' && String(inner).startsWith('#/components/')) {
          const found = String(inner)
            .slice(2)
            .split('/')
            .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], document);
          expect(found, String(inner)).toBeDefined();
        }
        walk(inner);
      }
    };
    walk(document);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, operations] of Object.entries<
      Record<string, { parameters: { in?: string; name?: string }[] }>
    >(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(operations)) {
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      }
    }
  });

  it('is a page for people too', async () => {
    const page = await app.request('/api/v1/reference');
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('<code>/taxes</code>');
    expect(html).not.toMatch(/<script|https?:\/\//);
  });
});
