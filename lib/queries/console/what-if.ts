import { and, asc, eq, isNull, or } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, customers, plans, planVersions, subscriptions } from '@/db/schema';
import { type BillingContext, newKnown } from '@/lib/invoicing/context';
import { loadPlans, planKey } from '@/lib/invoicing/load-plan';
import { shownName } from '@/lib/invoicing/parties';
import {
  type FinishedPeriod,
  lastFinishedPeriod,
  type PricedLine,
  pricePeriod,
} from '@/lib/invoicing/what-if';

const MOST_PLANS = 12;
const MOST_CUSTOMERS = 500;
const EXTREMES = 5;
/** A customer who would pay this much more, in percent, is counted as a jump. */
const JUMP = 20n;

interface Target {
  code: string;
  name: string;
  versionId: string;
  version: number;
}

const contextOf = (tx: Tx, organizationId: string, now: number): BillingContext => ({
  tx,
  organizationId,
  now,
  mode: 'preview',
  known: newKnown(),
});

/** Plans that can be compared with a version: open ones of its currency and interval, and its own. */
async function comparable(
  tx: Tx,
  organizationId: string,
  own: { planId: string; currency: string; interval: string },
) {
  return tx
    .select({
      code: plans.code,
      name: plans.name,
      versionId: planVersions.id,
      version: planVersions.version,
      planId: plans.id,
    })
    .from(plans)
    .innerJoin(
      planVersions,
      and(eq(planVersions.organizationId, plans.organizationId), eq(planVersions.id, plans.currentVersionId)),
    )
    .where(
      and(
        eq(plans.organizationId, organizationId),
        isNull(plans.deletedAt),
        or(isNull(plans.retiredAt), eq(plans.id, own.planId)),
        eq(planVersions.currency, own.currency),
        eq(planVersions.interval, own.interval as 'monthly'),
      ),
    )
    .orderBy(asc(planVersions.amountMinor), asc(plans.id))
    .limit(MOST_PLANS);
}

export interface ComparedPlan {
  code: string;
  name: string;
  version: number;
  /** What they are on: their own version with their own prices. */
  current: boolean;
  totalMinor: bigint;
  /** Against the plan they are on. */
  differenceMinor: bigint;
  lines: PricedLine[];
}

export type PlanComparison =
  | { kind: 'no_subscription'; customerName: string }
  | { kind: 'no_period'; customerName: string; planName: string }
  | {
      kind: 'compared';
      customerName: string;
      timezone: string;
      currency: string;
      interval: string;
      period: FinishedPeriod;
      plans: ComparedPlan[];
    };

/** Their subscriptions with what pricing needs beside them, running ones only. */
const running = (tx: Tx, organizationId: string, one: { customerId: string } | { planId: string }) =>
  tx
    .select({
      subscription: subscriptions,
      customer: customers,
      entityZone: billingEntities.timezone,
      planName: plans.name,
      planCode: plans.code,
      version: planVersions,
    })
    .from(subscriptions)
    .innerJoin(
      customers,
      and(
        eq(customers.organizationId, subscriptions.organizationId),
        eq(customers.id, subscriptions.customerId),
      ),
    )
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, customers.organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .innerJoin(
      plans,
      and(eq(plans.organizationId, subscriptions.organizationId), eq(plans.id, subscriptions.planId)),
    )
    .innerJoin(
      planVersions,
      and(
        eq(planVersions.organizationId, subscriptions.organizationId),
        eq(planVersions.id, subscriptions.planVersionId),
      ),
    )
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.status, 'active'),
        'planId' in one ? eq(subscriptions.planId, one.planId) : eq(subscriptions.customerId, one.customerId),
      ),
    )
    .orderBy(asc(subscriptions.startedAt), asc(subscriptions.id))
    .limit(MOST_CUSTOMERS + 1);

/** What this customer's last finished period would have cost on each plan, at what they really used. Null without them. */
export async function comparePlans(
  tx: Tx,
  organizationId: string,
  customerId: string,
  now: number,
): Promise<PlanComparison | null> {
  const [row] = await running(tx, organizationId, { customerId });
  if (!row) {
    const [customer] = await tx
      .select()
      .from(customers)
      .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId)));
    return customer ? { kind: 'no_subscription', customerName: shownName(customer) } : null;
  }
  const { subscription, customer, version } = row;
  const ctx = contextOf(tx, organizationId, now);
  const timezone = customer.timezone ?? row.entityZone;
  const customerName = shownName(customer);
  const offered = await comparable(tx, organizationId, version);
  const others = offered.filter(({ versionId }) => versionId !== version.id);
  const facts = await loadPlans(ctx, [
    { planVersionId: version.id, subscriptionId: subscription.id },
    ...others.map(({ versionId }) => ({ planVersionId: versionId })),
  ]);
  const own = facts.get(planKey({ planVersionId: version.id, subscriptionId: subscription.id }));
  const period = own ? lastFinishedPeriod(subscription, own, timezone, now) : null;
  if (!own || !period) return { kind: 'no_period', customerName, planName: row.planName };
  const present = await pricePeriod(ctx, subscription, own, timezone, period);
  const compared: ComparedPlan[] = [
    {
      code: row.planCode,
      name: row.planName,
      version: version.version,
      current: true,
      ...present,
      differenceMinor: 0n,
    },
  ];
  for (const target of others) {
    const plan = facts.get(planKey({ planVersionId: target.versionId }));
    if (!plan) continue;
    const priced = await pricePeriod(ctx, subscription, plan, timezone, period);
    const { code, name, version: number } = target;
    const differenceMinor = priced.totalMinor - present.totalMinor;
    compared.push({ code, name, version: number, current: false, ...priced, differenceMinor });
  }
  compared.sort((left, right) => (left.totalMinor < right.totalMinor ? -1 : 1));
  const { currency, interval } = version;
  return { kind: 'compared', customerName, timezone, currency, interval, period, plans: compared };
}

