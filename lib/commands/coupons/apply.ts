import { and, eq, inArray, ne } from 'drizzle-orm';
import { z } from 'zod';
import { newId } from '@/db/ids';
import { appliedCoupons, charges, coupons, planVersions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { type AppliedCouponRow, type CouponRow, loadTargets } from '@/lib/invoicing/coupons';
import { loadCustomer, lockCustomer, settleCurrencies } from '@/lib/invoicing/customers';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand, type LimitUse } from '../core/command.ts';
import { currency, integer, oneOf, optionalDecimal, optionalMinorUnits, text } from '../core/fields.ts';
import { findCustomer } from '../customers/find.ts';
import { discountTitle } from '../discounts/words.ts';
import { findCoupon } from './find.ts';
import { type CouponTerms, checkedTerms } from './input.ts';

const input = z.object({
  external_customer_id: text(),
  coupon_code: text(),
  frequency: oneOf(['once', 'recurring', 'forever']).nullish(),
  frequency_duration: integer(1).nullish(),
  amount_cents: optionalMinorUnits(),
  amount_currency: currency().nullish(),
  percentage_rate: optionalDecimal(),
});

/** Gives a customer a coupon of the catalogue, with the terms it has today or the ones given (semantics 8.1). */
export const applyCoupon = defineCommand<z.infer<typeof input>, AppliedCouponRow>({
  name: 'coupons/apply',
  input,
  right: 'discount.apply',
  reason: 'optional',
  undo: 'reversible',
  async run(ctx, given) {
    const customer = await findCustomer(ctx.tx, ctx.organizationId, given.external_customer_id);
    const coupon = await findCoupon(ctx.tx, ctx.organizationId, given.coupon_code);
    if (coupon.status !== 'active') notFound('coupon');
    const frequency = given.frequency ?? coupon.frequency;
    const terms = checkedTerms({
      couponType: coupon.couponType,
      amountMinor: given.amount_cents ?? coupon.amountMinor,
      currency: given.amount_currency ?? coupon.currency,
      percentageRate: given.percentage_rate ?? coupon.percentageRate,
      frequency,
      frequencyDuration: given.frequency_duration ?? coupon.frequencyDuration,
    });
    const applied = await giveCoupon(ctx, customer.id, coupon, terms);
    return {
      result: applied,
      title: discountTitle(terms),
      subject: { type: 'applied_coupon', id: applied.id },
      customerId: customer.id,
      after: applied,
      limit: discountLimit(terms),
      inverse: { command: 'discounts/remove', input: { appliedCouponId: applied.id } },
    };
  },
});

/**
 * Puts a coupon on a customer, under the customer's lock. Throws invalid (`coupon_is_not_reusable`,
 * `currencies_does_not_match`) or not_allowed (`plan_overlapping`).
 */
export async function giveCoupon(
  ctx: CommandContext,
  customerId: string,
  coupon: CouponRow,
  terms: CouponTerms,
): Promise<AppliedCouponRow> {
  const { tx, organizationId, now } = ctx;
  await lockCustomer(ctx, customerId);
  if (!coupon.reusable && (await everGiven(ctx, customerId, coupon.id))) {
    invalid({ coupon: ['coupon_is_not_reusable'] }, 'This customer has had this coupon already.');
  }
  if (terms.couponType === 'fixed_amount' && terms.currency) {
    const { customer } = await loadCustomer(ctx, customerId);
    if (customer.currency && customer.currency !== terms.currency) {
      invalid(
        { currency: ['currencies_does_not_match'] },
        `This customer is billed in ${customer.currency}.`,
      );
    }
    await settleCurrencies(ctx, [{ customer: customer, currency: terms.currency }]);
  }
  await assertNoOverlap(ctx, customerId, coupon);
  const [applied] = await tx
    .insert(appliedCoupons)
    .values({
      organizationId,
      id: newId(),
      couponId: coupon.id,
      customerId,
      amountMinor: terms.amountMinor,
      currency: terms.currency,
      percentageRate: terms.percentageRate,
      frequency: terms.frequency,
      frequencyDuration: terms.frequencyDuration,
      frequencyDurationRemaining: terms.frequencyDuration,
      createdAt: new Date(now),
    })
    .returning();
  if (!applied) throw new Error('an applied coupon was not written');
  await recordRevenue(ctx, customerId, { cause: 'discount', sourceId: applied.id });
  return applied;
}

