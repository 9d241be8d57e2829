import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth from 'next-auth/next';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { withSystem } from '@/db/tenancy';
import { authOptions } from './options.ts';
import type { Person } from './person.ts';
import { decodeSession } from './session-cookie.ts';
import { sessionCookieName } from './session-cookie-name.ts';
import { verifySession } from './sessions.ts';
import { type IdentityProvider, startIdentityProvider } from './testing/identity-provider.ts';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let ines: Person;
let company: IdentityProvider;
let server: Server;
let origin: string;

/** next-auth as a plain HTTP server: the same options the product's route gives it. */
function serveAuth(request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = new URL(request.url ?? '/', origin);
  const cookies = Object.fromEntries(
    (request.headers.cookie ?? '').split('; ').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [] : [[pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]];
    }),
  );
  const nextauth = url.pathname.replace('/api/auth/', '').split('/');
  const asked = Object.assign(request, {
    query: { ...Object.fromEntries(url.searchParams), nextauth },
    cookies,
    body: Object.fromEntries(new URLSearchParams(body)),
  });
  const answer = Object.assign(response, {
    status(code: number) {
      response.statusCode = code;
      return answer;
    },
    json: (value: unknown) => response.end(JSON.stringify(value)),
    send: (value: unknown) => response.end(typeof value === 'string' ? value : JSON.stringify(value)),
  });
  void NextAuth(
    asked as unknown as NextApiRequest,
    answer as unknown as NextApiResponse,
    authOptions({ address: '192.0.2.1', userAgent: 'Test browser', wait: async () => {} }),
  );
}

/** A browser's cookies, by origin. */
class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  async fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const jar = this.jars.get(url.origin) ?? new Map<string, string>();
    this.jars.set(url.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  cookie(name: string): string | undefined {
    return this.jars.get(origin)?.get(name);
  }

  /** Follows redirects until one leads to a page of ours; answers its address. */
  async follow(address: string, change: (callback: string) => string = (same) => same): Promise<string> {
    let at = address;
    for (let step = 0; step < 12; step++) {
      const toCallback = at.startsWith(`${origin}/api/auth/callback`);
      const answer = await this.fetch(toCallback ? change(at) : at);
      const location = answer.headers.get('location');
      if (!location)
        throw new Error(`${at} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
      at = new URL(location, at).toString();
      if (at.startsWith(origin) && !at.startsWith(`${origin}/api/`)) return at;
    }
    throw new Error('it never came back');
  }
}

/** What the button of the sign-in page does. */
async function press(browser: Browser, callbackUrl = '/customers'): Promise<string> {
  const { csrfToken } = (await (await browser.fetch(`${origin}/api/auth/csrf`)).json()) as {
    csrfToken: string;
  };
  const answer = await browser.fetch(`${origin}/api/auth/signin/oidc`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, callbackUrl, json: 'true' }),
  });
  return ((await answer.json()) as { url: string }).url;
}

/** Back at our sign-in page, which says in words that it did not work. */
const REFUSED = /\/sign-in\?.*error=OAuthCallback$/;

async function personIn(browser: Browser): Promise<Person | null> {
  const token = await decodeSession(browser.cookie(sessionCookieName()));
  return token ? withSystem(world.databases, (tx) => verifySession(tx, token.sid, Date.now())) : null;
}

beforeAll(async () => {
  world = await openWorld();
  // The options read the process's pools; these are the test's.
  Reflect.set(globalThis, Symbol.for('counterfoil.databases'), world.databases);
  ines = await world.member(await world.organization('Fathomline'), 'ines@fathomline.example');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => serveAuth(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  company = await startIdentityProvider(`${origin}/api/auth/callback/oidc`);
  Object.assign(process.env, {
    NEXTAUTH_URL: origin,
    OIDC_ISSUER: `${company.issuer}/`,
    OIDC_CLIENT_ID: company.clientId,
    OIDC_CLIENT_SECRET: company.clientSecret,
  });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, Symbol.for('counterfoil.databases'));
  await company.close();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});
beforeEach(() => {
  company.identity = { sub: 'ines', email: ines.email, email_verified: true };
});

it('signs a member in through the company, and goes where they were going', async () => {
  const browser = new Browser();
  const asked = new URL(await press(browser));
  expect(asked.origin).toBe(company.issuer);
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
  expect(asked.searchParams.get('scope')).toBe('openid email profile');
  expect(await browser.follow(asked.toString())).toBe(`${origin}/customers`);
  expect(await personIn(browser)).toMatchObject({ userId: ines.userId, organizationId: ines.organizationId });
});

it('knows an address however the company writes it', async () => {
  company.identity = { sub: 'ines', email: 'Ines@Fathomline.EXAMPLE', email_verified: true };
  const browser = new Browser();
  expect(await browser.follow(await press(browser))).toBe(`${origin}/customers`);
  expect((await personIn(browser))?.userId).toBe(ines.userId);
});

it('lets nobody in whose address the company has not verified', async () => {
  company.identity = { sub: 'ines', email: ines.email, email_verified: false };
  const browser = new Browser();
  expect(await browser.follow(await press(browser))).toBe(`${origin}/sign-in?error=unverified`);
  expect(await personIn(browser)).toBeNull();
});

it('makes nobody a member', async () => {
  company.identity = { sub: 'stranger', email: 'stranger@fathomline.example', email_verified: true };
  const browser = new Browser();
  expect(await browser.follow(await press(browser))).toBe(`${origin}/sign-in?error=no_membership`);
  expect(await personIn(browser)).toBeNull();
});

it('refuses an answer that another browser asked for, or that was changed', async () => {
  const [one, other] = [new Browser(), new Browser()];
  const address = await press(one);
  await press(other);
  expect(await other.follow(address)).toMatch(REFUSED);
  expect(await personIn(other)).toBeNull();
  const changed = await one.follow(await press(one), (callback) =>
    callback.replace(/code=[^&]+/, 'code=made-up'),
  );
  expect(changed).toMatch(REFUSED);
  expect(await personIn(one)).toBeNull();
});

it('follows no address outside after sign-in', async () => {
  const browser = new Browser();
  expect(await browser.follow(await press(browser, 'https://example.org/'))).toBe(`${origin}/`);
});
