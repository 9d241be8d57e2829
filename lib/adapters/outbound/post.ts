import { lookup as resolve } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressCheck } from './addresses.ts';

export interface PostRequest {
  url: string;
  body: string;
  headers: Record<string, string>;
}

export interface PostRules {
  mayDial: AddressCheck;
  /** Milliseconds for everything together, redirects included. */
  timeoutMs: number;
}

export type PostFailure = 'timed_out' | 'unreachable' | 'blocked';

/** What came of it: an answer with its beginning, or why there was none. */
export type Posted =
  | { kind: 'answered'; status: number; answer: string; url: string; address: string | null }
  | { kind: PostFailure; error: string; url: string; address: string | null };

const MOST_REDIRECTS = 3;
const ANSWER_BYTES = 4_096;
/** The status decides; an answer that begins and does not go on is waited for this long. */
const ANSWER_MS = 2_000;
/** Answers that keep method and body; 303 asks for a GET instead and is taken as it stands. */
const REDIRECTS = new Set([301, 302, 307, 308]);

class Blocked extends Error {
  constructor(readonly address: string) {
    super(`${address} belongs to an internal network`);
  }
}

/**
 * Resolves a name and refuses when any address is internal. It runs inside the connection being made, so what was checked
 * is what is dialled, whatever the name says a moment later.
 */
function checkedLookup(mayDial: AddressCheck): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const internal = addresses.find(({ address }) => !mayDial(address));
      const [first] = addresses;
      if (internal || !first) return callback(new Blocked(internal?.address ?? hostname), '', 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/** A host written as a number never reaches the lookup, so it is checked before. */
function assertHost(url: URL, mayDial: AddressCheck): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !mayDial(host)) throw new Blocked(host);
}

/**
 * Posts a body as it is, following at most three redirects with the same method and body. Every hop is checked against
 * internal networks at the moment of connecting. No proxy and no connection is shared. Reads only the beginning of the
 * answer. Never throws for what the other side or the network does.
 */
export async function post({ url, body, headers }: PostRequest, rules: PostRules): Promise<Posted> {
  const deadline = AbortSignal.timeout(rules.timeoutMs);
  let at = url;
  let address: string | null = null;
  try {
    for (let hops = 0; ; hops += 1) {
      const target = new URL(at);
      assertHost(target, rules.mayDial);
      const got = await exchange(target, body, headers, rules.mayDial, deadline, (dialled) => {
        address = dialled;
      });
      if (!REDIRECTS.has(got.status) || !got.location) {
        return { kind: 'answered', status: got.status, answer: got.answer, url: at, address };
      }
      const next = new URL(got.location, target);
      const refusal = redirectRefusal(target, next, hops);
      if (refusal) return { kind: 'unreachable', error: refusal, url: at, address };
      at = next.href;
      address = null;
    }
  } catch (error) {
    return { ...failureOf(error, rules, deadline), url: at, address };
  }
}

function redirectRefusal(from: URL, to: URL, hops: number): string | null {
  if (hops >= MOST_REDIRECTS) return `It redirected more than ${MOST_REDIRECTS} times.`;
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    return `It redirected to ${to.protocol}, which is not followed.`;
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    return 'It redirected from https to http, which is not followed.';
  }
  return null;
}

function failureOf(error: unknown, { timeoutMs }: PostRules, deadline: AbortSignal) {
  if (deadline.aborted) {
    return { kind: 'timed_out' as const, error: `No answer within ${timeoutMs / 1_000} seconds.` };
  }
  if (error instanceof Blocked) return { kind: 'blocked' as const, error: `${error.message}.` };
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const words = cause instanceof Error ? cause.message || cause.name : String(cause);
  return { kind: 'unreachable' as const, error: words.slice(0, 500) };
}

interface Exchanged {
  status: number;
  location: string | undefined;
  answer: string;
}

function exchange(
  url: URL,
  body: string,
  headers: Record<string, string>,
  mayDial: AddressCheck,
  signal: AbortSignal,
  dialled: (address: string | null) => void,
): Promise<Exchanged> {
  return new Promise((settle, fail) => {
    const secure = url.protocol === 'https:';
    const request = (secure ? requestHttps : requestHttp)(url, {
      method: 'POST',
      // Agents of our own: the shared ones may be told by the environment to go through a proxy.
      agent: secure ? new HttpsAgent() : new HttpAgent(),
      lookup: checkedLookup(mayDial),
      signal,
      headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
    });
    request.once('socket', (socket) => {
      const note = () => dialled(socket.remoteAddress ?? null);
      socket.once(secure ? 'secureConnect' : 'connect', note);
    });
    // Stays for the whole life: an error after the answer has nobody else to tell.
    request.on('error', fail);
    request.once('response', (response) => {
      void beginningOf(response).then((answer) => {
        request.destroy();
        settle({ status: response.statusCode ?? 0, location: response.headers.location, answer });
      });
    });
    request.end(body);
  });
}

/** The first bytes of an answer as text; the rest is not read. */
function beginningOf(response: IncomingMessage): Promise<string> {
  return new Promise((settle) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const done = () => {
      clearTimeout(patience);
      const text = Buffer.concat(parts).subarray(0, ANSWER_BYTES).toString('utf8');
      settle(text.replaceAll('\u0000', '\uFFFD'));
    };
    const patience = setTimeout(done, ANSWER_MS);
    response.on('data', (part: Buffer) => {
      parts.push(part);
      bytes += part.byteLength;
      if (bytes >= ANSWER_BYTES) done();
    });
    // Cut off after its status: what came is what there is.
    for (const name of ['end', 'error', 'close'] as const) response.once(name, done);
  });
}
