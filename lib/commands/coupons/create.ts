import { newId } from '@/db/ids';
import { coupons } from '@/db/schema';
import { reschedule } from '@/lib/schedule/due';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { orTaken } from '../core/taken.ts';
import type { CouponRow } from './find.ts';
import {
  type CouponInput,
  checkedExpiration,
  checkedTerms,
  couponInput,
  findTargets,
  writeTargets,
} from './input.ts';

/** Adds a coupon to the catalogue (semantics 8.1). */
export const createCoupon = defineCommand<CouponInput, CouponRow>({
  name: 'coupons/create',
  input: couponInput,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const { tx, organizationId, now } = ctx;
    const targets = await findTargets(ctx, input.applies_to);
    const coupon = orTaken(
      await tx
        .insert(coupons)
        .values({
          organizationId,
          id: newId(),
          code: input.code,
          name: input.name,
          description: input.description ?? null,
          ...checkedTerms({
            couponType: input.coupon_type,
            amountMinor: input.amount_cents ?? null,
            currency: input.amount_currency ?? null,
            percentageRate: input.percentage_rate ?? null,
            frequency: input.frequency,
            frequencyDuration: input.frequency_duration ?? null,
          }),
          ...checkedExpiration(input.expiration, input.expiration_at, now),
          reusable: input.reusable ?? true,
          limitedPlans: targets?.type === 'plan',
          limitedBillableMetrics: targets?.type === 'billable_metric',
          createdAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    await writeTargets(ctx, coupon.id, targets);
    await scheduleExpiry(ctx, coupon);
    return {
      result: coupon,
      title: `Add the coupon "${coupon.name}"`,
      subject: { type: 'coupon', id: coupon.id },
      after: coupon,
    };
  },
});

/** The end of a coupon falls due once; a moved end takes the place of the one before. */
export async function scheduleExpiry(
  { tx, organizationId, now }: CommandContext,
  coupon: CouponRow,
): Promise<void> {
  if (!coupon.expirationAt) return;
  await reschedule(tx, organizationId, now, {
    kind: 'coupon.expire',
    key: coupon.expirationAt.toISOString(),
    dueAt: coupon.expirationAt.getTime(),
    customerId: null,
    subjectId: coupon.id,
  });
}
