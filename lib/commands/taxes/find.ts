import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, taxAssignments, taxes } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';

export type TaxRow = typeof taxes.$inferSelect;

/** Throws not_found. */
export async function findTax(tx: Tx, organizationId: string, code: string): Promise<TaxRow> {
  const [row] = await tx
    .select()
    .from(taxes)
    .where(and(eq(taxes.organizationId, organizationId), eq(taxes.code, code), isNull(taxes.deletedAt)));
  return row ?? notFound('tax');
}

/** The organisation's default billing entity: what Lago's "organization" level means. Throws not_found. */
export async function findDefaultEntityId(tx: Tx, organizationId: string): Promise<string> {
  const [row] = await tx
    .select({ id: billingEntities.id })
    .from(billingEntities)
    .where(and(eq(billingEntities.organizationId, organizationId), eq(billingEntities.isDefault, true)));
  return row?.id ?? notFound('billing_entity');
}

/** Adds a tax to the default billing entity, or takes it away. */
export async function applyToOrganization(
  tx: Tx,
  organizationId: string,
  now: number,
  taxId: string,
  applied: boolean,
): Promise<void> {
  const ownerId = await findDefaultEntityId(tx, organizationId);
  if (applied) {
    await tx
      .insert(taxAssignments)
      .values({ organizationId, ownerType: 'billing_entity', ownerId, taxId, createdAt: new Date(now) })
      .onConflictDoNothing();
    return;
  }
  await tx
    .delete(taxAssignments)
    .where(
      and(
        eq(taxAssignments.organizationId, organizationId),
        eq(taxAssignments.ownerId, ownerId),
        eq(taxAssignments.taxId, taxId),
      ),
    );
}
