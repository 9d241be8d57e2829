import { asc, eq } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, organizations } from '@/db/schema';

export interface OrganizationEntity {
  organization: typeof organizations.$inferSelect;
  entity: typeof billingEntities.$inferSelect;
}

/** The organisation with its default billing entity; null when either is missing. */
export async function readOrganization(tx: Tx, organizationId: string): Promise<OrganizationEntity | null> {
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, organizationId));
  const entities = await listBillingEntities(tx, organizationId);
  const entity = entities.find(({ isDefault }) => isDefault);
  return organization && entity ? { organization, entity } : null;
}

/** Every billing entity, oldest first. */
export function listBillingEntities(
  tx: Tx,
  organizationId: string,
): Promise<(typeof billingEntities.$inferSelect)[]> {
  return tx
    .select()
    .from(billingEntities)
    .where(eq(billingEntities.organizationId, organizationId))
    .orderBy(asc(billingEntities.createdAt), asc(billingEntities.id));
}
