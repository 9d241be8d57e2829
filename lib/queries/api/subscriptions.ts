import { and, desc, eq, exists, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  billingEntities,
  customers,
  plans,
  planVersions,
  priceOverrides,
  type SubscriptionStatus,
  subscriptions,
} from '@/db/schema';
import { boundariesFor, periodRule } from '@/lib/billing/periods/boundaries';
import { periodContaining } from '@/lib/billing/periods/interval';
import { loadOwnThresholds, loadSubscribedPlans } from './overridden-plan.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';
import type { PlanGraph, ThresholdRow } from './plan-graph.ts';

export type SubscriptionRow = typeof subscriptions.$inferSelect;

/** A subscription with what its wire object needs. */
export interface SubscriptionObject {
  subscription: SubscriptionRow;
  externalCustomerId: string;
  plan: PlanGraph;
  ownThresholds: ThresholdRow[];
  previousPlanCode: string | null;
  nextPlanCode: string | null;
  /** Local date a cheaper plan takes over. */
  downgradePlanDate: string | null;
  /** The running period, epoch milliseconds, both ends included; null unless active. */
  period: { from: number; to: number } | null;
}

/** Objects of any number of subscriptions, in the order given; a fixed number of queries. `now` is the organisation's clock. */
export async function loadSubscriptionObjects(
  tx: Tx,
  organizationId: string,
  rows: SubscriptionRow[],
  now: number,
): Promise<SubscriptionObject[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const plansOf = await loadSubscribedPlans(
    tx,
    organizationId,
    rows.map(({ id, planVersionId }) => ({ subscriptionId: id, planVersionId })),
  );
  const thresholdsOf = await loadOwnThresholds(tx, organizationId, ids);
  const owners = await loadOwners(tx, organizationId, rows);
  const relatives = await loadRelatives(tx, organizationId, rows);
  return rows.flatMap((subscription): SubscriptionObject[] => {
    const plan = plansOf.get(subscription.id);
    const owner = owners.get(subscription.customerId);
    if (!plan || !owner) return [];
    const nextPlanCode = relatives.next.get(subscription.id) ?? null;
    const running =
      subscription.status === 'active' ? periodOf(subscription, plan, owner.timezone, now) : null;
    return [
      {
        subscription,
        externalCustomerId: owner.externalId,
        plan,
        ownThresholds: thresholdsOf(subscription.id),
        previousPlanCode: relatives.previous.get(subscription.previousSubscriptionId ?? '') ?? null,
        nextPlanCode,
        downgradePlanDate: nextPlanCode && running ? running.nextDate : null,
        period: running,
      },
    ];
  });
}

function periodOf(subscription: SubscriptionRow, { version }: PlanGraph, timezone: string, now: number) {
  const schedule = {
    plan: version,
    billingTime: subscription.billingTime,
    anchor: subscription.subscriptionAt.getTime(),
    timezone,
  };
  const startedAt = subscription.startedAt?.getTime() ?? subscription.subscriptionAt.getTime();
  const at = Math.max(now, startedAt);
  const { from, to } = boundariesFor({ ...schedule, situation: 'current', billingAt: at, startedAt });
  return { from, to, nextDate: periodContaining({ ...periodRule(schedule), at }).endDateExclusive };
}

async function loadOwners(tx: Tx, organizationId: string, rows: SubscriptionRow[]) {
  const found = await tx
    .select({
      id: customers.id,
      externalId: customers.externalId,
      timezone: sql<string>`coalesce(${customers.timezone}, ${billingEntities.timezone})`,
    })
    .from(customers)
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .where(
      and(
        eq(customers.organizationId, organizationId),
        inArray(customers.id, [...new Set(rows.map(({ customerId }) => customerId))]),
      ),
    );
  return new Map(found.map((owner) => [owner.id, owner]));
}

/** Plan codes of what stood before (by that subscription's id) and of what waits behind (by this one's). */
async function loadRelatives(tx: Tx, organizationId: string, rows: SubscriptionRow[]) {
  const previousIds = rows.flatMap(({ previousSubscriptionId }) => previousSubscriptionId ?? []);
  const ids = rows.map(({ id }) => id);
  const found = await tx
    .select({
      id: subscriptions.id,
      previousId: subscriptions.previousSubscriptionId,
      status: subscriptions.status,
      code: plans.code,
    })
    .from(subscriptions)
    .innerJoin(plans, and(eq(plans.organizationId, organizationId), eq(plans.id, subscriptions.planId)))
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        sql`(${previousIds.length > 0 ? inArray(subscriptions.id, previousIds) : sql`false`}
             or (${inArray(subscriptions.previousSubscriptionId, ids)} and ${subscriptions.status} <> 'canceled'))`,
      ),
    );
  const next = found.filter(({ previousId }) => previousId !== null && ids.includes(previousId));
  return {
    previous: new Map(found.map(({ id, code }) => [id, code])),
    next: new Map(next.map(({ previousId, code }) => [previousId!, code])),
  };
}

