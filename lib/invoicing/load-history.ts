import { and, count, desc, eq, gte, inArray, isNull, lte, ne, notInArray, or, sql, sum } from 'drizzle-orm';
import { fees, invoiceSubscriptions, invoices } from '@/db/schema';
import type { BillWindows, PlanFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import { type BillingSchedule, periodRule } from '@/lib/billing/periods/boundaries';
import { periodAt, periodContaining } from '@/lib/billing/periods/interval';
import { localDate } from '@/lib/billing/periods/zone';
import type { BillingContext } from './context';
import type { BillSituation, SubscriptionRow } from './situation';

/** Statuses of invoices that no longer count: what they billed may be billed again. */
const DEAD = ['voided', 'deleted', 'closed'] as const;

/** Bills between the periods' own: they close no period. */
const IN_BETWEEN = ['in_advance_charge', 'in_advance_charge_periodic', 'progressive_billing'] as const;

/** The latest bill's zone and ends, to leave no gap when a customer moved to another zone (semantics 2.3). */
export async function previousWindows(
  { tx, organizationId }: BillingContext,
  subscription: SubscriptionRow,
): Promise<{ timezone: string; chargesTo: number | null; fixedChargesTo: number | null } | null> {
  const [row] = await tx
    .select({
      timezone: invoices.timezone,
      chargesTo: invoiceSubscriptions.chargesToDatetime,
      fixedChargesTo: invoiceSubscriptions.fixedChargesToDatetime,
    })
    .from(invoiceSubscriptions)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceSubscriptions.invoiceId)),
    )
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        eq(invoiceSubscriptions.subscriptionId, subscription.id),
        eq(invoiceSubscriptions.live, true),
        notInArray(invoiceSubscriptions.invoicingReason, [...IN_BETWEEN]),
      ),
    )
    .orderBy(desc(invoiceSubscriptions.timestamp), desc(invoiceSubscriptions.id))
    .limit(1);
  if (!row) return null;
  return {
    timezone: row.timezone,
    chargesTo: row.chargesTo?.getTime() ?? null,
    fixedChargesTo: row.fixedChargesTo?.getTime() ?? null,
  };
}

type History = Pick<
  SubscriptionBillFacts['history'],
  'subscriptionFeeBilled' | 'invoiceCount' | 'subscriptionFeeBilledToday'
>;

/** What earlier, live invoices already billed of this subscription (semantics 4.3). */
export async function billHistory(
  { tx, organizationId }: BillingContext,
  subscription: SubscriptionRow,
  timezone: string,
  billedAt: number,
  rebuilding?: string,
): Promise<History> {
  const [counted] = await tx
    .select({ n: count() })
    .from(invoiceSubscriptions)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceSubscriptions.invoiceId)),
    )
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        eq(invoiceSubscriptions.subscriptionId, subscription.id),
        notInArray(invoiceSubscriptions.invoicingReason, [...IN_BETWEEN]),
        notInArray(invoices.status, [...DEAD]),
        ...(rebuilding ? [ne(invoices.id, rebuilding)] : []),
      ),
    );
  const planFees = await tx
    .select({ billedAt: invoices.billedAt })
    .from(fees)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, fees.invoiceId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, subscription.id),
        eq(fees.feeType, 'subscription'),
        isNull(fees.deletedAt),
        notInArray(invoices.status, [...DEAD]),
        ...(rebuilding ? [ne(invoices.id, rebuilding)] : []),
      ),
    )
    .orderBy(desc(invoices.billedAt))
    .limit(1);
  const today = localDate(billedAt, timezone);
  return {
    invoiceCount: counted?.n ?? 0,
    subscriptionFeeBilled: planFees.length > 0,
    subscriptionFeeBilledToday: planFees.some((fee) => localDate(fee.billedAt.getTime(), timezone) === today),
  };
}

export interface CommitmentQuestion {
  subscription: SubscriptionRow;
  plan: PlanFacts;
  situation: BillSituation;
  windows: BillWindows;
  schedule: BillingSchedule;
  opensPeriod: boolean;
  billedAt: number;
  rebuilding?: string;
}

type Commitment = Pick<SubscriptionBillFacts['history'], 'commitmentSpentMinor' | 'commitmentWindow'>;

/** The period a minimum commitment reconciles on this bill and what was billed for it elsewhere (semantics 7.1). */
export async function commitmentFacts(
  ctx: BillingContext,
  question: CommitmentQuestion,
): Promise<Commitment> {
  const window = question.plan.commitment ? commitmentWindow(question) : null;
  if (!window) return { commitmentSpentMinor: 0n, commitmentWindow: null };
  return {
    commitmentSpentMinor: await spentIn(ctx, question, window),
    commitmentWindow: window,
  };
}

function commitmentWindow(question: CommitmentQuestion): { from: number; to: number } | null {
  const { situation, plan, windows, opensPeriod, schedule, subscription, billedAt } = question;
  const ending = situation === 'terminating' || situation === 'upgrading';
  if (situation === 'starting' || situation === 'trial_end' || situation === 'current') return null;
  if (!plan.payInAdvance) {
    if (!ending && !opensPeriod) return null;
    return { from: windows.from, to: windows.to };
  }
  if (ending) return { from: windows.from, to: windows.to };
  if (!opensPeriod) return null;
  const rule = periodRule(schedule);
  const closed = periodAt(rule, periodContaining({ ...rule, at: billedAt }).index - 1);
  const startedAt = subscription.startedAt?.getTime() ?? 0;
  if (closed.end <= startedAt) return null;
  return { from: Math.max(closed.start, startedAt), to: closed.end - 1 };
}

/** Fees of the window on live invoices, and in-advance usage billed inside it. */
async function spentIn(
  { tx, organizationId }: BillingContext,
  { subscription, rebuilding }: CommitmentQuestion,
  window: { from: number; to: number },
): Promise<bigint> {
  const from = new Date(window.from);
  const to = new Date(window.to);
  const [row] = await tx
    .select({ total: sum(fees.amountMinor) })
    .from(fees)
    .leftJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, fees.invoiceId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, subscription.id),
        inArray(fees.feeType, ['subscription', 'charge', 'fixed_charge']),
        isNull(fees.deletedAt),
        // A progressive bill's usage stands again on the period's own bill.
        or(
          isNull(fees.invoiceId),
          and(notInArray(invoices.status, [...DEAD]), ne(invoices.invoiceType, 'progressive_billing')),
        ),
        ...(rebuilding ? [or(isNull(fees.invoiceId), ne(fees.invoiceId, rebuilding))] : []),
        lte(fees.fromDatetime, to),
        gte(fees.toDatetime, from),
        sql`date_trunc('day', ${fees.fromDatetime}) >= date_trunc('day', ${from.toISOString()}::timestamptz) - interval '1 day'`,
      ),
    );
  return BigInt(row?.total ?? '0');
}
