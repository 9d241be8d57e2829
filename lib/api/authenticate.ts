import type { MiddlewareHandler } from 'hono';
import type { Databases } from '@/db/clients';
import { type FoundApiKey, findApiKey, keyMay } from '@/lib/auth/api-keys';
import type { ApiEnv, Caller } from './environment.ts';
import { forbidden, tooMany, unauthorized } from './errors.ts';
import { type RateSettings, rateHeaders, rateWindows } from './rate-limits.ts';

/** Sub-resources with a permission of their own; the rest go by the first segment of the path. */
const NESTED: Record<string, string> = {
  current_usage: 'customer_usage',
  past_usage: 'customer_usage',
  projected_usage: 'customer_usage',
  lifetime_usage: 'lifetime_usage',
  alerts: 'alert',
  wallets: 'wallet',
  applied_coupons: 'applied_coupon',
  credit_notes: 'credit_note',
  invoices: 'invoice',
  payments: 'payment',
  payment_requests: 'payment_request',
  subscriptions: 'subscription',
  wallet_transactions: 'wallet_transaction',
};
const SINGULAR: Record<string, string> = {
  taxes: 'tax',
  billing_entities: 'billing_entity',
  analytics: 'analytic',
  ingest: 'event',
  events_enriched: 'event',
  sandbox: 'organization',
  sandboxes: 'organization',
};

/** Calls that bring usage events: they have a limit of their own. */
const INGEST = new Set(['/api/v1/events', '/api/v1/events/batch', '/api/v1/ingest']);

/** Which permission a path needs: `/customers/x/wallets` is about wallets, `/plans/x/charges` about plans. */
export function permissionOf(path: string): string {
  if (INGEST.has(path)) return 'event';
  const segments = path
    .replace(/^\/api\/v1\//, '')
    .split('/')
    .filter(Boolean);
  const nested = segments[2] ? NESTED[segments[2]] : undefined;
  if (nested) return nested;
  const first = segments[0] ?? '';
  return SINGULAR[first] ?? first.replace(/s$/, '');
}

/** Whether a call brings usage events. */
export function isIngest(method: string, path: string): boolean {
  return method === 'POST' && INGEST.has(path);
}

export interface Knock {
  authorization: string | undefined;
  method: string;
  path: string;
}

export interface Admitted {
  caller: Caller;
  /** Headers that say what is left of the key's minute. */
  headers: Record<string, string>;
}

/**
 * Lets a call in: its key, the key's limit, the key's permissions. The second word of the header is the key; the scheme
 * word is not inspected. Throws 401, 429 with `x-ratelimit` headers, and for want of a permission 403
 * `<mode>_action_not_allowed_for_<resource>`. `now` is epoch milliseconds.
 */
export async function admit(
  databases: Databases,
  rates: RateSettings,
  { authorization, method, path }: Knock,
  now: number,
): Promise<Admitted> {
  const key = (authorization ?? '').trim().split(/\s+/)[1];
  if (!key) throw unauthorized();
  const found = await findApiKey(databases, key, now);
  if (!found) throw unauthorized();
  const headers = withinLimit(found, rates, isIngest(method, path), now);
  const resource = permissionOf(path);
  const mode = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
  if (!keyMay(found.scopes, resource, mode)) throw forbidden(`${mode}_action_not_allowed_for_${resource}`);
  const actor = { type: 'api_key', id: found.id, name: found.name ?? 'API key' } as const;
  return { caller: { organizationId: found.organizationId, actor }, headers };
}

function withinLimit(
  found: FoundApiKey,
  rates: RateSettings,
  ingest: boolean,
  now: number,
): Record<string, string> {
  const limit = ingest ? rates.ingestRequestsPerMinute : (found.requestsPerMinute ?? rates.requestsPerMinute);
  if (limit === 0) return {};
  const quota = rateWindows().take(ingest ? `${found.id} ingest` : found.id, limit, now);
  const headers = rateHeaders(quota);
  if (!quota.exceeded) return headers;
  const message = `This key may call ${limit} times a minute. Try again in ${quota.reset} s.`;
  throw tooMany('rate_limit_exceeded', message, quota.reset, headers);
}

/** See `admit`. Every answer to a known key says what is left of its minute. */
export function authenticate(databases: Databases, rates: RateSettings): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const { method, path } = context.req;
    const knock = { authorization: context.req.header('Authorization'), method, path };
    const { caller, headers } = await admit(databases, rates, knock, Date.now());
    context.set('caller', caller);
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  };
}
