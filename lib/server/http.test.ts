import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { clientAddress } from '@/lib/auth/address';
import { createHttpServer, type Doors } from './http.ts';
import type { Readiness } from './readiness.ts';
import { shutDown } from './shutdown.ts';

const quiet = pino({ level: 'silent' });
const running: { close(): void }[] = [];

afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

async function serve(changes: Partial<Doors> = {}) {
  const says = (word: string): Doors['api'] => {
    return async (_request, response) => {
      response.end(word);
    };
  };
  const doors: Doors = {
    api: says('api'),
    console: says('console'),
    readiness: async () => 'ready',
    ...changes,
  };
  const server = createHttpServer(doors, quiet);
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(origin + path, { headers });
    return `${answer.status} ${await answer.text()}`;
  };
  return { server, get };
}

describe('the server', () => {
  it('sends the API past the console, and nothing else', async () => {
    const { get } = await serve();
    for (const path of ['/api/v1', '/api/v1/customers?page=2', '/health', '/health?deep=1']) {
      expect(await get(path)).toBe('200 api');
    }
    for (const path of [
      '/',
      '/api/v10/customers',
      '/api/console/preview',
      '/healthy',
      '/readying',
      '/x/api/v1',
    ]) {
      expect(await get(path)).toBe('200 console');
    }
  });

  it('writes down the peer itself, whatever hops the caller has written', async () => {
    const { get } = await serve({
      console: async ({ headers }, response) => {
        response.end(clientAddress(new Headers(headers as Record<string, string>), 0));
      },
    });
    expect(await get('/')).toBe('200 127.0.0.1');
    expect(await get('/', { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' })).toBe('200 127.0.0.1');
  });

  it('is ready exactly while requests can be answered', async () => {
    let readiness: Readiness = 'database_away';
    const { get } = await serve({ readiness: async () => readiness });
    expect(await get('/ready')).toBe('503 {"status":"database_away"}');
    readiness = 'ready';
    expect(await get('/ready')).toBe('200 {"status":"ready"}');
  });

  it('answers when a door fails', async () => {
    const { get } = await serve({
      console: async () => {
        throw new Error('no');
      },
    });
    expect(await get('/')).toMatch(/^500 Something went wrong/);
  });

  it('finishes what it began when it is stopped, and takes nothing new', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { server, get } = await serve({
      console: async (_request, response) => {
        begin();
        await new Promise((resolve) => setTimeout(resolve, 100));
        response.end('done');
      },
    });
    const answer = get('/slow');
    await begun;
    const order: string[] = [];
    const stopping = shutDown(
      {
        server,
        stopWorkers: async () => void order.push('workers'),
        closeRest: async () => void order.push('rest'),
      },
      quiet,
    );
    await expect(get('/late')).rejects.toThrow();
    expect(await answer).toBe('200 done');
    await stopping;
    expect(order).toEqual(['workers', 'rest']);
  });
});
