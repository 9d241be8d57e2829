import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { coupons } from '@/db/schema';
import type { CouponRow } from '@/lib/invoicing/coupons';
import { notFound } from '@/lib/schedule/errors';

export type { CouponRow };

/** Throws not_found. */
export async function findCoupon(tx: Tx, organizationId: string, code: string): Promise<CouponRow> {
  const [row] = await tx
    .select()
    .from(coupons)
    .where(
      and(eq(coupons.organizationId, organizationId), eq(coupons.code, code), isNull(coupons.deletedAt)),
    );
  return row ?? notFound('coupon');
}
