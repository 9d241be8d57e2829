import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { appliedCoupons, coupons } from '@/db/schema';
import { cancelDue } from '@/lib/schedule/due';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { type CouponRow, findCoupon } from './find.ts';

const input = z.object({ code: text() });

/** Removes a coupon from the catalogue and from everybody who has it (Lago's contract). Issued bills keep its credits. */
export const deleteCoupon = defineCommand<z.infer<typeof input>, CouponRow>({
  name: 'coupons/delete',
  input,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const coupon = await findCoupon(tx, organizationId, code);
    await tx
      .update(appliedCoupons)
      .set({ status: 'terminated', terminatedAt: new Date(now) })
      .where(
        and(
          eq(appliedCoupons.organizationId, organizationId),
          eq(appliedCoupons.couponId, coupon.id),
          eq(appliedCoupons.status, 'active'),
        ),
      );
    await cancelDue(tx, organizationId, now, 'coupon.expire', coupon.id);
    const [deleted = coupon] = await tx
      .update(coupons)
      .set({ deletedAt: new Date(now) })
      .where(and(eq(coupons.organizationId, organizationId), eq(coupons.id, coupon.id)))
      .returning();
    return {
      result: deleted,
      title: `Remove the coupon "${coupon.name}"`,
      subject: { type: 'coupon', id: coupon.id },
      before: coupon,
    };
  },
});
