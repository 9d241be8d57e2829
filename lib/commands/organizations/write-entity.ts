import { and, eq } from 'drizzle-orm';
import { billingEntities } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { startEntitySeries } from '@/lib/invoicing/number';
import { assignTaxes } from '../taxes/assign.ts';
import { type EntityChanges, entityColumns } from './entity-input.ts';

export type EntityRow = typeof billingEntities.$inferSelect;

/** Changes a billing entity. A switch to per-entity numbering goes on from what is numbered already (semantics 12.3). */
export async function writeEntity(
  ctx: BillingContext,
  before: EntityRow,
  changes: EntityChanges,
): Promise<EntityRow> {
  const { tx, organizationId, now } = ctx;
  const columns = entityColumns(changes, before);
  const [after] = await tx
    .update(billingEntities)
    .set({ ...columns, updatedAt: new Date(now) })
    .where(and(eq(billingEntities.organizationId, organizationId), eq(billingEntities.id, before.id)))
    .returning();
  const switched =
    columns.documentNumbering === 'per_billing_entity' && before.documentNumbering === 'per_customer';
  if (switched) await startEntitySeries(ctx, before.id);
  if (changes.tax_codes) {
    await assignTaxes(ctx, [
      { ownerType: 'billing_entity', ownerId: before.id, taxCodes: changes.tax_codes },
    ]);
    await flagDrafts(ctx, 'all');
  }
  return after ?? before;
}
