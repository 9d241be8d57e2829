import { and, eq, gte, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, customers, dueItems, planVersions, subscriptions } from '@/db/schema';
import { billingInstants } from '@/lib/billing/periods/boundaries';
import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import { scheduleOf } from '@/lib/invoicing/load-bill';
import { type Period, type ReproducedPeriod, reproducePeriod } from './reproduce';

/** A billing day that nothing ever fell due for. */
export interface MissingBill {
  subscriptionId: string;
  externalId: string;
  /** Local day. */
  billingDay: string;
}

export interface RerunPeriod extends ReproducedPeriod {
  /** Billing days of subscriptions in the period, by the calendar. */
  billingDays: number;
  missing: MissingBill[];
  nothingToDo: boolean;
}

/**
 * Runs a whole period again without writing: which bills the calendar asks for, whether each fell due once (its row is the
 * natural key that keeps a second run from billing twice), and whether every issued invoice comes out the same.
 * `period.to` is never past the organisation's `now`.
 */
export async function rerunPeriod(
  tx: Tx,
  organizationId: string,
  { from, to }: Period,
  now: number,
): Promise<RerunPeriod> {
  const until = Math.min(to - 1, now);
  const reproduced = await reproducePeriod(tx, organizationId, { from, to });
  const rows = await tx
    .select({
      subscription: subscriptions,
      plan: planVersions,
      timezone: sql<string>`coalesce(${customers.timezone}, ${billingEntities.timezone})`,
    })
    .from(subscriptions)
    .innerJoin(
      planVersions,
      and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, subscriptions.planVersionId)),
    )
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
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        inArray(subscriptions.status, ['active', 'terminated']),
        isNotNull(subscriptions.startedAt),
        lt(subscriptions.startedAt, new Date(to)),
        or(isNull(subscriptions.terminatedAt), gte(subscriptions.terminatedAt, new Date(from))),
      ),
    );
  const due = await tx
    .select({ subjectId: dueItems.subjectId, key: dueItems.key })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        eq(dueItems.kind, 'subscription.bill'),
        isNull(dueItems.canceledAt),
      ),
    );
  const fell = new Set(due.map(({ subjectId, key }) => `${subjectId} ${key}`));
  let billingDays = 0;
  const missing: MissingBill[] = [];
  for (const { subscription, plan, timezone } of rows) {
    const startedAt = subscription.startedAt?.getTime() ?? from;
    const known = startOfDay(localDate(subscription.createdAt.getTime(), timezone), timezone) - 1;
    const instants = billingInstants({
      ...scheduleOf(subscription, plan, timezone),
      startedAt,
      after: Math.max(startedAt, known, from - 1),
      // A bill of the day a subscription ended on is its closing one.
      until: Math.min(until, (subscription.terminatedAt?.getTime() ?? Number.POSITIVE_INFINITY) - 86_400_000),
    });
    billingDays += instants.length;
    for (const at of instants) {
      const billingDay = localDate(at, timezone);
      if (!fell.has(`${subscription.id} ${billingDay}`))
        missing.push({ subscriptionId: subscription.id, externalId: subscription.externalId, billingDay });
    }
  }
  return {
    ...reproduced,
    billingDays,
    missing,
    nothingToDo: missing.length === 0 && reproduced.different.length === 0,
  };
}
