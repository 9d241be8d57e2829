import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { amountDue, at, customerName, millis, rowLimit } from './sql';

export const WORK_KINDS = ['parked', 'failed', 'trials', 'drafts', 'approvals', 'credits'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

const DAY = 86_400_000;
const TRIAL_DAYS = 7;
const CREDIT_DAYS = 30;
/**
 * A draft is odd when it is at least twice, or at most half, of the average of the last three bills. One that is only held
 * until it leaves is what somebody has just confirmed, so it is not odd.
 */
const ODD_FACTOR = 2;

export interface WorkRow {
  kind: WorkKind;
  id: string;
  customerId: string | null;
  name: string;
  amountMinor: string | null;
  currency: string | null;
  /** When it went wrong, was asked, or will happen. */
  at: number;
  invoiceId: string | null;
  number: string | null;
  /** By kind: the failure's reason, why the work failed, the plan, what was asked, the usual amount in minor units. */
  detail: string | null;
  actorName: string | null;
  timezone: string | null;
}

const LIMIT = 200;

/** Work that failed for good and was set aside; `number` is what it was. */
const parked = (organizationId: string) => sql`
  select 'parked' as kind, d.id, d.customer_id, coalesce(${customerName('c')}, 'The house itself') as name,
    null as amount_minor, null as currency, d.parked_at as at, null::uuid as invoice_id, d.kind as number,
    d.last_error as detail, null as actor_name, null as timezone
  from due_items d
  left join customers c on c.organization_id = d.organization_id and c.id = d.customer_id
  where d.organization_id = ${organizationId} and d.parked_at is not null and d.done_at is null
    and d.canceled_at is null
  order by d.parked_at ${rowLimit(LIMIT)}`;

const failed = (organizationId: string) => sql`
  select 'failed' as kind, i.id, i.customer_id, ${customerName('c')} as name,
    ${amountDue('i')}::text as amount_minor, i.currency,
    coalesce(i.payment_due_date::timestamp at time zone i.timezone, i.finalized_at, i.created_at) as at,
    i.id as invoice_id, i.number,
    (select y.failure_reason from payments y
      where y.organization_id = i.organization_id and y.invoice_id = i.id and y.payment_status = 'failed'
      order by y.created_at desc limit 1) as detail,
    case when i.payment_status = 'failed' then 'failed' else 'overdue' end as actor_name, i.timezone
  from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
  where i.organization_id = ${organizationId} and i.status = 'finalized' and i.payment_status <> 'succeeded'
    and (i.payment_status = 'failed' or i.payment_overdue) and ${amountDue('i')} > 0
  order by i.payment_due_date ${rowLimit(LIMIT)}`;

const trials = (organizationId: string, now: number) => sql`
  select 'trials' as kind, s.id, s.customer_id, ${customerName('c')} as name,
    coalesce((o.patch ->> 'amountMinor')::bigint, v.amount_minor)::text as amount_minor, v.currency,
    s.trial_ends_at as at, null::uuid as invoice_id, null as number, p.name || '|' || v.interval as detail,
    null as actor_name, coalesce(c.timezone, e.timezone) as timezone
  from subscriptions s
  join customers c on c.organization_id = s.organization_id and c.id = s.customer_id
  join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
  join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
  join plan_versions v on v.organization_id = s.organization_id and v.id = s.plan_version_id
  left join price_overrides o on o.organization_id = s.organization_id and o.subscription_id = s.id
  where s.organization_id = ${organizationId} and s.status = 'active'
    and s.trial_ends_at > ${at(now)} and s.trial_ends_at <= ${at(now + TRIAL_DAYS * DAY)}
  order by s.trial_ends_at ${rowLimit(LIMIT)}`;

const drafts = (organizationId: string) => sql`
  select 'drafts' as kind, i.id, i.customer_id, ${customerName('c')} as name,
    i.total_amount_minor::text as amount_minor, i.currency,
    coalesce(i.expected_finalization_date, i.issuing_date)::timestamp at time zone i.timezone as at,
    i.id as invoice_id, i.number, round(usual.amount)::text as detail, null as actor_name, i.timezone
  from invoices i
  join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
  join lateral (
    select avg(last.total_amount_minor) as amount from (
      select f.total_amount_minor from invoices f
      where f.organization_id = i.organization_id and f.customer_id = i.customer_id
        and f.status = 'finalized' and f.invoice_type = 'subscription' and f.currency = i.currency
      order by f.created_at desc limit 3) last
  ) usual on usual.amount > 0
  where i.organization_id = ${organizationId} and i.status = 'draft' and i.release_at is null
    and i.invoice_type = 'subscription'
    and (i.total_amount_minor >= usual.amount * ${ODD_FACTOR} or i.total_amount_minor * ${ODD_FACTOR} <= usual.amount)
  order by i.expected_finalization_date ${rowLimit(LIMIT)}`;

const approvals = (organizationId: string, now: number) => sql`
  select 'approvals' as kind, r.id, r.customer_id, coalesce(${customerName('c')}, r.title) as name,
    r.amount_minor::text as amount_minor, r.currency, r.created_at as at, null::uuid as invoice_id, null as number,
    r.title as detail, r.requested_by_name as actor_name, null as timezone
  from approval_requests r
  left join customers c on c.organization_id = r.organization_id and c.id = r.customer_id
  where r.organization_id = ${organizationId} and r.status = 'waiting' and r.expires_at > ${at(now)}
  order by r.created_at ${rowLimit(LIMIT)}`;

const credits = (organizationId: string, now: number) => sql`
  select 'credits' as kind, t.id, t.customer_id, ${customerName('c')} as name,
    t.remaining_amount_minor::text as amount_minor, w.currency, t.expires_at as at,
    null::uuid as invoice_id, null as number, t.amount_minor::text as detail, null as actor_name,
    coalesce(c.timezone, e.timezone) as timezone
  from wallet_transactions t
  join wallets w on w.organization_id = t.organization_id and w.id = t.wallet_id and w.status = 'active'
  join customers c on c.organization_id = t.organization_id and c.id = t.customer_id
  join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
  where t.organization_id = ${organizationId} and t.transaction_type = 'inbound' and t.status = 'settled'
    and t.remaining_amount_minor > 0
    and t.expires_at > ${at(now)} and t.expires_at <= ${at(now + CREDIT_DAYS * DAY)}
  order by t.expires_at ${rowLimit(LIMIT)}`;

/** Everything that waits for a person, each kind soonest or oldest first; amounts of different kinds are never added up. */
export async function workRows(tx: Tx, organizationId: string, now: number): Promise<WorkRow[]> {
  return tx.execute<WorkRow & Record<string, unknown>>(sql`
    select kind, id, customer_id as "customerId", name, amount_minor as "amountMinor", currency,
      ${millis('at')} as at, invoice_id as "invoiceId", number, detail, actor_name as "actorName", timezone
    from (
      (${parked(organizationId)}) union all (${failed(organizationId)}) union all (${trials(organizationId, now)}) union all (${drafts(organizationId)})
      union all (${approvals(organizationId, now)}) union all (${credits(organizationId, now)})
    ) work`);
}

export interface ComingDue {
  drafts: number;
  nextRelease: number | null;
  bills: number;
  billsOn: number | null;
}

/** What goes out by itself next. */
export async function comingDue(tx: Tx, organizationId: string, now: number): Promise<ComingDue> {
  const [row] = await tx.execute<ComingDue & Record<string, unknown>>(sql`
    select
      (select coalesce(sum(count), 0)::int from tallies
        where organization_id = ${organizationId} and subject = 'invoices' and key = 'draft') as drafts,
      (select ${millis('min(expected_finalization_date::timestamp at time zone timezone)')}
        from invoices where organization_id = ${organizationId} and status = 'draft') as "nextRelease",
      (select count(*)::int from due_items
        where organization_id = ${organizationId} and kind = 'subscription.bill'
          and done_at is null and canceled_at is null and parked_at is null
          and due_at <= ${at(now + 7 * DAY)}) as bills,
      (select ${millis('min(due_at)')} from due_items
        where organization_id = ${organizationId} and kind = 'subscription.bill'
          and done_at is null and canceled_at is null and parked_at is null) as "billsOn"`);
  return row ?? { drafts: 0, nextRelease: null, bills: 0, billsOn: null };
}
