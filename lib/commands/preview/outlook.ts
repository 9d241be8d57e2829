import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { appliedCoupons, coupons, dueItems, plans, planVersions, subscriptions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { firstPaidDay, lastFreeDay } from '@/lib/billing/periods/trial';
import { localDate } from '@/lib/billing/periods/zone';
import { newKnown } from '@/lib/invoicing/context';
import { loadCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import type { CommandContext } from '../core/command';
import { planOf } from '../subscriptions/read';
import { forecastBills } from './forecast';
import type { Outlook } from './types';

const BILLS_AHEAD = 3;

/** The subscription a customer's page is about: the running one, else the next to start. */
export async function mainSubscription(
  ctx: CommandContext,
  customerId: string,
): Promise<SubscriptionRow | null> {
  const rows = await ctx.tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.customerId, customerId),
        inArray(subscriptions.status, ['active', 'pending']),
      ),
    )
    .orderBy(subscriptions.createdAt);
  return rows.find((row) => row.status === 'active') ?? rows[0] ?? null;
}

/** A customer's situation now, with the next three bills as the engine forecasts them. Throws not_found. */
export async function outlook(outer: CommandContext, customerId: string): Promise<Outlook> {
  const ctx: CommandContext = { ...outer, known: newKnown() };
  const { customer, entity, timezone } = await loadCustomer(ctx, customerId);
  const subscription = await mainSubscription(ctx, customerId);
  const plan = subscription ? await planOf(ctx, subscription) : null;
  const currency = customer.currency ?? plan?.currency ?? entity.defaultCurrency;
  const trial = subscription ? trialOf(subscription, timezone, ctx.now) : null;
  const [pending, standing, discounts] = await Promise.all([
    subscription ? pendingPlan(ctx, subscription, timezone) : null,
    standingOf(ctx, customerId, currency),
    discountsOf(ctx, customerId),
  ]);
  return {
    currency,
    timezone,
    plan: plan && {
      code: plan.code,
      name: plan.name,
      amountMinor: plan.amountMinor.toString(),
      interval: plan.interval,
    },
    trial,
    pendingPlan: pending,
    ...standing,
    discounts,
    nextBills: await forecastBills(ctx, customerId, timezone, BILLS_AHEAD, trial?.firstPaidDay),
  };
}

function trialOf(subscription: SubscriptionRow, timezone: string, now: number): Outlook['trial'] {
  const end = subscription.trialEndsAt?.getTime();
  if (end === undefined || end <= now || subscription.status !== 'active') return null;
  return { lastFreeDay: lastFreeDay(end, timezone), firstPaidDay: firstPaidDay(end, timezone) };
}

async function pendingPlan(
  ctx: CommandContext,
  current: SubscriptionRow,
  timezone: string,
): Promise<Outlook['pendingPlan']> {
  const [row] = await ctx.tx
    .select({ code: plans.code, name: plans.name, version: planVersions.version })
    .from(subscriptions)
    .innerJoin(plans, and(eq(plans.organizationId, ctx.organizationId), eq(plans.id, subscriptions.planId)))
    .innerJoin(
      planVersions,
      and(
        eq(planVersions.organizationId, ctx.organizationId),
        eq(planVersions.id, subscriptions.planVersionId),
      ),
    )
    .where(
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.previousSubscriptionId, current.id),
        eq(subscriptions.status, 'pending'),
      ),
    );
  if (!row) return null;
  const from = await nextBillingAt(ctx, current);
  return { code: row.code, name: row.name, from: localDate(from ?? ctx.now, timezone) };
}

/** When the running period ends: a change that waits for the next bill happens then. */
async function nextBillingAt(ctx: CommandContext, { id }: SubscriptionRow): Promise<number | null> {
  const [row] = await ctx.tx
    .select({ dueAt: dueItems.dueAt })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, ctx.organizationId),
        eq(dueItems.subjectId, id),
        eq(dueItems.kind, 'subscription.bill'),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    )
    .orderBy(asc(dueItems.dueAt))
    .limit(1);
  return row?.dueAt.getTime() ?? null;
}

type Standing = Required<Pick<Outlook, 'creditsMinor' | 'noteCreditMinor' | 'owesMinor'>>;

/** What a customer has in credits and credit notes, and owes. */
async function standingOf(ctx: CommandContext, customerId: string, currency: string): Promise<Standing> {
  const { tx, organizationId } = ctx;
  const [row] = await tx.execute<Standing & Record<string, unknown>>(sql`
    select
      (select coalesce(sum(w.balance_minor), 0)::text from wallets w
       where w.organization_id = ${organizationId} and w.customer_id = ${customerId}
         and w.currency = ${currency} and w.status = 'active') as "creditsMinor",
      (select coalesce(sum(n.balance_amount_minor), 0)::text from credit_notes n
       where n.organization_id = ${organizationId} and n.customer_id = ${customerId}
         and n.currency = ${currency} and n.status in ('draft', 'finalized') and n.credit_status = 'available')
        as "noteCreditMinor",
      (select coalesce(sum(i.total_amount_minor - i.total_paid_amount_minor
                           - i.total_offsetted_credit_note_amount_minor), 0)::text from invoices i
       where i.organization_id = ${organizationId} and i.customer_id = ${customerId}
         and i.currency = ${currency} and i.status = 'finalized'
         and i.payment_status in ('pending', 'failed') and i.total_amount_minor > 0) as "owesMinor"`);
  return row ?? { creditsMinor: '0', noteCreditMinor: '0', owesMinor: '0' };
}

async function discountsOf(ctx: CommandContext, customerId: string): Promise<Outlook['discounts']> {
  const rows = await ctx.tx
    .select({ applied: appliedCoupons, coupon: coupons })
    .from(appliedCoupons)
    .innerJoin(
      coupons,
      and(eq(coupons.organizationId, ctx.organizationId), eq(coupons.id, appliedCoupons.couponId)),
    )
    .where(
      and(
        eq(appliedCoupons.organizationId, ctx.organizationId),
        eq(appliedCoupons.customerId, customerId),
        eq(appliedCoupons.status, 'active'),
      ),
    )
    .orderBy(appliedCoupons.createdAt);
  return rows.map(({ applied, coupon }) => ({
    title: applied.percentageRate
      ? `${Exact.of(applied.percentageRate).toDecimalString(4)}% off`
      : coupon.name,
    billsLeft: applied.frequency === 'forever' ? null : (applied.frequencyDurationRemaining ?? 1),
  }));
}
