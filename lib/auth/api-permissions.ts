import type { ApiKeyScopes } from './api-keys';

type Access = 'read' | 'write';

/** One kind of thing the API serves, as a key may be let at it. */
export interface ApiPermission {
  /** As the API names it in a refusal. */
  code: string;
  /** As people name it. */
  words: string;
  access: readonly Access[];
}

const both: readonly Access[] = ['read', 'write'];
const read: readonly Access[] = ['read'];

/** Everything a key may be let at, grouped for people. A test holds it against the router. */
export const API_PERMISSIONS: readonly { group: string; permissions: readonly ApiPermission[] }[] = [
  {
    group: 'Usage',
    permissions: [
      { code: 'event', words: 'Usage events', access: both },
      { code: 'customer_usage', words: 'Use of customers', access: read },
      { code: 'lifetime_usage', words: 'Lifetime use', access: both },
      { code: 'alert', words: 'Alerts on use', access: both },
    ],
  },
  {
    group: 'Customers',
    permissions: [
      { code: 'customer', words: 'Customers', access: both },
      { code: 'subscription', words: 'Subscriptions', access: both },
      { code: 'applied_coupon', words: 'Discounts given', access: both },
      { code: 'wallet', words: 'Wallets of credits', access: both },
      { code: 'wallet_transaction', words: 'Credits given and bought', access: both },
    ],
  },
  {
    group: 'Money',
    permissions: [
      { code: 'invoice', words: 'Invoices', access: both },
      { code: 'fee', words: 'Lines of invoices', access: both },
      { code: 'credit_note', words: 'Credit notes', access: both },
      { code: 'payment', words: 'Payments', access: both },
      { code: 'payment_receipt', words: 'Payment receipts', access: read },
      { code: 'payment_request', words: 'Payment requests', access: both },
      { code: 'analytic', words: 'Analytics', access: read },
    ],
  },
  {
    group: 'Catalogue',
    permissions: [
      { code: 'plan', words: 'Plans', access: both },
      { code: 'billable_metric', words: 'Meters', access: both },
      { code: 'feature', words: 'Features', access: both },
      { code: 'add_on', words: 'Add-ons', access: both },
      { code: 'coupon', words: 'Discounts', access: both },
      { code: 'tax', words: 'Taxes', access: both },
      { code: 'pricing_unit', words: 'Pricing units', access: both },
    ],
  },
  {
    group: 'House',
    permissions: [
      { code: 'organization', words: 'Organisation', access: both },
      { code: 'billing_entity', words: 'Billing entities', access: both },
      { code: 'dunning_campaign', words: 'Dunning campaigns', access: both },
      { code: 'webhook_endpoint', words: 'Webhook endpoints', access: both },
      { code: 'webhook', words: 'Webhook public key', access: read },
      { code: 'activity_log', words: 'Activity', access: read },
      { code: 'api_log', words: 'API log', access: read },
    ],
  },
];

const ALL = API_PERMISSIONS.flatMap(({ permissions }) => permissions);

/** What a key may do, as it is chosen when it is made. */
export type KeyReach = 'everything' | 'read' | 'events' | 'chosen';

/** `code:access` of every box there is to tick. */
export const PERMISSION_BOXES: ReadonlySet<string> = new Set(
  ALL.flatMap(({ code, access }) => access.map((mode) => `${code}:${mode}`)),
);

/** The scopes of a reach; `boxes` are those ticked where they are chosen one by one. Unknown boxes are left out. */
export function scopesOf(reach: KeyReach, boxes: readonly string[]): ApiKeyScopes {
  if (reach === 'everything') return null;
  if (reach === 'events') return { event: ['write'] };
  if (reach === 'read') return Object.fromEntries(ALL.map(({ code }) => [code, ['read']]));
  const scopes: NonNullable<ApiKeyScopes> = {};
  for (const { code, access } of ALL) {
    const ticked = access.filter((mode) => boxes.includes(`${code}:${mode}`));
    if (ticked.length > 0) scopes[code] = ticked;
  }
  return scopes;
}

/** "Everything", "Sends usage events", "Reads customers, invoices; writes invoices": what a key may do, in words. */
export function scopeWords(scopes: ApiKeyScopes): string {
  if (scopes === null) return 'Everything';
  const kept = Object.entries(scopes).filter(([, access]) => access.length > 0);
  if (kept.length === 0) return 'Nothing';
  const named = (mode: Access) => kept.filter(([, access]) => access.includes(mode)).map(([code]) => code);
  const [reads, writes] = [named('read'), named('write')];
  if (reads.length === 0 && writes.length === 1 && writes[0] === 'event') return 'Sends usage events';
  if (writes.length === 0 && ALL.every(({ code }) => reads.includes(code))) return 'Reads everything';
  const words = (codes: readonly string[]) =>
    codes.length > 3
      ? `${codes.length} kinds of things`
      : codes
          .map((code) => (ALL.find((known) => known.code === code)?.words ?? code).toLowerCase())
          .join(', ');
  const said = [reads.length > 0 && `reads ${words(reads)}`, writes.length > 0 && `writes ${words(writes)}`]
    .filter(Boolean)
    .join('; ');
  return said.charAt(0).toUpperCase() + said.slice(1);
}
