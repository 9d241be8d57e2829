import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { MiddlewareHandler } from 'hono';
import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { withTenant } from '@/db/tenancy';
import { seal, unseal } from '@/lib/auth/seal';
import { deriveKey } from '@/lib/auth/secret';
import { readBody } from './body.ts';
import type { ApiEnv } from './environment.ts';
import { ApiError, badRequest } from './errors.ts';

const KEPT_MS = 24 * 3_600_000;
/** A call that takes longer has died with its process: whoever sends it again takes it over. */
const WORKED_ON_MS = 60_000;
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 50;
const READABLE = /^[\x21-\x7e]{1,255}$/;

type Standing =
  | { kind: 'mine'; claimId: string }
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'working' }
  | { kind: 'other_request' };

/**
 * A write that carries an `Idempotency-Key` is done once. The same request again is answered the same, with
 * `Idempotency-Replayed: true`; another request under the key is refused; one that arrives while the first is worked on
 * waits for its answer, and after 5 s is told to come again (409). Keys belong to the organisation and are kept a day.
 * Failures of ours (5xx) and 429 are not kept, so that a repeat may succeed. Should a process die between the act and its
 * answer, the repeat finds the act by its claim and does not do it twice.
 */
export function answerOnce(databases: Databases): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const key = context.req.header('Idempotency-Key');
    const { method } = context.req;
    if (key === undefined || method === 'GET' || method === 'HEAD') return next();
    if (!READABLE.test(key)) {
      throw badRequest('Idempotency-Key must be 1 to 255 visible ASCII characters without spaces');
    }
    const { organizationId } = context.get('caller');
    const text = await readBody(context.req.raw);
    context.set('bodyText', text);
    const { pathname, search } = new URL(context.req.url);
    const hash = createHash('sha256').update(`${method} ${pathname}${search}\n${text}`).digest('hex');
    const standing = await claim(databases, organizationId, key, hash);
    if (standing.kind === 'answered') {
      return new Response(standing.body === '' ? null : standing.body, {
        status: standing.status,
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'Idempotency-Replayed': 'true' },
      });
    }
    if (standing.kind !== 'mine') throw refusalOf(standing.kind);
    context.set('claimId', standing.claimId);
    await next();
    const { status } = context.res;
    if (status >= 500 || status === 429) return release(databases, organizationId, key, standing.claimId);
    await keep(databases, organizationId, key, standing.claimId, status, await context.res.clone().text());
  };
}

function refusalOf(kind: 'working' | 'other_request'): ApiError {
  if (kind === 'working') {
    const message = 'The same request is still being worked on. Send it again in a moment.';
    return new ApiError(
      409,
      { status: 409, error: 'Conflict', code: 'request_in_progress', message },
      { 'Retry-After': '1' },
    );
  }
  return new ApiError(422, {
    status: 422,
    error: 'Unprocessable Entity',
    code: 'idempotency_key_reused',
    message: 'This Idempotency-Key was used for another request. Send a new key with a new request.',
  });
}

async function claim(
  databases: Databases,
  organizationId: string,
  key: string,
  hash: string,
): Promise<Standing> {
  for (const end = Date.now() + WAIT_MS; ; ) {
    const standing = await claimOnce(databases, organizationId, key, hash);
    if (standing.kind !== 'working' || Date.now() >= end) return standing;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Takes the key when it is free, over, or left behind by a process that died; else says who has it. */
async function claimOnce(
  databases: Databases,
  organizationId: string,
  key: string,
  hash: string,
): Promise<Standing> {
  const now = Date.now();
  const at = (later: number) => sql`${new Date(now + later).toISOString()}::timestamptz`;
  return withTenant(databases, organizationId, async (tx) => {
    const taken = await tx.execute<{ claim_id: string }>(sql`
      insert into api_answers as a (organization_id, key, claim_id, request_hash, created_at, locked_until, expires_at)
      values (${organizationId}, ${key}, ${newId()}, ${hash}, ${at(0)}, ${at(WORKED_ON_MS)}, ${at(KEPT_MS)})
      on conflict (organization_id, key) do update set
        claim_id = case when a.expires_at <= ${at(0)} then excluded.claim_id else a.claim_id end,
        request_hash = excluded.request_hash, status = null, body = null, created_at = excluded.created_at,
        locked_until = excluded.locked_until, expires_at = excluded.expires_at
      where a.expires_at <= ${at(0)}
        or (a.status is null and a.locked_until <= ${at(0)} and a.request_hash = excluded.request_hash)
      returning claim_id`);
    if (taken[0]) return { kind: 'mine', claimId: taken[0].claim_id };
    const [held] = await tx.execute<{ request_hash: string; status: number | null; body: string | null }>(sql`
      select request_hash, status, body from api_answers
      where organization_id = ${organizationId} and key = ${key}`);
    if (held && held.request_hash !== hash) return { kind: 'other_request' };
    if (!held || held.status === null) return { kind: 'working' };
    const body = unseal(held.body ?? '', answersKey(), about(organizationId, key));
    // Sealed with a secret this server has no more: nothing to repeat, and doing it again might do it twice.
    return body === null ? { kind: 'other_request' } : { kind: 'answered', status: held.status, body };
  });
}

/** Answers may hold what is shown only once (a webhook's secret), so a copy of the database must not give it away. */
const answersKey = () => deriveKey('api answers');
const about = (organizationId: string, key: string) => `${organizationId} ${key}`;

async function keep(
  databases: Databases,
  organizationId: string,
  key: string,
  claimId: string,
  status: number,
  body: string,
): Promise<void> {
  const sealed = seal(body, answersKey(), about(organizationId, key));
  await withTenant(databases, organizationId, (tx) =>
    tx.execute(sql`
      update api_answers set status = ${status}, body = ${sealed}
      where organization_id = ${organizationId} and key = ${key} and claim_id = ${claimId}`),
  );
}

async function release(
  databases: Databases,
  organizationId: string,
  key: string,
  claimId: string,
): Promise<void> {
  // Kept locked only as long as it takes to come back: a commit that was reported lost may yet have happened.
  await withTenant(databases, organizationId, (tx) =>
    tx.execute(sql`
      update api_answers set locked_until = created_at
      where organization_id = ${organizationId} and key = ${key} and claim_id = ${claimId}`),
  ).catch(() => {});
}
