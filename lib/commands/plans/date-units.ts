import { and, eq, inArray } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { billingEntities, customers, fixedChargeEvents, priceOverrides, subscriptions } from '@/db/schema';
import { fixedChargeIncreaseFee } from '@/lib/billing/invoice/compute';
import { periodRule } from '@/lib/billing/periods/boundaries';
import { periodContaining } from '@/lib/billing/periods/interval';
import { fixedChargeUnits } from '@/lib/billing/pricing/fixed-charge';
import type { BillingContext } from '@/lib/invoicing/context';
import { loadCustomer } from '@/lib/invoicing/customers';
import { issueInvoice } from '@/lib/invoicing/issue';
import { loadBills, type SubscriptionRow, scheduleOf } from '@/lib/invoicing/load-bill';
import type { PlanGraph } from '@/lib/queries/api/plan-graph';
import type { UnitsChange } from './write-fixed-charges.ts';

export interface Subscriber {
  subscription: SubscriptionRow;
  timezone: string;
  /** Fixed charges whose units this subscription sets itself, or does not have: the plan's do not reach it. */
  own: Set<string>;
}

/** The running subscriptions on a plan version, or one of them. */
export async function loadSubscribers(
  { tx, organizationId }: BillingContext,
  planVersionId: string,
  subscriptionId?: string,
): Promise<Subscriber[]> {
  const rows = await tx
    .select({
      subscription: subscriptions,
      customerZone: customers.timezone,
      entityZone: billingEntities.timezone,
      patch: priceOverrides.patch,
    })
    .from(subscriptions)
    .innerJoin(
      customers,
      and(eq(customers.organizationId, organizationId), eq(customers.id, subscriptions.customerId)),
    )
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .leftJoin(
      priceOverrides,
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(priceOverrides.subscriptionId, subscriptions.id),
      ),
    )
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.planVersionId, planVersionId),
        eq(subscriptions.status, 'active'),
        subscriptionId === undefined ? undefined : eq(subscriptions.id, subscriptionId),
      ),
    );
  return rows.map(({ subscription, customerZone, entityZone, patch }) => ({
    subscription,
    timezone: customerZone ?? entityZone,
    own: new Set([
      ...(patch?.leftOut ?? []),
      ...Object.entries(patch?.fixedCharges ?? {}).flatMap(([id, { units }]) =>
        units === undefined ? [] : [id],
      ),
    ]),
  }));
}

type DatedRow = typeof fixedChargeEvents.$inferSelect;

/** The dated units there are already, by subscription and fixed charge. */
async function loadDated(
  { tx, organizationId }: BillingContext,
  subscribers: Subscriber[],
  changes: UnitsChange[],
): Promise<(subscriptionId: string, fixedChargeId: string) => DatedRow[]> {
  const rows = await tx
    .select()
    .from(fixedChargeEvents)
    .where(
      and(
        eq(fixedChargeEvents.organizationId, organizationId),
        inArray(
          fixedChargeEvents.subscriptionId,
          subscribers.map(({ subscription }) => subscription.id),
        ),
        inArray(
          fixedChargeEvents.fixedChargeId,
          changes.map(({ fixedChargeId }) => fixedChargeId),
        ),
      ),
    );
  const byPair = new Map<string, DatedRow[]>();
  for (const row of rows) {
    const key = `${row.subscriptionId}:${row.fixedChargeId}`;
    byPair.set(key, [...(byPair.get(key) ?? []), row]);
  }
  return (subscriptionId, fixedChargeId) => byPair.get(`${subscriptionId}:${fixedChargeId}`) ?? [];
}

/** Units that held at `at` by the dated rows. */
function inForce(rows: DatedRow[], at: number, timezone: string): string {
  const { fullUnits } = fixedChargeUnits({
    segments: rows.map(({ units, effectiveAt, createdAt }) => ({
      units,
      effectiveAt: effectiveAt.getTime(),
      createdAt: createdAt.getTime(),
    })),
    prorated: false,
    windowFrom: at,
    windowTo: at,
    periodDays: 1,
    timezone,
  });
  return fullUnits.toString();
}

