import { and, eq, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import {
  appliedCoupons,
  coupons,
  couponTargets,
  customerRevenue,
  revenueMovements,
  subscriptions,
} from '@/db/schema';
import type { FixedChargeFacts, PlanFacts } from '@/lib/billing/invoice/facts';
import { Exact } from '@/lib/billing/money/exact';
import { majorToMinorRounded } from '@/lib/billing/money/money';
import { localDate } from '@/lib/billing/periods/zone';
import { movementsBetween } from '@/lib/billing/revenue/movements';
import { type RevenueDiscount, type RevenueSubscription, revenueOf } from '@/lib/billing/revenue/mrr';
import { type BillingContext, isForecast } from './context';
import { loadCustomer } from './customers';
import type { SubscriptionRow } from './load-bill';
import { loadPlans, planKey } from './load-plan';

export interface RevenueCause {
  cause: 'started' | 'ended' | 'plan_changed' | 'trial_ended' | 'price_changed' | 'discount' | 'undone';
  sourceId: string;
}

/**
 * Writes what an act moved in a customer's monthly recurring revenue: the difference between the movement ledger's end
 * and what the customer's agreements come to now. Nothing is written when nothing moved.
 */
export async function recordRevenue(
  ctx: BillingContext,
  customerId: string,
  cause: RevenueCause,
): Promise<void> {
  if (isForecast(ctx)) return;
  const { tx, organizationId, now } = ctx;
  const { entity } = await loadCustomer(ctx, customerId);
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.customerId, customerId),
        eq(subscriptions.status, 'active'),
      ),
    )
    .orderBy(subscriptions.createdAt, subscriptions.id);
  const plans = await loadPlans(
    ctx,
    rows.map((row) => ({ planVersionId: row.planVersionId, subscriptionId: row.id })),
  );
  const discounts = await lastingDiscounts(ctx, customerId);
  const levels = await tx
    .select()
    .from(customerRevenue)
    .where(
      and(eq(customerRevenue.organizationId, organizationId), eq(customerRevenue.customerId, customerId)),
    )
    .for('update');
  const planOf = (row: SubscriptionRow) =>
    plans.get(planKey({ planVersionId: row.planVersionId, subscriptionId: row.id }));
  const currencies = new Set([
    ...levels.map((level) => level.currency),
    ...rows.flatMap((row) => planOf(row)?.currency ?? []),
  ]);
  const day = localDate(now, entity.timezone);
  for (const currency of currencies) {
    const paying = rows.flatMap((row) => {
      const plan = planOf(row);
      return plan && plan.currency === currency ? [asRevenue(row, plan)] : [];
    });
    const parts = revenueOf(paying, discounts.filter(inCurrency(currency)), now);
    await writeLevel(ctx, customerId, currency, day, parts, levels, cause);
  }
}

type Level = typeof customerRevenue.$inferSelect;

async function writeLevel(
  { tx, organizationId, now }: BillingContext,
  customerId: string,
  currency: string,
  day: string,
  parts: ReturnType<typeof revenueOf>,
  levels: Level[],
  cause: RevenueCause,
): Promise<void> {
  const known = levels.find((level) => level.currency === currency);
  const before = { listMinor: known?.listMrrMinor ?? 0n, netMinor: known?.mrrMinor ?? 0n };
  const after = {
    listMinor: parts.reduce((total, part) => total + part.listMinor, 0n),
    netMinor: parts.reduce((total, part) => total + part.netMinor, 0n),
  };
  const moves = movementsBetween(before, after, known?.everPositive === 'yes');
  if (moves.length === 0 && before.listMinor === after.listMinor) return;
  const at = new Date(now);
  let closing = before.netMinor;
  if (moves.length > 0) {
    await tx.insert(revenueMovements).values(
      moves.map(({ kind, amountMinor }) => {
        closing += amountMinor;
        return {
          organizationId,
          id: newId(),
          customerId,
          subscriptionId: parts[0]?.id ?? null,
          planId: parts[0]?.planId ?? null,
          day,
          kind,
          currency,
          amountMinor,
          closingMinor: closing,
          listClosingMinor: after.listMinor,
          reason: cause.cause,
          sourceId: cause.sourceId,
          occurredAt: at,
          createdAt: at,
        };
      }),
    );
  }
  const values = {
    mrrMinor: after.netMinor,
    listMrrMinor: after.listMinor,
    everPositive: (known?.everPositive === 'yes' || after.netMinor > 0n ? 'yes' : 'no') as 'yes' | 'no',
    parts: Object.fromEntries(
      parts.map((part) => [
        part.id,
        { list: part.listMinor.toString(), net: part.netMinor.toString(), planId: part.planId },
      ]),
    ),
    updatedAt: at,
  };
  await tx
    .insert(customerRevenue)
    .values({ organizationId, customerId, currency, ...values })
    .onConflictDoUpdate({
      target: [customerRevenue.organizationId, customerRevenue.customerId, customerRevenue.currency],
      set: values,
    });
}

function asRevenue(row: SubscriptionRow, plan: PlanFacts): RevenueSubscription {
  return {
    id: row.id,
    planId: plan.id,
    interval: plan.interval,
    amountMinor: plan.amountMinor,
    fixedAmountMinor: plan.fixedCharges.reduce(
      (total, charge) => total + fixedValue(charge, plan.currency),
      0n,
    ),
    commitmentMinor: plan.commitment?.amountMinor ?? 0n,
    trialEndsAt: row.trialEndsAt?.getTime() ?? null,
    paused: row.pausedAt !== null,
  };
}

/** One period of a fixed charge at its latest units; only one-price charges have a price per unit. */
function fixedValue(charge: FixedChargeFacts, currency: string): bigint {
  const price = charge.model === 'standard' ? charge.properties.amount : null;
  const units = charge.segments.at(-1)?.units ?? '0';
  if (typeof price !== 'string') return 0n;
  return majorToMinorRounded(Exact.of(units).mul(Exact.of(price)), currency);
}

interface CurrencyDiscount extends RevenueDiscount {
  currency: string | null;
}

const inCurrency = (currency: string) => (discount: CurrencyDiscount) =>
  discount.currency === null || discount.currency === currency;

async function lastingDiscounts(
  { tx, organizationId }: BillingContext,
  customerId: string,
): Promise<CurrencyDiscount[]> {
  const rows = await tx
    .select({
      applied: appliedCoupons,
      coupon: coupons,
      planIds: sql<string[]>`coalesce((
        select array_agg(t.target_id) from ${couponTargets} t
        where t.organization_id = ${organizationId} and t.coupon_id = ${coupons.id} and t.target_type = 'plan'
      ), '{}')`,
    })
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
        eq(coupons.limitedBillableMetrics, false),
      ),
    )
    .orderBy(appliedCoupons.createdAt, appliedCoupons.id);
  return rows.map(({ applied, coupon, planIds }) => ({
    type: coupon.couponType,
    amountMinor: applied.amountMinor,
    percentageRate: applied.percentageRate,
    bills: applied.frequency === 'forever' ? null : (applied.frequencyDuration ?? 1),
    currency: coupon.couponType === 'percentage' ? null : applied.currency,
    planIds,
  }));
}
