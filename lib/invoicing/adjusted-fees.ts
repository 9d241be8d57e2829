import { and, asc, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { adjustedFees } from '@/db/schema';
import type { FeeAdjustmentFacts } from '@/lib/billing/invoice/facts';
import type { BillingContext } from './context';

/** What a person changed on lines of a draft, by line; undefined when nothing was, so that the facts stay as they were. */
export async function loadAdjustments(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<FeeAdjustmentFacts[] | undefined> {
  const rows = await tx
    .select()
    .from(adjustedFees)
    .where(and(eq(adjustedFees.organizationId, organizationId), eq(adjustedFees.invoiceId, invoiceId)))
    .orderBy(asc(adjustedFees.lineKey));
  if (rows.length === 0) return undefined;
  return rows.map(({ lineKey, units, unitPreciseAmount, invoiceDisplayName }) => ({
    lineKey,
    units,
    unitPreciseAmount,
    displayName: invoiceDisplayName,
  }));
}

/** Keeps a change of a line, in place of an earlier one; null takes it away. Answers what was kept before. */
export async function keepAdjustment(
  { tx, organizationId, now }: BillingContext,
  invoiceId: string,
  lineKey: string,
  change: Omit<FeeAdjustmentFacts, 'lineKey'> | null,
): Promise<Omit<FeeAdjustmentFacts, 'lineKey'> | null> {
  const where = and(
    eq(adjustedFees.organizationId, organizationId),
    eq(adjustedFees.invoiceId, invoiceId),
    eq(adjustedFees.lineKey, lineKey),
  );
  const [before] = await tx.delete(adjustedFees).where(where).returning();
  if (change) {
    const at = new Date(now);
    await tx.insert(adjustedFees).values({
      organizationId,
      id: newId(),
      invoiceId,
      lineKey,
      units: change.units,
      unitPreciseAmount: change.unitPreciseAmount,
      invoiceDisplayName: change.displayName,
      createdAt: at,
      updatedAt: at,
    });
  }
  if (!before) return null;
  const { units, unitPreciseAmount, invoiceDisplayName: displayName } = before;
  return { units, unitPreciseAmount, displayName };
}
