import { and, eq, inArray, isNull } from 'drizzle-orm';
import { taxAssignments, taxes } from '@/db/schema';
import type { TaxFacts } from '@/lib/billing/invoice/facts';
import type { BillingContext } from './context';

export type TaxOwner = [ownerType: (typeof taxAssignments.$inferSelect)['ownerType'], ownerId: string];

export function taxFacts(row: typeof taxes.$inferSelect): TaxFacts {
  return { id: row.id, code: row.code, name: row.name, description: row.description, rate: row.rate };
}

/** The taxes assigned to each owner, oldest first; answers from one query. */
export async function loadTaxes(
  { tx, organizationId }: BillingContext,
  owners: TaxOwner[],
): Promise<(...owner: TaxOwner) => TaxFacts[]> {
  const ids = [...new Set(owners.map(([, ownerId]) => ownerId))];
  const rows =
    ids.length === 0
      ? []
      : await tx
          .select({ assignment: taxAssignments, tax: taxes })
          .from(taxAssignments)
          .innerJoin(taxes, and(eq(taxes.organizationId, organizationId), eq(taxes.id, taxAssignments.taxId)))
          .where(
            and(
              eq(taxAssignments.organizationId, organizationId),
              inArray(taxAssignments.ownerId, ids),
              isNull(taxes.deletedAt),
            ),
          )
          .orderBy(taxes.createdAt, taxes.id);
  const byOwner = new Map<string, TaxFacts[]>();
  for (const { assignment, tax } of rows) {
    const key = `${assignment.ownerType}:${assignment.ownerId}`;
    byOwner.set(key, [...(byOwner.get(key) ?? []), taxFacts(tax)]);
  }
  return (ownerType, ownerId) => byOwner.get(`${ownerType}:${ownerId}`) ?? [];
}

/** Looks taxes up by code; unknown codes are left out. */
export async function taxesByCode(
  { tx, organizationId }: BillingContext,
  codes: string[],
): Promise<(codes: string[]) => TaxFacts[]> {
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
  return (wanted) => rows.filter((row) => wanted.includes(row.code)).map(taxFacts);
}
