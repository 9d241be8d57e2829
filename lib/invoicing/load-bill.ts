import { and, eq, inArray } from 'drizzle-orm';
import { fixedChargeEvents, planVersions, subscriptions } from '@/db/schema';
import type {
  BillWindows,
  InvoicingReasonName,
  PlanFacts,
  SubscriptionBillFacts,
} from '@/lib/billing/invoice/facts';
import {
  type BillingSchedule,
  boundariesFor,
  opensPlanPeriod,
  selectionRule,
} from '@/lib/billing/periods/boundaries';
import type { BillingContext } from './context';
import type { BilledCustomer } from './customers';
import { billHistory, commitmentFacts, previousWindows } from './load-history';
import { loadPlans, planKey } from './load-plan';
import { loadBillUsage } from './load-usage';
import { withPaidBefore } from './paid-before';
import type { BillSituation, SubscriptionRow } from './situation';

export type { BillSituation, SubscriptionRow };

export interface BillRequest {
  subscription: SubscriptionRow;
  situation: BillSituation;
  /** The run's instant, epoch milliseconds. */
  billedAt: number;
  /** Windows already settled (a draft being worked out again keeps its own). */
  windows?: BillWindows;
  /** The invoice being worked out again: what it billed itself does not count as billed. */
  rebuilding?: string;
  /** Leaves usage unread, for callers that read what they need themselves. */
  skipUsage?: boolean;
}

const REASONS: Record<BillSituation, InvoicingReasonName> = {
  periodic: 'subscription_periodic',
  starting: 'subscription_starting',
  trial_end: 'subscription_starting',
  terminating: 'subscription_terminating',
  ended_on_billing_day: 'subscription_terminating',
  upgrading: 'subscription_terminating',
  downgrading: 'subscription_terminating',
  current: 'subscription_periodic',
};

export function scheduleOf(
  subscription: Pick<SubscriptionRow, 'billingTime' | 'subscriptionAt'>,
  plan: Pick<PlanFacts, 'interval' | 'payInAdvance' | 'billChargesMonthly' | 'billFixedChargesMonthly'>,
  timezone: string,
): BillingSchedule {
  return {
    plan,
    billingTime: subscription.billingTime,
    anchor: subscription.subscriptionAt.getTime(),
    timezone,
  };
}

/** The windows of a bill; an ended subscription whose closed period was never billed is billed as if still active (2.5). */
export function windowsOf(
  request: BillRequest,
  plan: PlanFacts,
  timezone: string,
  previous: Awaited<ReturnType<typeof previousWindows>>,
): BillWindows {
  const { subscription, situation, billedAt } = request;
  const terminatedAt = subscription.terminatedAt?.getTime() ?? null;
  const common = {
    ...scheduleOf(subscription, plan, timezone),
    billingAt: billedAt,
    startedAt: subscription.startedAt?.getTime() ?? subscription.subscriptionAt.getTime(),
    previous,
  };
  if (situation === 'trial_end') return { ...boundariesFor({ ...common, situation: 'starting' }) };
  if (situation === 'ended_on_billing_day') return boundariesFor({ ...common, situation: 'periodic' });
  const ended = situation === 'terminating' || situation === 'upgrading';
  return boundariesFor({
    ...common,
    situation,
    billingAt: ended && terminatedAt !== null ? terminatedAt : billedAt,
    terminatedAt: ended ? terminatedAt : null,
  });
}

/**
 * The facts of one customer's bills, for any number of subscriptions, in a fixed number of queries per kind of fact.
 * Throws not_found when a plan version is missing.
 */
export async function loadBills(
  ctx: BillingContext,
  { timezone }: BilledCustomer,
  requests: BillRequest[],
): Promise<SubscriptionBillFacts[]> {
  const plans = await loadPlans(
    ctx,
    requests.map(({ subscription }) => ({
      planVersionId: subscription.planVersionId,
      subscriptionId: subscription.id,
    })),
  );
  const relatives = await loadRelatives(ctx, requests);
  const bills: SubscriptionBillFacts[] = [];
  for (const request of requests) {
    const { subscription, situation, billedAt } = request;
    const key = planKey({ planVersionId: subscription.planVersionId, subscriptionId: subscription.id });
    const listed = plans.get(key);
    if (!listed) throw new Error(`plan facts missing for ${key}`);
    const own = await withUnits(ctx, listed, subscription);
    const plan =
      situation === 'starting'
        ? await withPaidBefore(ctx, own, subscription, relatives.previousOf(subscription))
        : own;
    const windows =
      request.windows ?? windowsOf(request, plan, timezone, await previousWindows(ctx, subscription));
    const schedule = scheduleOf(subscription, plan, timezone);
    const history = await billHistory(ctx, subscription, timezone, billedAt, request.rebuilding);
    const opensPeriod =
      selectionRule(schedule).interval === plan.interval || opensPlanPeriod(schedule, billedAt);
    const ended = ['terminating', 'upgrading', 'ended_on_billing_day'].includes(situation);
    const facts: SubscriptionBillFacts = {
      subscriptionId: subscription.id,
      externalId: subscription.externalId,
      name: subscription.name,
      plan,
      billingTime: subscription.billingTime,
      anchor: subscription.subscriptionAt.getTime(),
      startedAt: subscription.startedAt?.getTime() ?? subscription.subscriptionAt.getTime(),
      createdAt: subscription.createdAt.getTime(),
      trialEndsAt: subscription.trialEndsAt?.getTime() ?? null,
      terminatedAt:
        ended || situation === 'downgrading' ? (subscription.terminatedAt?.getTime() ?? null) : null,
      terminationKind: subscription.terminationKind,
      predecessor: relatives.predecessorOf(subscription),
      successorMetricIds: situation === 'upgrading' ? relatives.successorMetricIds(subscription) : [],
      reason: REASONS[situation],
      billedAt,
      windows,
      history: {
        ...history,
        ...(await commitmentFacts(ctx, {
          subscription,
          plan,
          situation,
          windows,
          schedule,
          opensPeriod,
          billedAt,
        })),
      },
      billUsage: situation !== 'starting' && situation !== 'trial_end',
      billSubscriptionFee: billsPlanFee(situation, plan, opensPeriod, history.subscriptionFeeBilled),
      usage: {},
    };
    facts.usage = facts.billUsage && !request.skipUsage ? await loadBillUsage(ctx, facts) : {};
    bills.push(facts);
  }
  return bills;
}

