import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, customers } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';

export type CustomerRow = typeof customers.$inferSelect;
export type BillingEntityRow = typeof billingEntities.$inferSelect;

/** Null when there is none (or it was deleted). */
export async function lookUpCustomer(
  tx: Tx,
  organizationId: string,
  externalId: string,
): Promise<CustomerRow | null> {
  const [row] = await tx
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.organizationId, organizationId),
        eq(customers.externalId, externalId),
        isNull(customers.deletedAt),
      ),
    );
  return row ?? null;
}

/** Throws not_found. */
export async function findCustomer(tx: Tx, organizationId: string, externalId: string): Promise<CustomerRow> {
  return (await lookUpCustomer(tx, organizationId, externalId)) ?? notFound('customer');
}

/** The entity with this code, or the default one. Throws not_found. */
export async function findBillingEntity(
  tx: Tx,
  organizationId: string,
  code?: string | null,
): Promise<BillingEntityRow> {
  const [row] = await tx
    .select()
    .from(billingEntities)
    .where(
      and(
        eq(billingEntities.organizationId, organizationId),
        code ? eq(billingEntities.code, code) : eq(billingEntities.isDefault, true),
      ),
    );
  return row ?? notFound('billing_entity');
}
