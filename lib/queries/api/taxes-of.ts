import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { taxAssignments, taxes } from '@/db/schema';

/** A tax with the codes of the billing entities that bear it; the default one stands for the organisation. */
export interface TaxNode {
  tax: typeof taxes.$inferSelect;
  appliedToOrganization: boolean;
  entityCodes: string[];
}

/** Selects what a TaxNode needs beside the tax itself. */
export const taxNodeColumns = {
  tax: taxes,
  appliedToOrganization: sql<boolean>`exists (
    select 1 from tax_assignments a join billing_entities b
      on b.organization_id = a.organization_id and b.id = a.owner_id and b.is_default
    where a.organization_id = taxes.organization_id and a.tax_id = taxes.id)`,
  entityCodes: sql<string[]>`coalesce((
    select jsonb_agg(b.code order by b.code) from tax_assignments a join billing_entities b
      on b.organization_id = a.organization_id and b.id = a.owner_id
    where a.organization_id = taxes.organization_id and a.tax_id = taxes.id), '[]'::jsonb)`,
};

/** The taxes of any number of objects, oldest first, by the object's id; one query. */
export async function taxesOf(
  tx: Tx,
  organizationId: string,
  ownerIds: string[],
): Promise<(ownerId: string) => TaxNode[]> {
  const found = new Map<string, TaxNode[]>();
  if (ownerIds.length > 0) {
    const rows = await tx
      .select({ ownerId: taxAssignments.ownerId, ...taxNodeColumns })
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
    for (const { ownerId, ...node } of rows) found.set(ownerId, [...(found.get(ownerId) ?? []), node]);
  }
  return (ownerId) => found.get(ownerId) ?? [];
}

/** Living taxes by code; unknown codes are left out. */
export async function taxesByCode(
  tx: Tx,
  organizationId: string,
  codes: string[],
): Promise<(codes: string[]) => TaxNode[]> {
  const rows =
    codes.length === 0
      ? []
      : await tx
          .select(taxNodeColumns)
          .from(taxes)
          .where(
            and(
              eq(taxes.organizationId, organizationId),
              inArray(taxes.code, [...new Set(codes)]),
              isNull(taxes.deletedAt),
            ),
          )
          .orderBy(taxes.createdAt, taxes.id);
  return (wanted) => rows.filter(({ tax }) => wanted.includes(tax.code));
}
