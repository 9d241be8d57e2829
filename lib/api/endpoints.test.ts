import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { openDatabases } from '@/db/clients';
import { PERMISSION_BOXES, scopesOf, scopeWords } from '@/lib/auth/api-permissions';
import { permissionOf } from './authenticate.ts';
import type { ApiEnv } from './environment.ts';
import { resources } from './resources/index.ts';

/** docs/api-endpoints.md against the router and against the published client. */
const PAGE = readFileSync('docs/api-endpoints.md', 'utf8');

const plain = (path: string) => path.replaceAll(/:\w+|\$\{[^}]*\}/g, ':x');

function listed(heading: string): string[] {
  const section = PAGE.split('\n## ').find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `(\/\S+)` \| (.+) \|$/gm)].flatMap(([, path = '', verbs = '']) =>
    verbs.split(', ').map((verb) => `${verb} ${plain(path)}`),
  );
}

function routed(): Set<string> {
  const router = new Hono<ApiEnv>();
  const nowhere = 'postgres://nobody:nothing@127.0.0.1:9/none';
  const databases = openDatabases({ appUrl: nowhere, systemUrl: nowhere });
  for (const hangUp of resources) hangUp({ router, databases, described: new Map() });
  return new Set(router.routes.map(({ method, path }) => `${method} ${plain(path)}`));
}

/** `code:access` of every permission a route needs. */
const needed = (): Set<string> =>
  new Set(
    [...routed()].map((route) => {
      const [method, path = ''] = route.split(' ');
      return `${permissionOf(`/api/v1${path}`)}:${method === 'GET' ? 'read' : 'write'}`;
    }),
  );

function clientCalls(): string[] {
  const module = createRequire(import.meta.url).resolve('lago-javascript-client');
  const code = readFileSync(join(dirname(module), 'openapi', 'client.js'), 'utf8');
  const calls = code.matchAll(/path: `(\/[^`]*)`,\s*method: "(\w+)"/g);
  return [...calls].map(([, path = '', verb = '']) => `${verb} ${plain(path)}`);
}

describe('the page of routes', () => {
  const [served, absent, own] = ["Lago's routes, served", "Lago's routes, not served", 'Our own'].map(listed);
  const known = routed();

  it('lists as served what is served, and nothing else', () => {
    expect([...served!, ...own!].filter((route) => !known.has(route))).toEqual([]);
    expect(absent!.filter((route) => known.has(route))).toEqual([]);
  });

  it('leaves no route out', () => {
    const named = new Set([...served!, ...own!]);
    const twins = new Set([...named].map((route) => route.replace('PUT ', 'PATCH ')));
    expect([...known].filter((route) => !named.has(route) && !twins.has(route))).toEqual([]);
  });

  it('knows every call of the published client', () => {
    const calls = clientCalls();
    expect(calls.length).toBeGreaterThan(200);
    const named = new Set([...served!, ...absent!]);
    expect(calls.filter((call) => !named.has(call))).toEqual([]);
  });
});

describe('what a key may be let at', () => {
  it('is what the routes ask for, no more and no less', () => {
    expect([...PERMISSION_BOXES].toSorted()).toEqual([...needed()].toSorted());
  });

  it('becomes scopes, and words for them', () => {
    expect(scopesOf('everything', [])).toBeNull();
    expect(scopesOf('events', ['invoice:write'])).toEqual({ event: ['write'] });
    const chosen = scopesOf('chosen', [
      'invoice:read',
      'invoice:write',
      'customer:read',
      'analytic:write',
      'x',
    ]);
    expect(chosen).toEqual({ customer: ['read'], invoice: ['read', 'write'] });
    expect([null, { event: ['write' as const] }, scopesOf('read', []), chosen, {}].map(scopeWords)).toEqual([
      'Everything',
      'Sends usage events',
      'Reads everything',
      'Reads customers, invoices; writes invoices',
      'Nothing',
    ]);
  });
});
