import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { features, type Privilege, type PrivilegeValue } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import { type EntitlementsInput, privilegeValue } from './input.ts';

export type FeatureRow = typeof features.$inferSelect;

/** Throws not_found. */
export async function findFeature(tx: Tx, organizationId: string, code: string): Promise<FeatureRow> {
  const [row] = await tx
    .select()
    .from(features)
    .where(
      and(eq(features.organizationId, organizationId), eq(features.code, code), isNull(features.deletedAt)),
    );
  return row ?? notFound('feature');
}

/** The same, held until the transaction ends: its privileges are one value, so two changes at once would lose one. */
export async function lockFeature(tx: Tx, organizationId: string, code: string): Promise<FeatureRow> {
  const { id } = await findFeature(tx, organizationId, code);
  const [row] = await tx
    .select()
    .from(features)
    .where(and(eq(features.organizationId, organizationId), eq(features.id, id), isNull(features.deletedAt)))
    .for('update');
  return row ?? notFound('feature');
}

/** Throws not_found (privilege). */
export function privilegeOf(feature: FeatureRow, code: string): Privilege {
  return feature.privileges.find((privilege) => privilege.code === code) ?? notFound('privilege');
}

export interface FeatureValues {
  feature: FeatureRow;
  values: Record<string, PrivilegeValue>;
}

/** What a body of entitlements means: features with checked values. Throws not_found (feature, privilege) and invalid. */
export async function readEntitlements(
  tx: Tx,
  organizationId: string,
  given: EntitlementsInput,
): Promise<FeatureValues[]> {
  const codes = Object.keys(given);
  if (codes.length === 0) return [];
  const rows = await tx
    .select()
    .from(features)
    .where(
      and(
        eq(features.organizationId, organizationId),
        inArray(features.code, codes),
        isNull(features.deletedAt),
      ),
    );
  return codes.map((code) => {
    const feature = rows.find((row) => row.code === code) ?? notFound('feature');
    const values = Object.entries(given[code] ?? {}).map(([privilege, value]) => [
      privilege,
      privilegeValue(privilegeOf(feature, privilege), value),
    ]);
    return { feature, values: Object.fromEntries(values) };
  });
}
