import { z } from 'zod';
import { newId } from '@/db/ids';
import { coupons } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import type { AppliedCouponRow } from '@/lib/invoicing/coupons';
import { loadCustomer, lockCustomer } from '@/lib/invoicing/customers';
import { defineCommand } from '../core/command.ts';
import { currency, decimal, integer, minorUnits } from '../core/fields.ts';
import { discountLimit, giveCoupon } from '../coupons/apply.ts';
import { type CouponTerms, checkedTerms } from '../coupons/input.ts';
import { discountTitle } from './words.ts';

const percent = decimal().refine(
  (value) => Exact.of(value).gte('0.01') && Exact.of(value).lte(100) && Exact.of(value).mul(100).isInteger(),
  { error: 'value_is_out_of_range' },
);

const input = z
  .strictObject({
    customerId: z.uuid(),
    /** One of the two: 0.01 to 100 with two decimals, or an amount off each bill. */
    percent: percent.nullish(),
    amountMinor: minorUnits().nullish(),
    /** Of the amount; the customer's when absent. */
    currency: currency().nullish(),
    /** How many bills; null is every bill. */
    bills: integer(1, 120).nullable(),
  })
  .refine(({ percent: rate, amountMinor }) => (rate == null) !== (amountMinor == null), {
    error: 'give_percent_or_amount',
    path: ['percent'],
  });

/** Lowers a customer's next bills without a coupon of the catalogue: the coupon behind it is made for this customer only. */
export const applyDiscount = defineCommand<z.infer<typeof input>, AppliedCouponRow>({
  name: 'discounts/apply-discount',
  input,
  right: 'discount.apply',
  reason: 'required',
  undo: 'reversible',
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    await lockCustomer(ctx, given.customerId);
    const { customer, entity } = await loadCustomer(ctx, given.customerId);
    const terms: CouponTerms = checkedTerms({
      couponType: given.percent ? 'percentage' : 'fixed_amount',
      amountMinor: given.amountMinor ?? null,
      currency: given.currency ?? customer.currency ?? entity.defaultCurrency,
      percentageRate: given.percent ?? null,
      frequency: given.bills === null ? 'forever' : 'recurring',
      frequencyDuration: given.bills,
    });
    const title = discountTitle(terms);
    const id = newId();
    const [coupon] = await tx
      .insert(coupons)
      .values({
        organizationId,
        id,
        code: `discount-${id}`,
        name: title,
        ...terms,
        reusable: false,
        expiration: 'no_expiration',
        adHoc: true,
        createdAt: new Date(now),
      })
      .returning();
    if (!coupon) throw new Error('a coupon was not written');
    const applied = await giveCoupon(ctx, customer.id, coupon, terms);
    const limit = discountLimit(terms);
    return {
      result: applied,
      title,
      subject: { type: 'applied_coupon', id: applied.id },
      customerId: customer.id,
      after: applied,
      limit,
      givenAway:
        limit.act === 'credits' && limit.currency
          ? { amountMinor: limit.quantity, currency: limit.currency }
          : undefined,
      inverse: { command: 'discounts/remove', input: { appliedCouponId: applied.id } },
    };
  },
});
