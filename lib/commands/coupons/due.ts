import { and, eq, isNull, lte } from 'drizzle-orm';
import { coupons } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';

/** What the clock hands over when something falls due. */
export interface DueWork {
  subjectId: string;
  payload: Record<string, unknown>;
  /** Epoch milliseconds. */
  dueAt: number;
}

/** Due: a coupon's end has come. It is given to nobody any more; whoever has it keeps it (semantics 8.1). */
export async function expireCoupon(
  { tx, organizationId, now }: BillingContext,
  { subjectId }: DueWork,
): Promise<void> {
  await tx
    .update(coupons)
    .set({ status: 'terminated', terminatedAt: new Date(now) })
    .where(
      and(
        eq(coupons.organizationId, organizationId),
        eq(coupons.id, subjectId),
        eq(coupons.status, 'active'),
        isNull(coupons.deletedAt),
        lte(coupons.expirationAt, new Date(now)),
      ),
    );
}
