import { and, desc, eq, gte, inArray, isNotNull, isNull, lte, or, type SQL } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { auditRows, customers, memberships, subscriptions } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

/** Our commands in the contract's words; any other command is told by its own name, with a dot. */
const TYPES: Record<string, string> = {
  'add-ons/create': 'add_on.created',
  'add-ons/update': 'add_on.updated',
  'add-ons/delete': 'add_on.deleted',
  'billable-metrics/create': 'billable_metric.created',
  'billable-metrics/update': 'billable_metric.updated',
  'billable-metrics/delete': 'billable_metric.deleted',
  'coupons/create': 'coupon.created',
  'coupons/update': 'coupon.updated',
  'coupons/delete': 'coupon.deleted',
  'coupons/apply': 'applied_coupon.created',
  'coupons/terminate-applied': 'applied_coupon.deleted',
  'credit-notes/create': 'credit_note.created',
  'credit-notes/update': 'credit_note.updated',
  'credit-notes/void': 'credit_note.voided',
  'customers/delete': 'customer.deleted',
  'features/create': 'feature.created',
  'features/update': 'feature.updated',
  'features/delete': 'feature.deleted',
  'invoices/create-one-off': 'invoice.one_off_created',
  'invoices/delete-draft': 'invoice.deleted',
  'invoices/finalize': 'invoice.created',
  'invoices/refresh': 'invoice.drafted',
  'invoices/update': 'invoice.updated',
  'invoices/void': 'invoice.voided',
  'organizations/create-billing-entity': 'billing_entities.created',
  'organizations/update-billing-entity': 'billing_entities.updated',
  'payment-requests/create': 'payment_request.created',
  'payments/record': 'payment.recorded',
  'plans/create': 'plan.created',
  'plans/update': 'plan.updated',
  'plans/delete': 'plan.deleted',
  'subscriptions/create': 'subscription.started',
  'subscriptions/update': 'subscription.updated',
  'subscriptions/terminate': 'subscription.terminated',
  'taxes/create': 'tax.created',
  'taxes/update': 'tax.updated',
  'taxes/delete': 'tax.deleted',
  'wallets/create': 'wallet.created',
  'wallets/update': 'wallet.updated',
  'wallets/terminate': 'wallet.terminated',
  'wallets/transact': 'wallet_transaction.created',
};

const UPSERT = 'customers/upsert';

/** What an act is called in the log: `plan.created`. Customers are created and changed by one command. */
export function activityType({ command, before }: ActivityObject['row']): string {
  if (command === UPSERT) return before === null ? 'customer.created' : 'customer.updated';
  return TYPES[command] ?? command.replaceAll('-', '_').replace('/', '.');
}

/** Rows of any of these types of the log. */
function ofTypes(types: string[]): SQL | undefined {
  const known = Object.entries(TYPES).filter(([, type]) => types.includes(type));
  const own = types.map((type) => type.replaceAll('_', '-').replace('.', '/'));
  const commands = [...known.map(([command]) => command), ...own.filter((command) => !(command in TYPES))];
  const upsert = eq(auditRows.command, UPSERT);
  return or(
    inArray(auditRows.command, commands),
    types.includes('customer.created') ? and(upsert, isNull(auditRows.before)) : undefined,
    types.includes('customer.updated') ? and(upsert, isNotNull(auditRows.before)) : undefined,
  );
}

export const ACTIVITY_SOURCES = { api: 'api_key', front: 'person', system: 'system' } as const;
export type ActivitySource = keyof typeof ACTIVITY_SOURCES;

export interface ActivityFilters {
  id?: string;
  from?: Date;
  to?: Date;
  types?: string[];
  sources?: ActivitySource[];
  userEmails?: string[];
  externalCustomerId?: string;
  externalSubscriptionId?: string;
  resourceIds?: string[];
  /** As our subjects are named: `billable_metric`. */
  resourceTypes?: string[];
}

export interface ActivityObject {
  row: typeof auditRows.$inferSelect;
  externalCustomerId: string | null;
  externalSubscriptionId: string | null;
  userEmail: string | null;
}

function conditions(tx: Tx, organizationId: string, filters: ActivityFilters): SQL | undefined {
  const given = <T>(value: T | undefined, make: (value: T) => SQL | undefined) =>
    value === undefined ? undefined : make(value);
  const rows = auditRows;
  return and(
    eq(rows.organizationId, organizationId),
    given(filters.id, (id) => eq(rows.id, id)),
    given(filters.from, (from) => gte(rows.occurredAt, from)),
    given(filters.to, (to) => lte(rows.occurredAt, to)),
    given(filters.types, ofTypes),
    given(filters.sources, (sources) =>
      inArray(
        rows.actorType,
        sources.map((source) => ACTIVITY_SOURCES[source]),
      ),
    ),
    given(filters.userEmails, (emails) =>
      inArray(
        rows.actorId,
        tx
          .select({ id: memberships.userId })
          .from(memberships)
          .where(and(eq(memberships.organizationId, organizationId), inArray(memberships.email, emails))),
      ),
    ),
    given(filters.externalCustomerId, (externalId) =>
      inArray(
        rows.customerId,
        tx
          .select({ id: customers.id })
          .from(customers)
          .where(and(eq(customers.organizationId, organizationId), eq(customers.externalId, externalId))),
      ),
    ),
    given(filters.externalSubscriptionId, (externalId) =>
      inArray(
        rows.subscriptionId,
        tx
          .select({ id: subscriptions.id })
          .from(subscriptions)
          .where(
            and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.externalId, externalId)),
          ),
      ),
    ),
    given(filters.resourceIds, (ids) => inArray(rows.subjectId, ids)),
    given(filters.resourceTypes, (types) => inArray(rows.subjectType, types)),
  );
}

/** Who did what, latest first. */
export async function listActivity(
  tx: Tx,
  organizationId: string,
  filters: ActivityFilters,
  window: PageWindow,
): Promise<Listed<ActivityObject>> {
  const where = conditions(tx, organizationId, filters);
  const totalCount = await tx.$count(auditRows, where);
  const rows = await tx
    .select({
      row: auditRows,
      externalCustomerId: customers.externalId,
      externalSubscriptionId: subscriptions.externalId,
      userEmail: memberships.email,
    })
    .from(auditRows)
    .leftJoin(
      customers,
      and(eq(customers.organizationId, organizationId), eq(customers.id, auditRows.customerId)),
    )
    .leftJoin(
      subscriptions,
      and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, auditRows.subscriptionId)),
    )
    .leftJoin(
      memberships,
      and(eq(memberships.organizationId, organizationId), eq(memberships.userId, auditRows.actorId)),
    )
    .where(where)
    .orderBy(desc(auditRows.occurredAt), desc(auditRows.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { rows, totalCount };
}
