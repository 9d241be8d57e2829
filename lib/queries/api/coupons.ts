import { and, asc, desc, eq, inArray, isNull, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  appliedCoupons,
  billableMetrics,
  coupons,
  couponTargets,
  credits,
  customers,
  invoices,
  plans,
} from '@/db/schema';
import { type CreditObject, loadCouponCredits } from './credits.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type CouponRow = typeof coupons.$inferSelect;
type AppliedRow = typeof appliedCoupons.$inferSelect;

/** A coupon of the catalogue with the codes it is limited to. */
export interface CouponObject {
  coupon: CouponRow;
  targets: { planCodes: string[]; billableMetricCodes: string[] };
}

/** Objects of any number of coupons, in the order given. */
export async function loadCouponObjects(
  tx: Tx,
  organizationId: string,
  rows: CouponRow[],
): Promise<CouponObject[]> {
  const ids = rows.map(({ id }) => id);
  const targets =
    ids.length === 0
      ? []
      : await tx
          .select({ couponId: couponTargets.couponId, plan: plans.code, metric: billableMetrics.code })
          .from(couponTargets)
          .leftJoin(
            plans,
            and(
              eq(couponTargets.targetType, 'plan'),
              eq(plans.organizationId, organizationId),
              eq(plans.id, couponTargets.targetId),
            ),
          )
          .leftJoin(
            billableMetrics,
            and(
              eq(couponTargets.targetType, 'billable_metric'),
              eq(billableMetrics.organizationId, organizationId),
              eq(billableMetrics.id, couponTargets.targetId),
            ),
          )
          .where(and(eq(couponTargets.organizationId, organizationId), inArray(couponTargets.couponId, ids)))
          .orderBy(asc(plans.code), asc(billableMetrics.code));
  return rows.map((coupon) => {
    const own = targets.filter(({ couponId }) => couponId === coupon.id);
    return {
      coupon,
      targets: {
        planCodes: own.flatMap(({ plan }) => plan ?? []),
        billableMetricCodes: own.flatMap(({ metric }) => metric ?? []),
      },
    };
  });
}

/** Null when there is none; deleted ones are found by id. */
export async function readCoupon(tx: Tx, organizationId: string, id: string): Promise<CouponObject | null> {
  const rows = await tx
    .select()
    .from(coupons)
    .where(and(eq(coupons.organizationId, organizationId), eq(coupons.id, id)));
  return (await loadCouponObjects(tx, organizationId, rows))[0] ?? null;
}

/** The catalogue, newest first; coupons made behind a customer's own discount stay out of it. */
export async function listCoupons(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<CouponObject>> {
  const where = and(
    eq(coupons.organizationId, organizationId),
    isNull(coupons.deletedAt),
    eq(coupons.adHoc, false),
  );
  const rows = await tx
    .select()
    .from(coupons)
    .where(where)
    .orderBy(desc(coupons.createdAt), desc(coupons.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return {
    totalCount: await tx.$count(coupons, where),
    rows: await loadCouponObjects(tx, organizationId, rows),
  };
}

/** A coupon on a customer with what it was used for. */
export interface AppliedCouponObject {
  applied: AppliedRow;
  coupon: CouponRow;
  externalCustomerId: string;
  /** On live invoices, minor units. */
  usedMinor: bigint;
  credits: CreditObject[];
}

async function loadAppliedObjects(
  tx: Tx,
  organizationId: string,
  rows: AppliedRow[],
): Promise<AppliedCouponObject[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const couponRows = await tx
    .select()
    .from(coupons)
    .where(
      and(
        eq(coupons.organizationId, organizationId),
        inArray(
          coupons.id,
          rows.map(({ couponId }) => couponId),
        ),
      ),
    );
  const customerRows = await tx
    .select({ id: customers.id, externalId: customers.externalId })
    .from(customers)
    .where(
      and(
        eq(customers.organizationId, organizationId),
        inArray(
          customers.id,
          rows.map(({ customerId }) => customerId),
        ),
      ),
    );
  const used = await tx
    .select({ id: credits.appliedCouponId, amount: sql<string>`sum(${credits.amountMinor})` })
    .from(credits)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, credits.invoiceId)))
    .where(
      and(
        eq(credits.organizationId, organizationId),
        inArray(credits.appliedCouponId, ids),
        notInArray(invoices.status, ['voided', 'closed', 'deleted']),
      ),
    )
    .groupBy(credits.appliedCouponId);
  const creditObjects = await loadCouponCredits(tx, organizationId, ids);
  return rows.flatMap((applied) => {
    const coupon = couponRows.find(({ id }) => id === applied.couponId);
    const customer = customerRows.find(({ id }) => id === applied.customerId);
    if (!coupon || !customer) return [];
    return [
      {
        applied,
        coupon,
        externalCustomerId: customer.externalId,
        usedMinor: BigInt(used.find(({ id }) => id === applied.id)?.amount ?? '0'),
        credits: creditObjects.filter(({ credit }) => credit.appliedCouponId === applied.id),
      },
    ];
  });
}

/** Null when there is none. */
export async function readAppliedCoupon(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<AppliedCouponObject | null> {
  const rows = await tx
    .select()
    .from(appliedCoupons)
    .where(and(eq(appliedCoupons.organizationId, organizationId), eq(appliedCoupons.id, id)));
  return (await loadAppliedObjects(tx, organizationId, rows))[0] ?? null;
}

export interface AppliedCouponFilters {
  status?: AppliedRow['status'];
  externalCustomerId?: string;
  couponCodes?: string[];
}

/** Coupons on customers, newest first. */
export async function listAppliedCoupons(
  tx: Tx,
  organizationId: string,
  filters: AppliedCouponFilters,
  window: PageWindow,
): Promise<Listed<AppliedCouponObject>> {
  const { status, externalCustomerId, couponCodes } = filters;
  const where: SQL | undefined = and(
    eq(appliedCoupons.organizationId, organizationId),
    status === undefined ? undefined : eq(appliedCoupons.status, status),
    externalCustomerId === undefined
      ? undefined
      : inArray(
          appliedCoupons.customerId,
          tx
            .select({ id: customers.id })
            .from(customers)
            .where(
              and(
                eq(customers.organizationId, organizationId),
                eq(customers.externalId, externalCustomerId),
                isNull(customers.deletedAt),
              ),
            ),
        ),
    couponCodes === undefined
      ? undefined
      : inArray(
          appliedCoupons.couponId,
          tx
            .select({ id: coupons.id })
            .from(coupons)
            .where(and(eq(coupons.organizationId, organizationId), inArray(coupons.code, couponCodes))),
        ),
  );
  const rows = await tx
    .select()
    .from(appliedCoupons)
    .where(where)
    .orderBy(desc(appliedCoupons.createdAt), desc(appliedCoupons.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return {
    totalCount: await tx.$count(appliedCoupons, where),
    rows: await loadAppliedObjects(tx, organizationId, rows),
  };
}
