import type { Role } from '@/db/schema/people';

const EVERYBODY: readonly Role[] = ['founder', 'finance', 'sales', 'support', 'growth', 'engineer'];

/**
 * Which roles hold a right. A right says "may do this at all"; how much of it is a matter of limits (see limits.ts), and
 * over a limit the act goes to somebody who may approve it. A person with several roles holds the rights of each.
 */
const RIGHTS = {
  'customers.read': EVERYBODY,
  'customers.write': ['founder', 'finance', 'sales', 'support', 'engineer'],
  'subscriptions.read': EVERYBODY,
  'subscriptions.write': ['founder', 'finance', 'sales', 'support', 'engineer'],
  'trial.extend': ['founder', 'finance', 'sales', 'support'],
  'credits.grant': ['founder', 'finance', 'sales', 'support'],
  'discount.apply': ['founder', 'finance', 'sales', 'support'],
  'plan.change': ['founder', 'finance', 'sales', 'support'],
  'customer_price.set': ['founder', 'finance', 'sales'],
  'invoices.read': EVERYBODY,
  'invoices.issue': ['founder', 'finance'],
  'invoices.write': ['founder', 'finance', 'support'],
  'credit_notes.issue': ['founder', 'finance', 'support'],
  'payments.record': ['founder', 'finance'],
  'payments.refund': ['founder', 'finance', 'support'],
  'plans.read': EVERYBODY,
  'plans.draft': ['founder', 'finance', 'sales', 'support', 'growth', 'engineer'],
  'plans.publish': ['founder', 'finance'],
  'catalog.write': ['founder', 'finance', 'growth', 'engineer'],
  'taxes.write': ['founder', 'finance'],
  'deals.read': EVERYBODY,
  'deals.launch': ['founder', 'finance', 'growth'],
  'revenue.read': ['founder', 'finance', 'growth'],
  'revenue.read_own': ['founder', 'finance', 'growth', 'sales'],
  'usage.read': EVERYBODY,
  'usage.write': ['founder', 'engineer'],
  'activity.read': EVERYBODY,
  'approvals.decide': ['founder', 'finance'],
  'due_work.retry': ['founder', 'finance', 'engineer'],
  'books.read': ['founder', 'finance'],
  'settings.read': EVERYBODY,
  'settings.write': ['founder', 'finance'],
  'settings.team': ['founder'],
  'api_keys.manage': ['founder', 'engineer'],
  'webhooks.manage': ['founder', 'engineer'],
  'organisation.create': ['founder'],
  'sandbox.create': ['founder', 'engineer'],
  'sandbox.move_clock': ['founder', 'finance', 'engineer'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof RIGHTS;

/** Every right there is, for tables and tests. */
export const ALL_RIGHTS = Object.keys(RIGHTS) as Right[];

/** Whether one role holds a right. */
export function roleHolds(role: Role, right: Right): boolean {
  return (RIGHTS[right] as readonly Role[]).includes(role);
}

/** Whether somebody with these roles holds a right. */
export function holds(roles: readonly Role[], right: Right): boolean {
  return roles.some((role) => roleHolds(role, right));
}

/** The roles that hold a right, widest first, so that a locked thing can say who may. */
export function rolesWith(right: Right): readonly Role[] {
  return RIGHTS[right];
}

/** A role as it is said on screen. */
export const ROLE_NAMES: Record<Role, string> = {
  founder: 'Founder',
  finance: 'Finance',
  sales: 'Sales',
  support: 'Support',
  growth: 'Growth',
  engineer: 'Engineer',
};

/** "Founder or Finance": who may do something, in words. */
export function whoMay(right: Right): string {
  const names = rolesWith(right).map((role) => ROLE_NAMES[role]);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
