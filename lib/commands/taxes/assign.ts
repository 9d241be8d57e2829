import { and, eq, inArray, isNull } from 'drizzle-orm';
import { type TAX_OWNERS, taxAssignments, taxes } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { notFound } from '@/lib/schedule/errors';

export interface TaxBearer {
  ownerType: (typeof TAX_OWNERS)[number];
  ownerId: string;
  taxCodes: string[];
}

/**
 * Sets which taxes objects bear, replacing what each bore. All bearers in a fixed number of statements. Throws not_found
 * (tax) when a code is unknown.
 */
export async function assignTaxes(
  { tx, organizationId, now }: BillingContext,
  bearers: TaxBearer[],
): Promise<void> {
  if (bearers.length === 0) return;
  const codes = [...new Set(bearers.flatMap(({ taxCodes }) => taxCodes))];
  const known = new Map<string, string>();
  if (codes.length > 0) {
    const rows = await tx
      .select({ id: taxes.id, code: taxes.code })
      .from(taxes)
      .where(
        and(eq(taxes.organizationId, organizationId), inArray(taxes.code, codes), isNull(taxes.deletedAt)),
      );
    for (const { id, code } of rows) known.set(code, id);
  }
  await tx.delete(taxAssignments).where(
    and(
      eq(taxAssignments.organizationId, organizationId),
      inArray(
        taxAssignments.ownerId,
        bearers.map(({ ownerId }) => ownerId),
      ),
    ),
  );
  const values = bearers.flatMap(({ ownerType, ownerId, taxCodes }) =>
    [...new Set(taxCodes)].map((code) => ({
      organizationId,
      ownerType,
      ownerId,
      taxId: known.get(code) ?? notFound('tax'),
      createdAt: new Date(now),
    })),
  );
  if (values.length > 0) await tx.insert(taxAssignments).values(values);
}
