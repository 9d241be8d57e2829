import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { addressCheck } from './addresses.ts';
import { post } from './post.ts';

const servers: Server[] = [];
const here = addressCheck('127.0.0.1');

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const send = (url: string, mayDial = here, timeoutMs = 2_000) =>
  post({ url, body: '{"a":"ü"}', headers: { 'Content-Type': 'application/json' } }, { mayDial, timeoutMs });

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

describe('posting outside', () => {
  it('sends the body as it is and says what came back', async () => {
    const seen: string[] = [];
    const url = await listen((request, response) => {
      request.setEncoding('utf8').on('data', (part: string) => seen.push(part));
      request.on('end', () => response.writeHead(202).end('thanks'));
    });
    const posted = await send(url);
    expect(posted).toEqual({ kind: 'answered', status: 202, answer: 'thanks', url, address: '127.0.0.1' });
    expect(seen.join('')).toBe('{"a":"ü"}');
  });

  it('reads only the beginning of a large answer', async () => {
    const url = await listen((_request, response) => response.end('x'.repeat(1_000_000)));
    const posted = await send(url);
    expect(posted).toMatchObject({ kind: 'answered', status: 200 });
    expect(posted.kind === 'answered' && posted.answer.length).toBe(4_096);
  });

  it('gives up on a server that hangs', async () => {
    const url = await listen(() => {});
    const posted = await send(url, here, 200);
    expect(posted).toMatchObject({ kind: 'timed_out', error: 'No answer within 0.2 seconds.' });
  });

  it('takes the status of an answer that was cut off', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await send(url)).toMatchObject({ kind: 'answered', status: 200, answer: 'half' });
  });

  it('says when the connection was reset', async () => {
    const url = await listen((request) => request.socket.resetAndDestroy());
    expect(await send(url)).toMatchObject({ kind: 'unreachable' });
  });

  it('says when nobody listens', async () => {
    const posted = await send('http://127.0.0.1:1');
    expect(posted).toMatchObject({ kind: 'unreachable' });
    expect(posted.kind === 'unreachable' && posted.error).toMatch(/ECONNREFUSED/);
  });

  it('posts again where a redirect points', async () => {
    const bodies: string[] = [];
    const target = await listen((request, response) => {
      request.setEncoding('utf8').on('data', (part: string) => bodies.push(`${request.method} ${part}`));
      request.on('end', () => response.end('arrived'));
    });
    const url = await listen((_request, response) => response.writeHead(308, { Location: target }).end());
    expect(await send(url)).toMatchObject({ kind: 'answered', status: 200, url: `${target}/` });
    expect(bodies).toEqual(['POST {"a":"ü"}']);
  });

  it('stops after three redirects', async () => {
    let hits = 0;
    const url = await listen((_request, response) => {
      hits += 1;
      response.writeHead(307, { Location: '/again' }).end();
    });
    expect(await send(url)).toMatchObject({ kind: 'unreachable', error: 'It redirected more than 3 times.' });
    expect(hits).toBe(4);
  });

  it.each(['http://127.0.0.9/', 'http://169.254.169.254/latest', 'http://[::1]/', 'http://2130706442/'])(
    'does not follow a redirect to %s',
    async (inside) => {
      const url = await listen((_request, response) => response.writeHead(307, { Location: inside }).end());
      expect(await send(url)).toMatchObject({ kind: 'blocked' });
    },
  );

  it.each([
    'http://127.0.0.1:9/',
    'http://localhost:9/',
    'http://[::ffff:127.0.0.1]:9/',
    'http://0x7f.1:9/',
    'http://2130706433:9/',
    'http://169.254.169.254/',
  ])('does not dial %s', async (inside) => {
    const posted = await send(inside, addressCheck());
    expect(posted).toMatchObject({ kind: 'blocked' });
    expect(posted.kind === 'blocked' && posted.error).toMatch(/internal network/);
  });

  it('goes through no proxy the environment names', async () => {
    const url = await listen((_request, response) => response.end('direct'));
    process.env.HTTP_PROXY = 'http://127.0.0.9:1';
    process.env.NODE_USE_ENV_PROXY = '1';
    try {
      expect(await send(url)).toMatchObject({ kind: 'answered', answer: 'direct' });
    } finally {
      delete process.env.HTTP_PROXY;
      delete process.env.NODE_USE_ENV_PROXY;
    }
  });
});
