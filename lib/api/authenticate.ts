import type { MiddlewareHandler } from 'hono';
import type { Databases } from '@/db/clients';
import { findApiKey } from '@/lib/auth/api-keys';
import type { ApiEnv } from './environment.ts';
import { forbidden, unauthorized } from './errors.ts';

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
  sandbox: 'organization',
  sandboxes: 'organization',
};

/** Which permission a path needs: `/customers/x/wallets` is about wallets, `/plans/x/charges` about plans. */
export function permissionOf(path: string): string {
  const segments = path
    .replace(/^\/api\/v1\//, '')
    .split('/')
    .filter(Boolean);
  const nested = segments[2] ? NESTED[segments[2]] : undefined;
  if (nested) return nested;
  const first = segments[0] ?? '';
  return SINGULAR[first] ?? first.replace(/s$/, '');
}

/**
 * Bearer authentication. The second word of the header is the key; the scheme word is not inspected. A refusal for want
 * of a permission is 403 `<mode>_action_not_allowed_for_<resource>`.
 */
export function authenticate(databases: Databases): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const key = (context.req.header('Authorization') ?? '').trim().split(/\s+/)[1];
    if (!key) throw unauthorized();
    const found = await findApiKey(databases, key, Date.now());
    if (!found) throw unauthorized();
    const resource = permissionOf(context.req.path);
    const mode = context.req.method === 'GET' || context.req.method === 'HEAD' ? 'read' : 'write';
    if (found.scopes && !found.scopes[resource]?.includes(mode)) {
      throw forbidden(`${mode}_action_not_allowed_for_${resource}`);
    }
    context.set('caller', {
      organizationId: found.organizationId,
      actor: { type: 'api_key', id: found.id, name: found.name ?? 'API key' },
    });
    await next();
  };
}
