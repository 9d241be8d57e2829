import { z } from 'zod';
import type { appliedCoupons, coupons } from '@/db/schema';
import type { CreditObject } from '@/lib/queries/api/credits';
import { decOrNull, ts, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { creditSchema, creditWire } from './credit.ts';

type CouponRow = typeof coupons.$inferSelect;

export interface CouponTargets {
  planCodes: string[];
  billableMetricCodes: string[];
}

const couponType = z.enum(['fixed_amount', 'percentage']);
const frequency = z.enum(['once', 'recurring', 'forever']);
const status = z.enum(['active', 'terminated']);

export const couponSchema = resource('Coupon', {
  lago_id: is.uuid,
  name: is.str,
  code: is.str,
  description: is.str.nullable(),
  coupon_type: couponType,
  amount_cents: is.cents.nullable(),
  amount_currency: is.currency.nullable(),
  percentage_rate: is.dec.nullable(),
  frequency,
  frequency_duration: is.int.nullable(),
  reusable: is.bool,
  limited_plans: is.bool,
  limited_billable_metrics: is.bool,
  plan_codes: is.texts,
  billable_metric_codes: is.texts,
  created_at: is.ts,
  expiration: z.enum(['no_expiration', 'time_limit']),
  expiration_at: is.ts.nullable(),
  terminated_at: is.ts.nullable(),
});

/** API contract 2.5. */
export function couponWire(coupon: CouponRow, targets: CouponTargets): Wire<typeof couponSchema> {
  return {
    lago_id: coupon.id,
    name: coupon.name,
    code: coupon.code,
    description: coupon.description,
    coupon_type: coupon.couponType,
    amount_cents: coupon.amountMinor,
    amount_currency: coupon.currency,
    percentage_rate: decOrNull(coupon.percentageRate),
    frequency: coupon.frequency,
    frequency_duration: coupon.frequencyDuration,
    reusable: coupon.reusable,
    limited_plans: coupon.limitedPlans,
    limited_billable_metrics: coupon.limitedBillableMetrics,
    plan_codes: targets.planCodes,
    billable_metric_codes: targets.billableMetricCodes,
    created_at: ts(coupon.createdAt),
    expiration: coupon.expiration,
    expiration_at: tsOrNull(coupon.expirationAt),
    terminated_at: tsOrNull(coupon.terminatedAt),
  };
}

export interface AppliedCouponObject {
  applied: typeof appliedCoupons.$inferSelect;
  coupon: CouponRow;
  externalCustomerId: string;
  /** What invoices used of it so far, minor units. */
  usedMinor: bigint;
}

export const appliedCouponSchema = resource('AppliedCoupon', {
  lago_id: is.uuid,
  lago_coupon_id: is.uuid,
  coupon_code: is.str,
  coupon_name: is.str,
  coupon_description: is.str.nullable(),
  coupon_status: status,
  coupon_deleted_at: is.ts.nullable(),
  lago_customer_id: is.uuid,
  external_customer_id: is.str,
  status,
  amount_cents: is.cents.nullable(),
  amount_cents_remaining: is.cents.nullable(),
  amount_currency: is.currency.nullable(),
  percentage_rate: is.dec.nullable(),
  frequency,
  frequency_duration: is.int.nullable(),
  frequency_duration_remaining: is.int.nullable(),
  expiration_at: is.ts.nullable(),
  created_at: is.ts,
  terminated_at: is.ts.nullable(),
});

/** A coupon on a customer; what is left is shown for one-time fixed amounts only. */
export function appliedCouponWire({
  applied,
  coupon,
  externalCustomerId,
  usedMinor,
}: AppliedCouponObject): Wire<typeof appliedCouponSchema> {
  const isOnceFixed = applied.frequency === 'once' && coupon.couponType === 'fixed_amount';
  return {
    lago_id: applied.id,
    lago_coupon_id: coupon.id,
    coupon_code: coupon.code,
    coupon_name: coupon.name,
    coupon_description: coupon.description,
    coupon_status: coupon.status,
    coupon_deleted_at: tsOrNull(coupon.deletedAt),
    lago_customer_id: applied.customerId,
    external_customer_id: externalCustomerId,
    status: applied.status,
    amount_cents: applied.amountMinor,
    amount_cents_remaining: isOnceFixed ? (applied.amountMinor ?? 0n) - usedMinor : null,
    amount_currency: applied.currency,
    percentage_rate: decOrNull(applied.percentageRate),
    frequency: applied.frequency,
    frequency_duration: applied.frequencyDuration,
    frequency_duration_remaining: applied.frequencyDurationRemaining,
    expiration_at: tsOrNull(coupon.expirationAt),
    created_at: ts(applied.createdAt),
    terminated_at: tsOrNull(applied.terminatedAt),
  };
}

export const appliedCouponListSchema = resource('AppliedCouponListed', {
  ...appliedCouponSchema.shape,
  credits: z.array(creditSchema),
});

/** An applied coupon as lists carry it: with what it was used for. */
export function appliedCouponListWire(
  object: AppliedCouponObject,
  credits: CreditObject[],
): Wire<typeof appliedCouponListSchema> {
  return { ...appliedCouponWire(object), credits: credits.map(creditWire) };
}
