import { and, asc, eq, inArray, notInArray, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { appliedCoupons, coupons, couponTargets, credits, invoices } from '@/db/schema';
import type { AppliedCouponFacts } from '@/lib/billing/invoice/facts';
import type { CouponCreditResult } from '@/lib/billing/invoice/result';
import { conflict } from '@/lib/schedule/errors';
import type { BillingContext } from './context';

export type CouponRow = typeof coupons.$inferSelect;
export type AppliedCouponRow = typeof appliedCoupons.$inferSelect;

/** Invoices whose credits no longer count (semantics 8.3). */
export const NOT_LIVE = ['voided', 'closed', 'deleted'] as const;

/** What each applied coupon has taken off live invoices so far, in minor units. */
export async function couponUse(
  { tx, organizationId }: BillingContext,
  appliedCouponIds: string[],
): Promise<Map<string, bigint>> {
  if (appliedCouponIds.length === 0) return new Map();
  const rows = await tx
    .select({ id: credits.appliedCouponId, used: sql<string>`sum(${credits.amountMinor})` })
    .from(credits)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, credits.invoiceId)))
    .where(
      and(
        eq(credits.organizationId, organizationId),
        inArray(credits.appliedCouponId, appliedCouponIds),
        notInArray(invoices.status, [...NOT_LIVE]),
      ),
    )
    .groupBy(credits.appliedCouponId);
  return new Map(rows.map((row) => [row.id ?? '', BigInt(row.used)]));
}

/**
 * The coupons that may discount a customer's next bill, in the order they apply: limited to metrics, limited to plans,
 * unlimited; within each by age (semantics 8.2). Fixed amounts in another currency are left out. An expired coupon goes
 * on discounting where it was applied (8.1).
 */
export async function loadCouponFacts(
  ctx: BillingContext,
  customerId: string,
  currency: string,
): Promise<AppliedCouponFacts[]> {
  const { tx, organizationId } = ctx;
  const rows = await tx
    .select({ applied: appliedCoupons, coupon: coupons })
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
      ),
    )
    .orderBy(asc(appliedCoupons.createdAt), asc(appliedCoupons.id));
  const usable = rows.filter(
    ({ applied, coupon }) => coupon.couponType === 'percentage' || applied.currency === currency,
  );
  if (usable.length === 0) return [];
  const targets = await loadTargets(
    ctx,
    usable.map(({ coupon }) => coupon.id),
  );
  const used = await couponUse(
    ctx,
    usable.map(({ applied }) => applied.id),
  );
  const rank = ({ coupon }: { coupon: CouponRow }) =>
    coupon.limitedBillableMetrics ? 0 : coupon.limitedPlans ? 1 : 2;
  return usable
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ applied, coupon }) => ({
      id: applied.id,
      code: coupon.code,
      name: coupon.name,
      type: coupon.couponType,
      amountMinor: applied.amountMinor,
      currency: applied.currency,
      percentageRate: applied.percentageRate,
      frequency: applied.frequency,
      frequencyDurationRemaining: applied.frequencyDurationRemaining,
      usedMinor: used.get(applied.id) ?? 0n,
      planIds: targets(coupon.id, 'plan'),
      metricIds: targets(coupon.id, 'billable_metric'),
      createdAt: applied.createdAt.getTime(),
    }));
}

type TargetType = (typeof couponTargets.$inferSelect)['targetType'];

/** The plans or metrics each coupon is limited to, from one query. */
export async function loadTargets(
  { tx, organizationId }: BillingContext,
  couponIds: string[],
): Promise<(couponId: string, type: TargetType) => string[]> {
  const rows =
    couponIds.length === 0
      ? []
      : await tx
          .select()
          .from(couponTargets)
          .where(
            and(eq(couponTargets.organizationId, organizationId), inArray(couponTargets.couponId, couponIds)),
          )
          .orderBy(asc(couponTargets.targetId));
  return (couponId, type) =>
    rows.filter((row) => row.couponId === couponId && row.targetType === type).map((row) => row.targetId);
}

async function lockApplied(
  { tx, organizationId }: BillingContext,
  ids: string[],
): Promise<Map<string, { applied: AppliedCouponRow; coupon: CouponRow }>> {
  const rows = await tx
    .select({ applied: appliedCoupons, coupon: coupons })
    .from(appliedCoupons)
    .innerJoin(
      coupons,
      and(eq(coupons.organizationId, organizationId), eq(coupons.id, appliedCoupons.couponId)),
    )
    .where(and(eq(appliedCoupons.organizationId, organizationId), inArray(appliedCoupons.id, ids)))
    .orderBy(asc(appliedCoupons.id))
    .for('update', { of: appliedCoupons });
  return new Map(rows.map((row) => [row.applied.id, row]));
}

