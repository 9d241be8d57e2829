import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { appliedCoupons, coupons } from '@/db/schema';
import { cancelDue } from '@/lib/schedule/due';
import { invalid } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { scheduleExpiry } from './create.ts';
import { type CouponRow, findCoupon } from './find.ts';
import {
  type CouponInput,
  checkedExpiration,
  checkedTerms,
  couponInput,
  findTargets,
  writeTargets,
} from './input.ts';

const input = z.object({ code: text(), changes: couponInput.partial() });
type Changes = Partial<CouponInput>;

/**
 * Changes a coupon. Once somebody has it, what it gives and to what is settled: then only its words and its end move, as
 * on Lago.
 */
export const updateCoupon = defineCommand<z.infer<typeof input>, CouponRow>({
  name: 'coupons/update',
  input,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const { tx, organizationId, now } = ctx;
    const before = await findCoupon(tx, organizationId, code);
    const settled = await everApplied(ctx, before.id);
    const terms = settled ? {} : await newTerms(ctx, before, changes);
    const [after = before] = await tx
      .update(coupons)
      .set({
        name: changes.name ?? before.name,
        description: changes.description === undefined ? before.description : changes.description,
        ...terms,
        ...newExpiration(before, changes, now),
      })
      .where(and(eq(coupons.organizationId, organizationId), eq(coupons.id, before.id)))
      .returning();
    if (after.expirationAt) await scheduleExpiry(ctx, after);
    else await cancelDue(tx, organizationId, now, 'coupon.expire', before.id);
    return {
      result: after,
      title: `Change the coupon "${before.name}"`,
      subject: { type: 'coupon', id: before.id },
      before,
      after,
    };
  },
});

function newExpiration(before: CouponRow, changes: Changes, now: number): Partial<CouponRow> {
  if (changes.expiration === undefined && changes.expiration_at === undefined) return {};
  return checkedExpiration(
    changes.expiration ?? before.expiration,
    changes.expiration_at === undefined ? before.expirationAt?.getTime() : changes.expiration_at,
    now,
  );
}

async function newTerms(
  ctx: CommandContext,
  before: CouponRow,
  changes: Changes,
): Promise<Partial<CouponRow>> {
  const pick = <T>(given: T | undefined, present: T): T => (given === undefined ? present : given);
  const terms = checkedTerms({
    couponType: pick(changes.coupon_type, before.couponType),
    amountMinor: pick(changes.amount_cents, before.amountMinor) ?? null,
    currency: pick(changes.amount_currency, before.currency) ?? null,
    percentageRate: pick(changes.percentage_rate, before.percentageRate) ?? null,
    frequency: pick(changes.frequency, before.frequency),
    frequencyDuration: pick(changes.frequency_duration, before.frequencyDuration) ?? null,
  });
  const code = changes.code ?? before.code;
  if (code !== before.code) await assertCodeFree(ctx, code);
  const common = { ...terms, code, reusable: changes.reusable ?? before.reusable };
  if (changes.applies_to === undefined) return common;
  const targets = await findTargets(ctx, changes.applies_to);
  await writeTargets(ctx, before.id, targets);
  return {
    ...common,
    limitedPlans: targets?.type === 'plan',
    limitedBillableMetrics: targets?.type === 'billable_metric',
  };
}

async function assertCodeFree({ tx, organizationId }: CommandContext, code: string): Promise<void> {
  const rows = await tx
    .select({ id: coupons.id })
    .from(coupons)
    .where(
      and(eq(coupons.organizationId, organizationId), eq(coupons.code, code), isNull(coupons.deletedAt)),
    );
  if (rows.length > 0) invalid({ code: ['value_already_exist'] });
}

async function everApplied({ tx, organizationId }: CommandContext, couponId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: appliedCoupons.id })
    .from(appliedCoupons)
    .where(and(eq(appliedCoupons.organizationId, organizationId), eq(appliedCoupons.couponId, couponId)))
    .limit(1);
  return rows.length > 0;
}
