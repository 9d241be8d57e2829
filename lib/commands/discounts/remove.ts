import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { appliedCoupons, coupons } from '@/db/schema';
import { type AppliedCouponRow, type CouponRow, couponUse, usedUp } from '@/lib/invoicing/coupons';
import { lockCustomer } from '@/lib/invoicing/customers';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { conflict, notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, isUuid, text } from '../core/fields.ts';
import { findCustomer } from '../customers/find.ts';
import { discountTitle } from './words.ts';

interface Given {
  applied: AppliedCouponRow;
  coupon: CouponRow;
}

/** An applied coupon with its coupon, under its customer's lock. Throws not_found. */
async function lockGiven(ctx: CommandContext, appliedCouponId: string): Promise<Given> {
  const { customerId } = (await read(ctx, appliedCouponId)).applied;
  await lockCustomer(ctx, customerId);
  return read(ctx, appliedCouponId);
}

async function read({ tx, organizationId }: CommandContext, id: string): Promise<Given> {
  if (!isUuid(id)) return notFound('applied_coupon');
  const [row] = await tx
    .select({ applied: appliedCoupons, coupon: coupons })
    .from(appliedCoupons)
    .innerJoin(
      coupons,
      and(eq(coupons.organizationId, organizationId), eq(coupons.id, appliedCoupons.couponId)),
    )
    .where(and(eq(appliedCoupons.organizationId, organizationId), eq(appliedCoupons.id, id)));
  return row ?? notFound('applied_coupon');
}

async function write(
  ctx: CommandContext,
  id: string,
  values: Partial<AppliedCouponRow>,
): Promise<AppliedCouponRow> {
  const { tx, organizationId } = ctx;
  const [row] = await tx
    .update(appliedCoupons)
    .set(values)
    .where(and(eq(appliedCoupons.organizationId, organizationId), eq(appliedCoupons.id, id)))
    .returning();
  if (!row) return notFound('applied_coupon');
  await recordRevenue(ctx, row.customerId, { cause: 'discount', sourceId: row.id });
  return row;
}

const titleOf = ({ applied, coupon }: Given) => discountTitle({ ...applied, couponType: coupon.couponType });

async function remove(ctx: CommandContext, found: Given) {
  if (found.applied.status !== 'active') notFound('applied_coupon');
  const after = await write(ctx, found.applied.id, { status: 'terminated', terminatedAt: new Date(ctx.now) });
  return {
    result: after,
    title: `Stop ${titleOf(found)}`,
    subject: { type: 'applied_coupon', id: after.id },
    customerId: after.customerId,
    before: found.applied,
    after,
    inverse: { command: 'discounts/put-back', input: { appliedCouponId: after.id } },
  };
}

const own = z.strictObject({ appliedCouponId: z.uuid() });

/** Stops a discount from the next bill on. Bills it lowered keep it. */
export const removeDiscount = defineCommand<z.infer<typeof own>, AppliedCouponRow>({
  name: 'discounts/remove',
  input: own,
  right: 'discount.apply',
  reason: 'optional',
  undo: 'reversible',
  async run(ctx, { appliedCouponId }) {
    return remove(ctx, await lockGiven(ctx, appliedCouponId));
  },
});

/** Puts back a discount somebody stopped, with what was left of it. Throws conflict when it had been used up. */
export const putBackDiscount = defineCommand<z.infer<typeof own>, AppliedCouponRow>({
  name: 'discounts/put-back',
  input: own,
  right: 'discount.apply',
  reason: 'optional',
  undo: 'reversible',
  async run(ctx, { appliedCouponId }) {
    const found = await lockGiven(ctx, appliedCouponId);
    if (found.applied.status === 'active') conflict('still_active', 'This discount is running.');
    const used = (await couponUse(ctx, [appliedCouponId])).get(appliedCouponId) ?? 0n;
    if (usedUp(found.applied, found.coupon, used)) {
      conflict('used_up', 'This discount has been used up. Give a new one.');
    }
    const after = await write(ctx, found.applied.id, { status: 'active', terminatedAt: null });
    return {
      result: after,
      title: `Put back ${titleOf(found)}`,
      subject: { type: 'applied_coupon', id: after.id },
      customerId: after.customerId,
      before: found.applied,
      after,
      inverse: { command: 'discounts/remove', input: { appliedCouponId: after.id } },
    };
  },
});

const wire = z.object({ external_customer_id: text(), id: identifier() });

/** Lago's door to the same act: the applied coupon must be this customer's. */
export const terminateAppliedCoupon = defineCommand<z.infer<typeof wire>, AppliedCouponRow>({
  name: 'coupons/terminate-applied',
  input: wire,
  right: 'discount.apply',
  reason: 'optional',
  undo: 'reversible',
  async run(ctx, { external_customer_id, id }) {
    const customer = await findCustomer(ctx.tx, ctx.organizationId, external_customer_id);
    const found = await lockGiven(ctx, id);
    if (found.applied.customerId !== customer.id) notFound('applied_coupon');
    return remove(ctx, found);
  },
});