export interface ImmediateUnits {
  fixedChargeId: string;
  previousUnits: string;
  newUnits: string;
}

export interface ReachedSubscription {
  subscription: SubscriptionRow;
  /** What holds from now on instead of what held until now. */
  immediate: ImmediateUnits[];
}

/**
 * Dates new units on subscriptions (semantics 6.13): at the start of the next fixed-charges period, or at once. What held
 * until then is written down too, because the plan no longer says it. Returns the subscriptions for which something holds
 * at once.
 */
export async function dateUnits(
  ctx: BillingContext,
  plan: PlanGraph,
  subscribers: Subscriber[],
  changes: UnitsChange[],
): Promise<ReachedSubscription[]> {
  if (changes.length === 0 || subscribers.length === 0) return [];
  const { tx, organizationId, now } = ctx;
  const datedOf = await loadDated(ctx, subscribers, changes);
  const createdAt = new Date(now);
  const values: (typeof fixedChargeEvents.$inferInsert)[] = [];
  const reached: ReachedSubscription[] = [];
  for (const { subscription, timezone, own } of subscribers) {
    const rule = periodRule(scheduleOf(subscription, plan.version, timezone), 'fixed_charges');
    const nextPeriod = periodContaining({ ...rule, at: now }).end;
    const startedAt = subscription.startedAt ?? subscription.subscriptionAt;
    const immediate: ImmediateUnits[] = [];
    for (const { fixedChargeId, before, after, immediately } of changes) {
      if (own.has(fixedChargeId)) continue;
      const dated = datedOf(subscription.id, fixedChargeId);
      const shared = { organizationId, subscriptionId: subscription.id, fixedChargeId, createdAt };
      if (dated.length === 0) values.push({ ...shared, id: newId(), units: before, effectiveAt: startedAt });
      const effectiveAt = new Date(immediately ? now : nextPeriod);
      values.push({ ...shared, id: newId(), units: after, effectiveAt });
      if (!immediately) continue;
      const previousUnits = dated.length === 0 ? before : inForce(dated, now, timezone);
      immediate.push({ fixedChargeId, previousUnits, newUnits: after });
    }
    if (immediate.length > 0) reached.push({ subscription, immediate });
  }
  if (values.length > 0) await tx.insert(fixedChargeEvents).values(values);
  return reached;
}

/** Bills at once what more units paid in advance cost for the rest of the period; fewer units give nothing back and leave a line of zero. */
export async function billImmediateUnits(ctx: BillingContext, reached: ReachedSubscription[]): Promise<void> {
  for (const { subscription, immediate } of reached) {
    const billed = await loadCustomer(ctx, subscription.customerId, subscription.billingEntityId);
    const [bill] = await loadBills(ctx, billed, [
      { subscription, situation: 'current', billedAt: ctx.now, skipUsage: true },
    ]);
    if (!bill) continue;
    const { timezone } = billed;
    const given = bill.plan.fixedCharges.flatMap((charge) => {
      const change = immediate.find(({ fixedChargeId }) => fixedChargeId === charge.id);
      if (!change || !charge.payInAdvance || change.previousUnits === change.newUnits) return [];
      const fee = fixedChargeIncreaseFee(bill, charge, { ...change, at: ctx.now, timezone });
      return [fee];
    });
    if (given.length === 0) continue;
    await issueInvoice(ctx, {
      customerId: subscription.customerId,
      type: 'subscription',
      bills: [{ ...bill, reason: 'in_advance_charge', billUsage: false }],
      given,
      currency: bill.plan.currency,
      billedAt: ctx.now,
      recurring: false,
      immediate: true,
      billingEntityId: subscription.billingEntityId,
      purchaseOrderNumber: subscription.purchaseOrderNumber,
    });
  }
}
