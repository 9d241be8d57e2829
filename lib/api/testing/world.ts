import { type Databases, type DatabaseUrls, openDatabases } from '@/db/clients';
import { withSystem } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';
import { createOrganization } from '@/lib/auth/organizations';
import { createTestDatabase } from '@/scripts/test-db';
import { createApi } from '../app.ts';
import { answerCheck, type CheckAnswer } from './answer-check.ts';

/** Wire objects read loosely, as a client without types reads them. */
// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the server sent
export type Loose = any;

export interface Answered {
  status: number;
  body: Loose;
  headers: Headers;
}

export interface Caller {
  organizationId: string;
  key: string;
  call(method: string, path: string, body?: unknown): Promise<Answered>;
  get(path: string): Promise<Answered>;
  post(path: string, body?: unknown): Promise<Answered>;
  put(path: string, body?: unknown): Promise<Answered>;
  remove(path: string, body?: unknown): Promise<Answered>;
}

export interface World {
  databases: Databases;
  /** A new organisation with a key of its own. */
  organization(mode?: 'live' | 'sandbox', now?: number): Promise<Caller>;
  /** The same API with another key. */
  as(key: string, organizationId?: string): Caller;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Where the database is, for another process's pools. */
  urls: DatabaseUrls;
  close(): Promise<void>;
}

process.env.NEXTAUTH_SECRET ??= 'a secret of the tests, long enough to be taken';
export const NOW = Date.parse('2024-03-05T10:00:00Z');

const isJson = (response: Response): boolean =>
  response.headers.get('content-type')?.includes('json') === true;

/** The real API over a database of its own. */
export async function openWorld(): Promise<World> {
  const database = await createTestDatabase();
  const databases = openDatabases(database);
  const api = createApi(databases);
  let made = 0;
  let checking: Promise<CheckAnswer> | undefined;

  /** Every answer is held against the OpenAPI document. */
  function check(): Promise<CheckAnswer> {
    checking ??= (async () => {
      const response = await api.request('/api/v1/openapi.json');
      return answerCheck((await response.json()) as object);
    })();
    return checking;
  }

  function as(key: string, organizationId = ''): Caller {
    const call = async (method: string, path: string, body?: unknown): Promise<Answered> => {
      const response = await api.request(`/api/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const answered = isJson(response) && text ? JSON.parse(text) : null;
      const drift = (await check())(method, path, response.status, answered);
      if (drift) throw new Error(`the answer is not as the API describes it: ${drift}`);
      return { status: response.status, body: answered, headers: response.headers };
    };
    return {
      organizationId,
      key,
      call,
      get: (path) => call('GET', path),
      post: (path, body) => call('POST', path, body),
      put: (path, body) => call('PUT', path, body),
      remove: (path, body) => call('DELETE', path, body),
    };
  }

  return {
    databases,
    urls: database,
    as,
    request: async (path, init) => api.request(path, init),
    async organization(mode = 'sandbox', now = NOW) {
      made++;
      const { organizationId, key } = await withSystem(databases, async (tx) => {
        const created = await createOrganization(tx, {
          name: `Firm ${made}`,
          timezone: 'UTC',
          currency: 'EUR',
          country: null,
          mode,
          now,
        });
        const live = mode === 'live';
        const { key } = await createApiKey(
          tx,
          { organizationId: created.organizationId, name: 'Test', live },
          now,
        );
        return { organizationId: created.organizationId, key };
      });
      return as(key, organizationId);
    },
    async close() {
      await databases.close();
      await database.drop();
    },
  };
}