/** Semantics 2.6 and 4.3: whether the plan's own fee may be on this bill at all. */
function billsPlanFee(
  situation: BillSituation,
  plan: PlanFacts,
  opensPeriod: boolean,
  alreadyBilled: boolean,
): boolean {
  switch (situation) {
    case 'current':
      return false;
    case 'starting':
    case 'trial_end':
      return plan.payInAdvance;
    case 'terminating':
    case 'upgrading':
      return !plan.payInAdvance;
    case 'downgrading':
    case 'ended_on_billing_day':
      return !plan.payInAdvance;
    case 'periodic':
      return opensPeriod || (plan.payInAdvance && !alreadyBilled);
  }
}

/** The units of fixed charges as dated changes: the plan's own from the beginning, then the subscription's. */
async function withUnits(
  { tx, organizationId }: BillingContext,
  plan: PlanFacts,
  subscription: SubscriptionRow,
): Promise<PlanFacts> {
  if (plan.fixedCharges.length === 0) return plan;
  const rows = await tx
    .select()
    .from(fixedChargeEvents)
    .where(
      and(
        eq(fixedChargeEvents.organizationId, organizationId),
        eq(fixedChargeEvents.subscriptionId, subscription.id),
        inArray(
          fixedChargeEvents.fixedChargeId,
          plan.fixedCharges.map((charge) => charge.id),
        ),
      ),
    )
    .orderBy(fixedChargeEvents.effectiveAt, fixedChargeEvents.createdAt, fixedChargeEvents.id);
  const startedAt = subscription.startedAt?.getTime() ?? subscription.subscriptionAt.getTime();
  return {
    ...plan,
    fixedCharges: plan.fixedCharges.map((charge) => {
      const own = rows
        .filter((row) => row.fixedChargeId === charge.id)
        .map((row) => ({
          units: row.units,
          effectiveAt: row.effectiveAt.getTime(),
          createdAt: row.createdAt.getTime(),
        }));
      const first = charge.segments.map((segment) => ({ ...segment, effectiveAt: startedAt }));
      return { ...charge, segments: [...first, ...own] };
    }),
  };
}

/** Which plans stand before and after these subscriptions in their lineages. */
async function loadRelatives({ tx, organizationId }: BillingContext, requests: BillRequest[]) {
  const ids = requests.map(({ subscription }) => subscription.id);
  const previousIds = requests.flatMap(({ subscription }) => subscription.previousSubscriptionId ?? []);
  const predecessors =
    previousIds.length === 0
      ? []
      : await tx
          .select()
          .from(subscriptions)
          .where(
            and(eq(subscriptions.organizationId, organizationId), inArray(subscriptions.id, previousIds)),
          );
  const upgrading = requests.some(({ situation }) => situation === 'upgrading');
  const successors = upgrading
    ? await tx
        .select({ subscription: subscriptions, version: planVersions })
        .from(subscriptions)
        .innerJoin(
          planVersions,
          and(
            eq(planVersions.organizationId, organizationId),
            eq(planVersions.id, subscriptions.planVersionId),
          ),
        )
        .where(
          and(
            eq(subscriptions.organizationId, organizationId),
            inArray(subscriptions.previousSubscriptionId, ids),
            eq(subscriptions.status, 'active'),
          ),
        )
    : [];
  const successorPlans = await loadPlans(
    { tx, organizationId, now: 0, mode: 'apply' },
    successors.map(({ version }) => ({ planVersionId: version.id })),
  );
  const previousOf = (subscription: SubscriptionRow): SubscriptionRow | null =>
    predecessors.find((row) => row.id === subscription.previousSubscriptionId) ?? null;
  return {
    previousOf,
    predecessorOf(subscription: SubscriptionRow): SubscriptionBillFacts['predecessor'] {
      const previous = previousOf(subscription);
      if (
        !previous ||
        (previous.terminationKind !== 'upgraded' && previous.terminationKind !== 'downgraded')
      ) {
        return null;
      }
      return { planVersionId: previous.planVersionId, kind: previous.terminationKind };
    },
    successorMetricIds(subscription: SubscriptionRow): string[] {
      const next = successors.find((row) => row.subscription.previousSubscriptionId === subscription.id);
      const plan = next && successorPlans.get(planKey({ planVersionId: next.version.id }));
      return plan?.charges.map((charge) => charge.metric.id) ?? [];
    },
  };
}