/**
 * Writes the coupons' credits on an invoice and uses them up (semantics 8.3): a percentage once, a fixed amount when
 * nothing is left of it, a recurring one per invoice. Each applied coupon is locked; when another bill used it up in the
 * meantime this throws conflict `coupon_moved`, so a coupon is never spent twice.
 */
export async function recordCouponCredits(
  ctx: BillingContext,
  invoiceId: string,
  _customerId: string,
  currency: string,
  given: CouponCreditResult[],
): Promise<void> {
  const wanted = given.filter((credit) => credit.amountMinor > 0n);
  if (wanted.length === 0) return;
  const ids = wanted.map((credit) => credit.appliedCouponId);
  const locked = await lockApplied(ctx, ids);
  const used = await couponUse(ctx, ids);
  const { tx, organizationId, now } = ctx;
  for (const { appliedCouponId, amountMinor } of wanted) {
    const found = locked.get(appliedCouponId);
    const before = used.get(appliedCouponId) ?? 0n;
    if (!found || !mayStillGive(found.applied, found.coupon, before, amountMinor)) {
      conflict('coupon_moved', 'A discount on this bill was used up meanwhile. Try again.');
    }
    await tx
      .update(appliedCoupons)
      .set(consumed(found.applied, found.coupon, before + amountMinor, now))
      .where(and(eq(appliedCoupons.organizationId, organizationId), eq(appliedCoupons.id, appliedCouponId)));
  }
  await tx.insert(credits).values(
    wanted.map(({ appliedCouponId, amountMinor }) => ({
      organizationId,
      id: newId(),
      invoiceId,
      kind: 'coupon' as const,
      appliedCouponId,
      amountMinor,
      currency,
      beforeTaxes: true,
      createdAt: new Date(now),
    })),
  );
}

function mayStillGive(applied: AppliedCouponRow, coupon: CouponRow, used: bigint, amount: bigint): boolean {
  if (applied.status !== 'active') return false;
  if (coupon.couponType !== 'fixed_amount') return true;
  const limit = applied.amountMinor ?? 0n;
  return applied.frequency === 'once' ? used + amount <= limit : amount <= limit;
}

/** The state of an applied coupon after one more invoice; `usedMinor` includes it. */
function consumed(
  applied: AppliedCouponRow,
  coupon: CouponRow,
  usedMinor: bigint,
  now: number,
): Partial<AppliedCouponRow> {
  const ended = { status: 'terminated' as const, terminatedAt: new Date(now) };
  switch (applied.frequency) {
    case 'forever':
      return { status: 'active' };
    case 'once':
      return coupon.couponType === 'percentage' || usedMinor >= (applied.amountMinor ?? 0n)
        ? ended
        : { status: 'active' };
    case 'recurring': {
      const left = (applied.frequencyDurationRemaining ?? 1) - 1;
      return { frequencyDurationRemaining: Math.max(left, 0), ...(left <= 0 ? ended : {}) };
    }
  }
}

/** Whether an applied coupon ended because it was used up, and not because somebody removed it. */
export function usedUp(applied: AppliedCouponRow, coupon: CouponRow, usedMinor: bigint): boolean {
  if (applied.frequency === 'recurring') return applied.frequencyDurationRemaining === 0;
  if (applied.frequency === 'forever') return false;
  return coupon.couponType === 'percentage' ? usedMinor > 0n : usedMinor >= (applied.amountMinor ?? 0n);
}

/**
 * A voided invoice gives its coupons back: one recurrence, and a used-up coupon is active again if the coupon itself
 * still is (semantics 8.3). Call it once, while the invoice still counts as live. Its credit lines stay, for the record.
 */
export async function releaseCoupons(ctx: BillingContext, invoiceId: string): Promise<void> {
  const { tx, organizationId } = ctx;
  const rows = await tx
    .select({ id: credits.appliedCouponId })
    .from(credits)
    .where(
      and(
        eq(credits.organizationId, organizationId),
        eq(credits.invoiceId, invoiceId),
        eq(credits.kind, 'coupon'),
      ),
    );
  const ids = rows.flatMap((row) => row.id ?? []);
  if (ids.length === 0) return;
  const used = await couponUse(ctx, ids);
  for (const { applied, coupon } of (await lockApplied(ctx, ids)).values()) {
    const wasUsedUp = applied.status === 'terminated' && usedUp(applied, coupon, used.get(applied.id) ?? 0n);
    const revives = wasUsedUp && coupon.status === 'active' && coupon.deletedAt === null;
    await tx
      .update(appliedCoupons)
      .set({
        ...(revives ? { status: 'active' as const, terminatedAt: null } : { status: applied.status }),
        ...(applied.frequency === 'recurring'
          ? {
              frequencyDurationRemaining: Math.min(
                (applied.frequencyDurationRemaining ?? 0) + 1,
                applied.frequencyDuration ?? 1,
              ),
            }
          : {}),
      })
      .where(and(eq(appliedCoupons.organizationId, organizationId), eq(appliedCoupons.id, applied.id)));
  }
}
