import { and, asc, eq, notInArray, sql } from 'drizzle-orm';
import { among } from '@/db/among';
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
        among(credits.appliedCouponId, appliedCouponIds),
        notInArray(invoices.status, [...NOT_LIVE]),
      ),
    )
    .groupBy(credits.appliedCouponId);
  return new Map(rows.map((row) => [row.id ?? '', BigInt(row.used)]));
}

/** A bill that a customer's coupons, notes and credits may lower. */
export interface BillToLower {
  customerId: string;
  currency: string;
}

/**
 * The coupons that may discount customers' next bills, bill by bill, in the order they apply: limited to metrics, limited
 * to plans, unlimited; within each by age (semantics 8.2). Fixed amounts in another currency are left out. An expired
 * coupon goes on discounting where it was applied (8.1).
 */
export async function loadCouponFacts(
  ctx: BillingContext,
  bills: BillToLower[],
): Promise<AppliedCouponFacts[][]> {
  if (bills.length === 0) return [];
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
        among(appliedCoupons.customerId, [...new Set(bills.map(({ customerId }) => customerId))]),
        eq(appliedCoupons.status, 'active'),
      ),
    )
    .orderBy(asc(appliedCoupons.createdAt), asc(appliedCoupons.id));
  const targets = await loadTargets(
    ctx,
    rows.flatMap(({ coupon }) => (coupon.limitedPlans || coupon.limitedBillableMetrics ? [coupon.id] : [])),
  );
  const used = await couponUse(
    ctx,
    rows.map(({ applied }) => applied.id),
  );
  const rank = ({ coupon }: { coupon: CouponRow }) =>
    coupon.limitedBillableMetrics ? 0 : coupon.limitedPlans ? 1 : 2;
  const inOrder = rows.toSorted((a, b) => rank(a) - rank(b));
  return bills.map(({ customerId, currency }) =>
    inOrder
      .filter(
        ({ applied, coupon }) =>
          applied.customerId === customerId &&
          (coupon.couponType === 'percentage' || applied.currency === currency),
      )
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
      })),
  );
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
            and(eq(couponTargets.organizationId, organizationId), among(couponTargets.couponId, couponIds)),
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
    .where(and(eq(appliedCoupons.organizationId, organizationId), among(appliedCoupons.id, ids)))
    .orderBy(asc(appliedCoupons.id))
    .for('update', { of: appliedCoupons });
  return new Map(rows.map((row) => [row.applied.id, row]));
}

/** What the engine let the coupons take off one invoice. */
export interface CouponUse {
  invoiceId: string;
  currency: string;
  given: CouponCreditResult[];
}

/**
 * Writes the coupons' credits on invoices of different customers and uses them up (semantics 8.3): a percentage once, a
 * fixed amount when nothing is left of it, a recurring one per invoice. Each applied coupon is locked; when another bill
 * used it up in the meantime this throws conflict `coupon_moved`, so a coupon is never spent twice. Answers the invoices
 * that used a coupon up.
 */
export async function recordCouponCredits(ctx: BillingContext, uses: CouponUse[]): Promise<Set<string>> {
  const wanted = uses.flatMap(({ given, ...invoice }) =>
    given.filter((credit) => credit.amountMinor > 0n).map((credit) => ({ ...invoice, ...credit })),
  );
  if (wanted.length === 0) return new Set();
  const ids = wanted.map((credit) => credit.appliedCouponId);
  const locked = await lockApplied(ctx, ids);
  const used = await couponUse(ctx, ids);
  const { tx, organizationId, now } = ctx;
  const moved: Pick<AppliedCouponRow, 'id' | 'status' | 'frequencyDurationRemaining'>[] = [];
  const ending = new Set<string>();
  for (const { appliedCouponId, amountMinor, invoiceId } of wanted) {
    const found = locked.get(appliedCouponId);
    const before = used.get(appliedCouponId) ?? 0n;
    if (!found || !mayStillGive(found.applied, found.coupon, before, amountMinor)) {
      return conflict('coupon_moved', 'A discount on this bill was used up meanwhile. Try again.');
    }
    const after = consumed(found.applied, found.coupon, before + amountMinor);
    moved.push({ id: appliedCouponId, ...after });
    if (after.status === 'terminated') ending.add(invoiceId);
  }
  await tx.execute(sql`
    update applied_coupons a set status = q.status, frequency_duration_remaining = q.remaining,
      terminated_at = case when q.status = 'terminated' then ${new Date(now).toISOString()}::timestamptz
                           else a.terminated_at end
    from jsonb_to_recordset(${JSON.stringify(
      moved.map(({ id, status, frequencyDurationRemaining: remaining }) => ({ id, status, remaining })),
    )}::jsonb) as q(id uuid, status text, remaining int)
    where a.organization_id = ${organizationId} and a.id = q.id`);
  await tx.insert(credits).values(
    wanted.map(({ invoiceId, currency, appliedCouponId, amountMinor }) => ({
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
  return ending;
}

function mayStillGive(applied: AppliedCouponRow, coupon: CouponRow, used: bigint, amount: bigint): boolean {
  if (applied.status !== 'active') return false;
  if (coupon.couponType !== 'fixed_amount') return true;
  const limit = applied.amountMinor ?? 0n;
  return applied.frequency === 'once' ? used + amount <= limit : amount <= limit;
}

/** The state of an applied coupon after one more invoice; `usedMinor` includes it. */
function consumed(
  { frequency, amountMinor, frequencyDurationRemaining }: AppliedCouponRow,
  { couponType }: CouponRow,
  usedMinor: bigint,
): Pick<AppliedCouponRow, 'status' | 'frequencyDurationRemaining'> {
  if (frequency === 'recurring') {
    const left = Math.max((frequencyDurationRemaining ?? 1) - 1, 0);
    return { status: left === 0 ? 'terminated' : 'active', frequencyDurationRemaining: left };
  }
  const spent = frequency === 'once' && (couponType === 'percentage' || usedMinor >= (amountMinor ?? 0n));
  return { status: spent ? 'terminated' : 'active', frequencyDurationRemaining };
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
