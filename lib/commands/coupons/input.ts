import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { billableMetrics, couponTargets, plans } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import type { CommandContext } from '../core/command.ts';
import {
  codes,
  currency,
  instant,
  integer,
  oneOf,
  optionalDecimal,
  optionalFlag,
  optionalMinorUnits,
  optionalText,
  text,
} from '../core/fields.ts';
import type { CouponRow } from './find.ts';

export const couponInput = z.object({
  name: text(),
  code: text(),
  description: optionalText(),
  coupon_type: oneOf(['fixed_amount', 'percentage']),
  amount_cents: optionalMinorUnits(),
  amount_currency: currency().nullish(),
  percentage_rate: optionalDecimal(),
  frequency: oneOf(['once', 'recurring', 'forever']),
  frequency_duration: integer(1).nullish(),
  reusable: optionalFlag(),
  expiration: oneOf(['no_expiration', 'time_limit']),
  expiration_at: instant().nullish(),
  applies_to: z.object({ plan_codes: codes().nullish(), billable_metric_codes: codes().nullish() }).nullish(),
});
export type CouponInput = z.infer<typeof couponInput>;

/** What a coupon gives and for how long: the part an applied coupon copies. */
export type CouponTerms = Pick<
  CouponRow,
  'couponType' | 'amountMinor' | 'currency' | 'percentageRate' | 'frequency' | 'frequencyDuration'
>;

/** Throws invalid with Lago's codes unless the terms hang together. Keeps only what the type and frequency use. */
export function checkedTerms(terms: CouponTerms): CouponTerms {
  const fields: Record<string, string[]> = {};
  const fixed = terms.couponType === 'fixed_amount';
  if (fixed && (terms.amountMinor === null || terms.amountMinor <= 0n)) {
    fields.amount_cents = ['value_is_out_of_range'];
  }
  if (fixed && !terms.currency) fields.amount_currency = ['value_is_invalid'];
  if (!fixed && terms.percentageRate === null) fields.percentage_rate = ['value_is_mandatory'];
  if (!fixed && terms.percentageRate !== null && !Exact.of(terms.percentageRate).isPositive()) {
    fields.percentage_rate = ['value_is_out_of_range'];
  }
  if (terms.frequency === 'recurring' && !terms.frequencyDuration) {
    fields.frequency_duration = ['value_is_mandatory'];
  }
  if (Object.keys(fields).length > 0) invalid(fields);
  return {
    couponType: terms.couponType,
    amountMinor: fixed ? terms.amountMinor : null,
    currency: fixed ? terms.currency : null,
    percentageRate: fixed ? null : Exact.of(terms.percentageRate ?? '0').toDecimalString(5),
    frequency: terms.frequency,
    frequencyDuration: terms.frequency === 'recurring' ? terms.frequencyDuration : null,
  };
}

/** When a coupon stops being given out. Throws invalid `invalid_date` unless that lies ahead. */
export function checkedExpiration(
  expiration: CouponRow['expiration'],
  expirationAt: number | null | undefined,
  now: number,
): Pick<CouponRow, 'expiration' | 'expirationAt'> {
  if (expiration === 'no_expiration') return { expiration, expirationAt: null };
  if (!expirationAt || expirationAt <= now) {
    return invalid({ expiration_at: ['invalid_date'] }, 'Choose an end that lies ahead.');
  }
  return { expiration, expirationAt: new Date(expirationAt) };
}

type Targets = { type: 'plan' | 'billable_metric'; ids: string[] } | null;

/** The targets named by code, one kind only. Throws not_allowed or not_found (`plans`, `billable_metrics`). */
export async function findTargets(
  { tx, organizationId }: CommandContext,
  appliesTo: CouponInput['applies_to'],
): Promise<Targets> {
  const planCodes = [...new Set(appliesTo?.plan_codes ?? [])];
  const metricCodes = [...new Set(appliesTo?.billable_metric_codes ?? [])];
  if (planCodes.length > 0 && metricCodes.length > 0) {
    notAllowed('only_one_limitation_type_per_coupon_allowed', 'Limit it to plans or to meters, not both.');
  }
  if (planCodes.length > 0) {
    const rows = await tx
      .select({ id: plans.id })
      .from(plans)
      .where(
        and(
          eq(plans.organizationId, organizationId),
          inArray(plans.code, planCodes),
          isNull(plans.deletedAt),
        ),
      );
    if (rows.length < planCodes.length) notFound('plans');
    return { type: 'plan', ids: rows.map((row) => row.id) };
  }
  if (metricCodes.length === 0) return null;
  const rows = await tx
    .select({ id: billableMetrics.id })
    .from(billableMetrics)
    .where(
      and(
        eq(billableMetrics.organizationId, organizationId),
        inArray(billableMetrics.code, metricCodes),
        isNull(billableMetrics.deletedAt),
      ),
    );
  if (rows.length < metricCodes.length) notFound('billable_metrics');
  return { type: 'billable_metric', ids: rows.map((row) => row.id) };
}

/** Replaces what a coupon is limited to. */
export async function writeTargets(
  { tx, organizationId }: CommandContext,
  couponId: string,
  targets: Targets,
): Promise<void> {
  await tx
    .delete(couponTargets)
    .where(and(eq(couponTargets.organizationId, organizationId), eq(couponTargets.couponId, couponId)));
  if (!targets) return;
  await tx
    .insert(couponTargets)
    .values(
      targets.ids.map((targetId) => ({ organizationId, couponId, targetType: targets.type, targetId })),
    );
}
