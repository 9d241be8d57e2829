import { and, eq, inArray, isNull } from 'drizzle-orm';
import { among } from '@/db/among';
import { taxAssignments, taxes } from '@/db/schema';
import type { TaxFacts } from '@/lib/billing/invoice/facts';
import type { BillingContext } from './context';

export type TaxOwner = [ownerType: (typeof taxAssignments.$inferSelect)['ownerType'], ownerId: string];

export function taxFacts(row: typeof taxes.$inferSelect): TaxFacts {
  return { id: row.id, code: row.code, name: row.name, description: row.description, rate: row.rate };
}

/** The taxes assigned to each owner, oldest first; answers from one query. */
export async function loadTaxes(
  ctx: BillingContext,
  owners: TaxOwner[],
): Promise<(...owner: TaxOwner) => TaxFacts[]> {
  const found = ctx.known?.taxes ?? new Map<string, TaxFacts[]>();
  const missing = owners.filter(([type, id]) => !found.has(`${type}:${id}`));
  if (missing.length > 0) await readTaxes(ctx, missing, found);
  return (type, id) => found.get(`${type}:${id}`) ?? [];
}

async function readTaxes(
  { tx, organizationId }: BillingContext,
  owners: TaxOwner[],
  into: Map<string, TaxFacts[]>,
): Promise<void> {
  for (const [type, id] of owners) into.set(`${type}:${id}`, []);
  const rows = await tx
    .select({ assignment: taxAssignments, tax: taxes })
    .from(taxAssignments)
    .innerJoin(taxes, and(eq(taxes.organizationId, organizationId), eq(taxes.id, taxAssignments.taxId)))
    .where(
      and(
        eq(taxAssignments.organizationId, organizationId),
        among(taxAssignments.ownerId, [...new Set(owners.map(([, id]) => id))]),
        isNull(taxes.deletedAt),
      ),
    )
    .orderBy(taxes.createdAt, taxes.id);
  for (const { assignment, tax } of rows) {
    into.get(`${assignment.ownerType}:${assignment.ownerId}`)?.push(taxFacts(tax));
  }
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