/** Plans whose current version a plan's customers can be replayed on. */
export async function replayTargets(tx: Tx, organizationId: string, planCode: string): Promise<Target[]> {
  const [own] = await tx
    .select({ planId: plans.id, currency: planVersions.currency, interval: planVersions.interval })
    .from(plans)
    .innerJoin(
      planVersions,
      and(eq(planVersions.organizationId, plans.organizationId), eq(planVersions.id, plans.currentVersionId)),
    )
    .where(and(eq(plans.organizationId, organizationId), eq(plans.code, planCode), isNull(plans.deletedAt)));
  return own ? comparable(tx, organizationId, own) : [];
}

export interface ReplayedCustomer {
  id: string;
  name: string;
  beforeMinor: bigint;
  afterMinor: bigint;
}

export interface Replay {
  /** Running subscriptions on the plan; at least `more` of them when there are more than are ever read. */
  subscriptions: number;
  /** How many were priced; fewer when the time was up. */
  priced: number;
  /** Still in their first period, or on another interval or currency than the version replayed. */
  left: number;
  timeUp: boolean;
  beforeMinor: bigint;
  afterMinor: bigint;
  /** Would pay over 20% more. */
  jumps: number;
  savers: ReplayedCustomer[];
  payers: ReplayedCustomer[];
}

/**
 * The last finished period of everybody on a plan, priced on what they are on and on another version: sums and those it
 * would change the most. Stops when `budgetMs` is used up and says how far it came.
 */
export async function replayPlan(
  tx: Tx,
  organizationId: string,
  asked: { planId: string; versionId: string },
  now: number,
  budgetMs: number,
): Promise<Replay> {
  const ctx = contextOf(tx, organizationId, now);
  const stopAt = performance.now() + budgetMs;
  const rows = await running(tx, organizationId, { planId: asked.planId });
  const facts = await loadPlans(ctx, [
    { planVersionId: asked.versionId },
    ...rows.map(({ subscription, version }) => ({
      planVersionId: version.id,
      subscriptionId: subscription.id,
    })),
  ]);
  const target = facts.get(planKey({ planVersionId: asked.versionId }));
  const done: ReplayedCustomer[] = [];
  let left = 0;
  let timeUp = rows.length > MOST_CUSTOMERS;
  for (const { subscription, customer, entityZone, version } of rows) {
    if (performance.now() > stopAt) {
      timeUp = true;
      break;
    }
    const own = facts.get(planKey({ planVersionId: version.id, subscriptionId: subscription.id }));
    const timezone = customer.timezone ?? entityZone;
    const period = own && lastFinishedPeriod(subscription, own, timezone, now);
    if (!own || !target || !period || own.interval !== target.interval || own.currency !== target.currency) {
      left += 1;
      continue;
    }
    const before = await pricePeriod(ctx, subscription, own, timezone, period);
    const after =
      own.versionId === target.versionId
        ? before
        : await pricePeriod(ctx, subscription, target, timezone, period);
    done.push({
      id: customer.id,
      name: shownName(customer),
      beforeMinor: before.totalMinor,
      afterMinor: after.totalMinor,
    });
  }
  const change = ({ beforeMinor, afterMinor }: ReplayedCustomer) => afterMinor - beforeMinor;
  const sorted = done.toSorted((one, other) =>
    change(one) < change(other) ? -1 : change(one) > change(other) ? 1 : 0,
  );
  return {
    subscriptions: rows.length,
    priced: done.length,
    left,
    timeUp,
    beforeMinor: done.reduce((sum, { beforeMinor }) => sum + beforeMinor, 0n),
    afterMinor: done.reduce((sum, { afterMinor }) => sum + afterMinor, 0n),
    jumps: done.filter((one) => change(one) * 100n > one.beforeMinor * JUMP).length,
    savers: sorted.filter((one) => change(one) < 0n).slice(0, EXTREMES),
    payers: sorted
      .filter((one) => change(one) > 0n)
      .slice(-EXTREMES)
      .reverse(),
  };
}
