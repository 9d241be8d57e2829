import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { addOns } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';

export type AddOnRow = typeof addOns.$inferSelect;

/** Throws not_found. */
export async function findAddOn(tx: Tx, organizationId: string, code: string): Promise<AddOnRow> {
  const [row] = await tx
    .select()
    .from(addOns)
    .where(and(eq(addOns.organizationId, organizationId), eq(addOns.code, code), isNull(addOns.deletedAt)));
  return row ?? notFound('add_on');
}
