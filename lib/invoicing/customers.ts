import { and, eq } from 'drizzle-orm';
import { billingEntities, customers } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import type { BillingContext } from './context';

export type CustomerRow = typeof customers.$inferSelect;
export type BillingEntityRow = typeof billingEntities.$inferSelect;

export interface BilledCustomer {
  customer: CustomerRow;
  entity: BillingEntityRow;
  /** The zone bills are cut in: the customer's, else the entity's (semantics, conventions). */
  timezone: string;
}

/** Reads a customer with the entity that bills it. Throws not_found. */
export async function loadCustomer(
  { tx, organizationId }: BillingContext,
  customerId: string,
  billingEntityId?: string | null,
): Promise<BilledCustomer> {
  const [customer] = await tx
    .select()
    .from(customers)
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId)));
  if (!customer) return notFound('customer');
  const [entity] = await tx
    .select()
    .from(billingEntities)
    .where(
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, billingEntityId ?? customer.billingEntityId),
      ),
    );
  if (!entity) return notFound('billing_entity');
  return { customer, entity, timezone: customer.timezone ?? entity.timezone };
}

/**
 * Serialises everything that changes what a customer is billed. Taken before reading what will be changed; the lock order
 * is organisation, customer, subscription, wallet. Throws not_found.
 */
export async function lockCustomer(
  { tx, organizationId }: BillingContext,
  customerId: string,
): Promise<void> {
  const rows = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId)))
    .for('no key update');
  if (rows.length === 0) notFound('customer');
}

/** The customer's currency is settled by its first bill. */
export async function settleCurrency(
  { tx, organizationId }: BillingContext,
  customer: CustomerRow,
  currency: string,
): Promise<void> {
  if (customer.currency) return;
  await tx
    .update(customers)
    .set({ currency })
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customer.id)));
}