/** A percentage is held against the discount limit; an amount off is money given away (12 bills stand for "every bill"). */
export function discountLimit(terms: CouponTerms): LimitUse {
  const bills = terms.frequency === 'forever' ? null : (terms.frequencyDuration ?? 1);
  if (terms.couponType === 'percentage') {
    const quantity = Exact.of(terms.percentageRate ?? '0')
      .mul(100)
      .ceil()
      .toBigInt();
    return { act: 'discount', quantity, bills };
  }
  const times = terms.frequency === 'recurring' ? BigInt(bills ?? 1) : terms.frequency === 'once' ? 1n : 12n;
  return {
    act: 'credits',
    quantity: (terms.amountMinor ?? 0n) * times,
    currency: terms.currency ?? undefined,
  };
}

async function everGiven(
  { tx, organizationId }: CommandContext,
  customerId: string,
  couponId: string,
): Promise<boolean> {
  const rows = await tx
    .select({ id: appliedCoupons.id })
    .from(appliedCoupons)
    .where(
      and(
        eq(appliedCoupons.organizationId, organizationId),
        eq(appliedCoupons.customerId, customerId),
        eq(appliedCoupons.couponId, couponId),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Two limited coupons may not meet on one target, a plan meeting the metrics it charges (semantics 8.1). */
async function assertNoOverlap(ctx: CommandContext, customerId: string, coupon: CouponRow): Promise<void> {
  if (!coupon.limitedPlans && !coupon.limitedBillableMetrics) return;
  const { tx, organizationId } = ctx;
  const others = await tx
    .selectDistinct({ id: coupons.id })
    .from(appliedCoupons)
    .innerJoin(
      coupons,
      and(eq(coupons.organizationId, organizationId), eq(coupons.id, appliedCoupons.couponId)),
    )
    .where(
      and(
        eq(appliedCoupons.organizationId, organizationId),
        eq(appliedCoupons.customerId, customerId),
        eq(appliedCoupons.status, 'active'),
        ne(coupons.id, coupon.id),
      ),
    );
  if (others.length === 0) return;
  const otherIds = others.map((other) => other.id);
  const targets = await loadTargets(ctx, [coupon.id, ...otherIds]);
  const planIds = otherIds.flatMap((id) => targets(id, 'plan'));
  const metricIds = otherIds.flatMap((id) => targets(id, 'billable_metric'));
  const ownPlans = targets(coupon.id, 'plan');
  const ownMetrics = targets(coupon.id, 'billable_metric');
  const meet = (left: string[], right: string[]) => left.some((id) => right.includes(id));
  const overlaps =
    meet(ownPlans, planIds) ||
    meet(ownMetrics, metricIds) ||
    meet(await chargedMetrics(ctx, ownPlans), metricIds) ||
    meet(await chargedMetrics(ctx, planIds), ownMetrics);
  if (overlaps)
    notAllowed('plan_overlapping', 'Another coupon of this customer covers the same plan or meter.');
}

async function chargedMetrics({ tx, organizationId }: CommandContext, planIds: string[]): Promise<string[]> {
  if (planIds.length === 0) return [];
  const rows = await tx
    .selectDistinct({ id: charges.billableMetricId })
    .from(charges)
    .innerJoin(
      planVersions,
      and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, charges.planVersionId)),
    )
    .where(and(eq(charges.organizationId, organizationId), inArray(planVersions.planId, planIds)));
  return rows.map((row) => row.id);
}
