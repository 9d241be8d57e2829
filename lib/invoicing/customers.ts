import { and, asc, eq } from 'drizzle-orm';
import { among } from '@/db/among';
import { billingEntities, customers } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import type { BilledCustomer, CustomerRow } from './billed-customer';
import type { BillingContext } from './context';

export type { BilledCustomer, CustomerRow } from './billed-customer';

/** Reads a customer with the entity that bills it. Throws not_found. */
export async function loadCustomer(
  ctx: BillingContext,
  customerId: string,
  billingEntityId?: string | null,
): Promise<BilledCustomer> {
  const [billed] = await loadCustomers(ctx, [{ customerId, billingEntityId }]);
  return billed ?? notFound('customer');
}

export interface CustomerRequest {
  customerId: string;
  /** Another entity than the customer's own. */
  billingEntityId?: string | null;
}

const keyOf = ({ customerId, billingEntityId }: CustomerRequest) => `${customerId}:${billingEntityId ?? ''}`;

/** Reads customers with the entities that bill them, in the order asked for: at most two queries. Throws not_found. */
export async function loadCustomers(
  ctx: BillingContext,
  requests: CustomerRequest[],
): Promise<BilledCustomer[]> {
  const found = ctx.known?.customers ?? new Map<string, BilledCustomer>();
  const missing = requests.filter((request) => !found.has(keyOf(request)));
  if (missing.length > 0) await readCustomers(ctx, missing, found);
  return requests.map((request) => found.get(keyOf(request)) ?? notFound('customer'));
}

async function readCustomers(
  { tx, organizationId }: BillingContext,
  requests: CustomerRequest[],
  into: Map<string, BilledCustomer>,
): Promise<void> {
  const ids = [...new Set(requests.map(({ customerId }) => customerId))];
  const rows = await tx
    .select()
    .from(customers)
    .where(and(eq(customers.organizationId, organizationId), among(customers.id, ids)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const entityOf = ({ customerId, billingEntityId }: CustomerRequest) =>
    billingEntityId ?? (byId.get(customerId) ?? notFound('customer')).billingEntityId;
  const entities = await tx
    .select()
    .from(billingEntities)
    .where(
      and(
        eq(billingEntities.organizationId, organizationId),
        among(billingEntities.id, [...new Set(requests.map(entityOf))]),
      ),
    );
  for (const request of requests) {
    const customer = byId.get(request.customerId) ?? notFound('customer');
    const entity = entities.find(({ id }) => id === entityOf(request)) ?? notFound('billing_entity');
    into.set(keyOf(request), { customer, entity, timezone: customer.timezone ?? entity.timezone });
  }
}

/**
 * Serialises everything that changes what a customer is billed. Taken before reading what will be changed; the lock order
 * is organisation, customer, subscription, wallet. Throws not_found.
 */
export async function lockCustomer(ctx: BillingContext, customerId: string): Promise<void> {
  await lockCustomers(ctx, [customerId]);
}

/** The same for several customers, in the order of their ids. */
export async function lockCustomers(ctx: BillingContext, customerIds: string[]): Promise<void> {
  const { tx, organizationId, known } = ctx;
  const open = [...new Set(customerIds)].filter((id) => !known?.locked.has(id));
  if (open.length === 0) return;
  const rows = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(and(eq(customers.organizationId, organizationId), among(customers.id, open)))
    .orderBy(asc(customers.id))
    .for('no key update');
  if (rows.length < open.length) notFound('customer');
  for (const id of open) known?.locked.add(id);
}

/** A customer's currency is settled by its first subscription, coupon or bill. */
export async function settleCurrencies(
  { tx, organizationId }: BillingContext,
  bills: { customer: CustomerRow; currency: string }[],
): Promise<void> {
  const open = bills.filter(({ customer }) => !customer.currency);
  for (const currency of new Set(open.map((bill) => bill.currency))) {
    const settled = open.filter((bill) => bill.currency === currency).map(({ customer }) => customer);
    await tx
      .update(customers)
      .set({ currency })
      .where(
        and(
          eq(customers.organizationId, organizationId),
          among(
            customers.id,
            settled.map(({ id }) => id),
          ),
        ),
      );
    for (const customer of settled) customer.currency = currency;
  }
}
