import { sql } from 'drizzle-orm';
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

/** What earlier bills say about one subscription. */
export interface Past {
  /** The latest bill's zone and ends, to leave no gap when a customer moved to another zone (semantics 2.3). */
  previous: { timezone: string; chargesTo: number | null; fixedChargesTo: number | null } | null;
  /** How many live invoices close a period of it. */
  invoiceCount: number;
  /** When a live invoice last billed the plan's fee, epoch milliseconds. */
  planFeeBilledAt: number | null;
}

export interface PastQuestion {
  subscriptionId: string;
  /** The invoice being worked out again: what it billed itself does not count as billed. */
  rebuilding?: string;
}

interface PastRow {
  [column: string]: unknown;
  place: number;
  timezone: string | null;
  charges_to: string | null;
  fixed_charges_to: string | null;
  invoice_count: number;
  plan_fee_at: string | null;
}

const texts = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '));
const epochMs = (column: string) => sql.raw(`floor(extract(epoch from ${column}) * 1000)::bigint::text`);
const ms = (text: string | null) => (text === null ? null : Number(text));

/** What earlier, live invoices already billed of these subscriptions (semantics 4.3): one query, answers in their order. */
export async function loadPasts(
  { tx, organizationId: org }: BillingContext,
  questions: PastQuestion[],
): Promise<Past[]> {
  if (questions.length === 0) return [];
  const asked = questions.map(({ subscriptionId, rebuilding }, place) => ({
    place,
    subscription: subscriptionId,
    rebuilding: rebuilding ?? null,
  }));
  const rows = await tx.execute<PastRow>(sql`
    select q.place, last.timezone, last.charges_to, last.fixed_charges_to, closed.n as invoice_count,
           fee.billed_at as plan_fee_at
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as q(place int, subscription uuid, rebuilding uuid)
    left join lateral (
      select i.timezone, ${epochMs('l.charges_to_datetime')} as charges_to,
             ${epochMs('l.fixed_charges_to_datetime')} as fixed_charges_to
      from invoice_subscriptions l
      join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
      where l.organization_id = ${org} and l.subscription_id = q.subscription and l.live
        and l.invoicing_reason not in (${texts(IN_BETWEEN)})
      order by l."timestamp" desc, l.id desc limit 1
    ) last on true
    cross join lateral (
      select count(*)::int as n from invoice_subscriptions l
      join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
      where l.organization_id = ${org} and l.subscription_id = q.subscription
        and l.invoicing_reason not in (${texts(IN_BETWEEN)}) and i.status not in (${texts(DEAD)})
        and i.id is distinct from q.rebuilding
    ) closed
    left join lateral (
      select ${epochMs('i.billed_at')} as billed_at from fees f
      join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
      where f.organization_id = ${org} and f.subscription_id = q.subscription and f.fee_type = 'subscription'
        and f.deleted_at is null and i.status not in (${texts(DEAD)}) and i.id is distinct from q.rebuilding
      order by i.billed_at desc limit 1
    ) fee on true
    order by q.place`);
  return rows.map((row) => ({
    previous:
      row.timezone === null
        ? null
        : { timezone: row.timezone, chargesTo: ms(row.charges_to), fixedChargesTo: ms(row.fixed_charges_to) },
    invoiceCount: row.invoice_count,
    planFeeBilledAt: ms(row.plan_fee_at),
  }));
}

type History = Pick<
  SubscriptionBillFacts['history'],
  'subscriptionFeeBilled' | 'invoiceCount' | 'subscriptionFeeBilledToday'
>;

/** The past as a bill at `billedAt` (epoch milliseconds) sees it. */
export function historyOf(
  { invoiceCount, planFeeBilledAt }: Past,
  timezone: string,
  billedAt: number,
): History {
  return {
    invoiceCount,
    subscriptionFeeBilled: planFeeBilledAt !== null,
    subscriptionFeeBilledToday:
      planFeeBilledAt !== null && localDate(planFeeBilledAt, timezone) === localDate(billedAt, timezone),
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

/** The period a minimum commitment reconciles on each bill and what was billed for it elsewhere (semantics 7.1): one query. */
export async function loadCommitments(
  ctx: BillingContext,
  questions: CommitmentQuestion[],
): Promise<Commitment[]> {
  const windows = questions.map((question) => (question.plan.commitment ? commitmentWindow(question) : null));
  const spent = await spentIn(ctx, questions, windows);
  return windows.map((window, place) => ({
    commitmentSpentMinor: spent.get(place) ?? 0n,
    commitmentWindow: window,
  }));
}

function commitmentWindow(question: CommitmentQuestion): { from: number; to: number } | null {
  const { situation, plan, windows, opensPeriod, schedule, subscription, billedAt } = question;
  const cutShort = situation === 'ended_on_billing_day' && !opensPeriod;
  const ending = situation === 'terminating' || situation === 'upgrading' || cutShort;
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

/** Fees of each window on live invoices, and in-advance usage billed inside it, by the question's place. */
async function spentIn(
  { tx, organizationId: org }: BillingContext,
  questions: CommitmentQuestion[],
  windows: ({ from: number; to: number } | null)[],
): Promise<Map<number, bigint>> {
  const asked = questions.flatMap(({ subscription, rebuilding }, place) => {
    const window = windows[place];
    if (!window) return [];
    const { from, to } = window;
    return [
      {
        place,
        subscription: subscription.id,
        rebuilding: rebuilding ?? null,
        opens: new Date(from).toISOString(),
        ends: new Date(to).toISOString(),
      },
    ];
  });
  if (asked.length === 0) return new Map();
  // A progressive bill's usage stands again on the period's own bill.
  const rows = await tx.execute<{ place: number; total: string }>(sql`
    select q.place, coalesce(sum(f.amount_minor), 0)::text as total
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as q(place int, subscription uuid, rebuilding uuid, opens timestamptz, ends timestamptz)
    join fees f on f.organization_id = ${org} and f.subscription_id = q.subscription
      and f.fee_type in ('subscription', 'charge', 'fixed_charge') and f.deleted_at is null
      and f.from_datetime <= q.ends and f.to_datetime >= q.opens
      and date_trunc('day', f.from_datetime) >= date_trunc('day', q.opens) - interval '1 day'
    left join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
    where f.invoice_id is null
       or (i.status not in (${texts(DEAD)}) and i.invoice_type <> 'progressive_billing'
           and f.invoice_id is distinct from q.rebuilding)
    group by q.place`);
  return new Map(rows.map(({ place, total }) => [place, BigInt(total)]));
}
