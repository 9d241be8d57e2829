import { and, eq } from 'drizzle-orm';
import { among } from '@/db/among';
import { planVersions, subscriptions } from '@/db/schema';
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
import { historyOf, loadCommitments, loadPasts, type Past } from './load-history';
import { loadPlans, planKey } from './load-plan';
import { loadUnits, withUnits } from './load-units';
import { loadBillUsages } from './load-usage';
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
  previous: Past['previous'],
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
  const ended = situation === 'terminating' || situation === 'upgrading';
  return boundariesFor({
    ...common,
    situation,
    billingAt: ended && terminatedAt !== null ? terminatedAt : billedAt,
    terminatedAt: ended ? terminatedAt : null,
  });
}

/** The facts of one customer's bills: see `loadBillsOf`. */
export function loadBills(
  ctx: BillingContext,
  { timezone }: BilledCustomer,
  requests: BillRequest[],
): Promise<SubscriptionBillFacts[]> {
  return loadBillsOf(
    ctx,
    requests.map((request) => ({ ...request, timezone })),
  );
}

/** A bill of any customer, with the zone it is cut in. */
export type LocatedBillRequest = BillRequest & { timezone: string };

/**
 * The facts of bills, for any number of subscriptions of any customers, in a fixed number of queries per kind of fact.
 * Throws not_found when a plan version is missing.
 */
export async function loadBillsOf(
  ctx: BillingContext,
  requests: LocatedBillRequest[],
): Promise<SubscriptionBillFacts[]> {
  const plans = await loadPlans(ctx, requests.map(planRequest));
  const relatives = await loadRelatives(ctx, requests);
  const pasts = await loadPasts(
    ctx,
    requests.map(({ subscription, rebuilding }) => ({ subscriptionId: subscription.id, rebuilding })),
  );
  const units = await loadUnits(
    ctx,
    requests
      .filter((request) => plans.get(planKey(planRequest(request)))?.fixedCharges.length !== 0)
      .map(({ subscription }) => subscription.id),
  );
  const framed: Framed[] = [];
  for (const [place, request] of requests.entries()) {
    const { subscription, situation, billedAt, timezone } = request;
    const listed = plans.get(planKey(planRequest(request)));
    const past = pasts[place];
    if (!listed || !past) throw new Error(`plan facts missing for ${planKey(planRequest(request))}`);
    const own = withUnits(listed, subscription, units);
    const plan =
      situation === 'starting'
        ? await withPaidBefore(ctx, own, subscription, relatives.previousOf(subscription))
        : own;
    const schedule = scheduleOf(subscription, plan, timezone);
    const opensPeriod =
      selectionRule(schedule).interval === plan.interval || opensPlanPeriod(schedule, billedAt);
    const windows = request.windows ?? windowsOf(request, plan, timezone, past.previous);
    framed.push({ request, plan, windows, schedule, opensPeriod, past });
  }
  const commitments = await loadCommitments(
    ctx,
    framed.map(({ request, ...frame }) => ({ ...request, ...frame })),
  );
  const bills = framed.map((frame, place) => billOf(frame, relatives, commitments[place]));
  const used = bills.filter((bill, place) => bill.billUsage && !requests[place]?.skipUsage);
  const usages = await loadBillUsages(ctx, used);
  for (const [place, bill] of used.entries()) bill.usage = usages[place] ?? {};
  return bills;
}

interface Framed {
  request: LocatedBillRequest;
  plan: PlanFacts;
  windows: BillWindows;
  schedule: BillingSchedule;
  opensPeriod: boolean;
  past: Past;
}

const planRequest = ({ subscription }: Pick<BillRequest, 'subscription'>) => ({
  planVersionId: subscription.planVersionId,
  subscriptionId: subscription.id,
});

/** A bill without its usage. */
function billOf(
  { request, plan, windows, opensPeriod, past }: Framed,
  relatives: Awaited<ReturnType<typeof loadRelatives>>,
  commitment: Awaited<ReturnType<typeof loadCommitments>>[number] | undefined,
): SubscriptionBillFacts {
  const { subscription, situation, billedAt, timezone } = request;
  const history = historyOf(past, timezone, billedAt);
  const ended = ['terminating', 'upgrading', 'ended_on_billing_day'].includes(situation);
  return {
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
    history: { ...history, commitmentSpentMinor: 0n, commitmentWindow: null, ...commitment },
    billUsage: situation !== 'starting' && situation !== 'trial_end',
    billSubscriptionFee: billsPlanFee(situation, plan, opensPeriod, history.subscriptionFeeBilled),
    usage: {},
  };
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
          .where(and(eq(subscriptions.organizationId, organizationId), among(subscriptions.id, previousIds)));
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
            among(subscriptions.previousSubscriptionId, ids),
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
