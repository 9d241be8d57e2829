import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { taxAssignments, taxes } from '@/db/schema';

export type TaxRow = typeof taxes.$inferSelect;

/** The taxes of any number of objects, oldest first, by the object's id; one query. */
export async function taxesOf(
  tx: Tx,
  organizationId: string,
  ownerIds: string[],
): Promise<(ownerId: string) => TaxRow[]> {
  const found = new Map<string, TaxRow[]>();
  if (ownerIds.length > 0) {
    const rows = await tx
      .select({ ownerId: taxAssignments.ownerId, tax: taxes })
      .from(taxAssignments)
      .innerJoin(taxes, and(eq(taxes.organizationId, organizationId), eq(taxes.id, taxAssignments.taxId)))
      .where(
        and(
          eq(taxAssignments.organizationId, organizationId),
          inArray(taxAssignments.ownerId, [...new Set(ownerIds)]),
          isNull(taxes.deletedAt),
        ),
      )
      .orderBy(taxes.createdAt, taxes.id);
    for (const { ownerId, tax } of rows) found.set(ownerId, [...(found.get(ownerId) ?? []), tax]);
  }
  return (ownerId) => found.get(ownerId) ?? [];
}

/** Living taxes by code; unknown codes are left out. */
export async function taxesByCode(
  tx: Tx,
  organizationId: string,
  codes: string[],
): Promise<(codes: string[]) => TaxRow[]> {
  const rows =
    codes.length === 0
      ? []
      : await tx
          .select()
          .from(taxes)
          .where(
            and(
              eq(taxes.organizationId, organizationId),
              inArray(taxes.code, [...new Set(codes)]),
              isNull(taxes.deletedAt),
            ),
          )
          .orderBy(taxes.createdAt, taxes.id);
  return (wanted) => rows.filter((row) => wanted.includes(row.code));
}