export interface SubscriptionFilters {
  externalCustomerId?: string;
  planCode?: string;
  statuses: SubscriptionStatus[];
  currency?: string;
  externalId?: string;
  overridden?: boolean;
  billingEntityCodes?: string[];
}

/** Own units of fixed charges alone make no child plan (semantics 3.8). */
const makesChildPlan = sql`(${priceOverrides.patch} - 'charges' - 'fixedCharges' <> '{}'
  or coalesce(${priceOverrides.patch} -> 'charges', '{}') <> '{}'
  or exists (
    select 1 from jsonb_each(coalesce(${priceOverrides.patch} -> 'fixedCharges', '{}')) own
    where own.value - 'id' - 'units' <> '{}'
  ))`;

function conditions(tx: Tx, organizationId: string, filters: SubscriptionFilters): SQL | undefined {
  const customerOf = (condition: SQL) =>
    exists(
      tx
        .select({ one: sql`1` })
        .from(customers)
        .where(
          and(
            eq(customers.organizationId, organizationId),
            eq(customers.id, subscriptions.customerId),
            condition,
          ),
        ),
    );
  const isOverridden = exists(
    tx
      .select({ one: sql`1` })
      .from(priceOverrides)
      .where(
        and(
          eq(priceOverrides.organizationId, organizationId),
          eq(priceOverrides.subscriptionId, subscriptions.id),
          makesChildPlan,
        ),
      ),
  );
  const { externalCustomerId, planCode, currency, overridden, billingEntityCodes } = filters;
  return and(
    eq(subscriptions.organizationId, organizationId),
    inArray(subscriptions.status, filters.statuses),
    filters.externalId === undefined ? undefined : eq(subscriptions.externalId, filters.externalId),
    externalCustomerId === undefined
      ? undefined
      : customerOf(and(eq(customers.externalId, externalCustomerId), isNull(customers.deletedAt))!),
    planCode === undefined
      ? undefined
      : inArray(
          subscriptions.planId,
          tx
            .select({ id: plans.id })
            .from(plans)
            .where(and(eq(plans.organizationId, organizationId), eq(plans.code, planCode))),
        ),
    currency === undefined
      ? undefined
      : inArray(
          subscriptions.planVersionId,
          tx
            .select({ id: planVersions.id })
            .from(planVersions)
            .where(and(eq(planVersions.organizationId, organizationId), eq(planVersions.currency, currency))),
        ),
    overridden === undefined ? undefined : overridden ? isOverridden : sql`not ${isOverridden}`,
    billingEntityCodes === undefined
      ? undefined
      : customerOf(
          inArray(
            customers.billingEntityId,
            tx
              .select({ id: billingEntities.id })
              .from(billingEntities)
              .where(
                and(
                  eq(billingEntities.organizationId, organizationId),
                  inArray(billingEntities.code, billingEntityCodes),
                ),
              ),
          ),
        ),
  );
}

/** Subscriptions by `subscription_at`, newest first (API contract, section 1). */
export async function listSubscriptions(
  tx: Tx,
  organizationId: string,
  filters: SubscriptionFilters,
  window: PageWindow,
  now: number,
): Promise<Listed<SubscriptionObject>> {
  const where = conditions(tx, organizationId, filters);
  const totalCount = await tx.$count(subscriptions, where);
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(where)
    .orderBy(desc(subscriptions.subscriptionAt), desc(subscriptions.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { totalCount, rows: await loadSubscriptionObjects(tx, organizationId, rows, now) };
}

/** The subscription a client means by an external id: not-terminated first, then the latest start. Null when none. */
export async function findSubscription(
  tx: Tx,
  organizationId: string,
  externalId: string,
  statuses: SubscriptionStatus[],
): Promise<SubscriptionRow | null> {
  const [row] = await tx
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.externalId, externalId),
        inArray(subscriptions.status, statuses),
      ),
    )
    .orderBy(
      sql`case when ${subscriptions.status} = 'terminated' then 1 else 0 end`,
      sql`${subscriptions.startedAt} desc nulls last`,
      desc(subscriptions.createdAt),
      desc(subscriptions.id),
    )
    .limit(1);
  return row ?? null;
}
