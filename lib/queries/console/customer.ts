import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { CustomerMetadata, SubscriptionStatus } from '@/db/schema';
import { customerName, likeText, millis } from './sql';

const MOST_TO_START = 24;

export interface SubscriptionLine {
  id: string;
  externalId: string;
  status: SubscriptionStatus;
  planId: string;
  planCode: string;
  planName: string;
  planVersion: number;
  planVersionId: string;
  /** What this customer pays each interval: their own price where they have one. Minor units as text. */
  amountMinor: string;
  listAmountMinor: string;
  currency: string;
  interval: string;
  billingTime: 'calendar' | 'anniversary';
  payInAdvance: boolean;
  chargesMonthly: boolean;
  meters: number;
  subscriptionAt: number;
  startedAt: number | null;
  trialEndsAt: number | null;
  trialEndedAt: number | null;
  endingAt: number | null;
  terminatedAt: number | null;
  pausedAt: number | null;
  previousSubscriptionId: string | null;
}

export interface CustomerFacts {
  id: string;
  name: string;
  externalId: string;
  email: string | null;
  contact: string | null;
  url: string | null;
  legalName: string | null;
  taxNumber: string | null;
  phone: string | null;
  addressLines: string[];
  currency: string | null;
  /** The zone bills are cut in. */
  timezone: string;
  paymentTermDays: number;
  reviewDays: number;
  pinnedNote: string | null;
  parkedReason: string | null;
  metadata: CustomerMetadata[];
  createdAt: number;
  deletedAt: number | null;
}

type CustomerRow = Omit<CustomerFacts, 'addressLines'> & {
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  zipcode: string | null;
  country: string | null;
};

/** One customer as the page's header and details need it; null when there is none with this id. */
export async function customerFacts(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<CustomerFacts | null> {
  const [row] = await tx.execute<CustomerRow>(sql`
    select c.id, ${customerName('c')} as name, c.external_id as "externalId", c.email, c.url, c.phone,
      nullif(trim(concat_ws(' ', c.firstname, c.lastname)), '') as contact,
      c.legal_name as "legalName", c.tax_identification_number as "taxNumber",
      c.address_line1 as line1, c.address_line2 as line2, c.city, c.state, c.zipcode, c.country,
      c.currency, coalesce(c.timezone, e.timezone) as timezone,
      coalesce(c.net_payment_term, e.net_payment_term) as "paymentTermDays",
      coalesce(c.invoice_grace_period, e.invoice_grace_period) as "reviewDays",
      c.pinned_note as "pinnedNote", c.parked_reason as "parkedReason", c.metadata,
      ${millis('c.created_at')} as "createdAt", ${millis('c.deleted_at')} as "deletedAt"
    from customers c
    join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
    where c.organization_id = ${organizationId} and c.id = ${customerId}`);
  if (!row) return null;
  const { line1, line2, city, state, zipcode, country, ...facts } = row;
  const place = [[city, state].filter(Boolean).join(', '), zipcode].filter(Boolean).join(' ');
  return { ...facts, addressLines: [line1, line2, place, country].filter((line): line is string => !!line) };
}

/** A customer's agreements, the running ones first, with what each costs. */
export async function customerSubscriptions(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<SubscriptionLine[]> {
  return tx.execute<SubscriptionLine & Record<string, unknown>>(sql`
    select s.id, s.external_id as "externalId", s.status, s.plan_id as "planId", p.code as "planCode",
      coalesce(nullif(s.name, ''), nullif(p.invoice_display_name, ''), p.name) as "planName",
      v.version as "planVersion", v.id as "planVersionId",
      coalesce((o.patch ->> 'amountMinor')::bigint, v.amount_minor)::text as "amountMinor",
      v.amount_minor::text as "listAmountMinor", v.currency, v.interval,
      s.billing_time as "billingTime", v.pay_in_advance as "payInAdvance",
      (v.bill_charges_monthly or v.interval = 'monthly') as "chargesMonthly",
      (select count(*)::int from charges ch
        where ch.organization_id = v.organization_id and ch.plan_version_id = v.id and ch.deleted_at is null) as meters,
      ${millis('s.subscription_at')} as "subscriptionAt", ${millis('s.started_at')} as "startedAt",
      ${millis('s.trial_ends_at')} as "trialEndsAt", ${millis('s.trial_ended_at')} as "trialEndedAt",
      ${millis('s.ending_at')} as "endingAt", ${millis('s.terminated_at')} as "terminatedAt",
      ${millis('s.paused_at')} as "pausedAt", s.previous_subscription_id as "previousSubscriptionId"
    from subscriptions s
    join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
    join plan_versions v on v.organization_id = s.organization_id and v.id = s.plan_version_id
    left join price_overrides o on o.organization_id = s.organization_id and o.subscription_id = s.id
    where s.organization_id = ${organizationId} and s.customer_id = ${customerId}
    order by case s.status when 'active' then 0 when 'pending' then 1 else 2 end,
      case when s.status = 'active' then s.created_at end, s.created_at desc, s.id desc
    limit 50`);
}

export interface PlanChoice {
  code: string;
  name: string;
  amountMinor: string;
  currency: string;
  interval: string;
  meters: number;
}

export interface StartablePlan extends PlanChoice {
  /** Free days at the beginning, a decimal. */
  trialDays: string;
}

/** Plans open to customers whose name or code has these words, those in the preferred currency first, cheapest first. */
export async function plansToStart(
  tx: Tx,
  organizationId: string,
  { words, currency }: { words: string; currency: string | null },
): Promise<{ plans: StartablePlan[]; more: boolean }> {
  const like = `%${likeText(words.toLowerCase())}%`;
  const rows = await tx.execute<StartablePlan & Record<string, unknown>>(sql`
    select p.code, p.name, v.amount_minor::text as "amountMinor", v.currency, v.interval,
      v.trial_days::text as "trialDays",
      (select count(*)::int from charges ch
        where ch.organization_id = v.organization_id and ch.plan_version_id = v.id and ch.deleted_at is null) as meters
    from plans p
    join plan_versions v on v.organization_id = p.organization_id and v.id = p.current_version_id
    where p.organization_id = ${organizationId} and p.deleted_at is null and p.retired_at is null
      and p.pending_deletion_at is null
      and (lower(p.name) like ${like} or lower(p.code) like ${like})
    order by (v.currency = coalesce(${currency}::text, v.currency)) desc, v.interval, v.amount_minor, p.id
    limit ${MOST_TO_START + 1}`);
  return { plans: rows.slice(0, MOST_TO_START), more: rows.length > MOST_TO_START };
}

/** Plans open to customers that bill in this currency, cheapest first. */
export async function plansToChooseFrom(
  tx: Tx,
  organizationId: string,
  currency: string | null,
): Promise<PlanChoice[]> {
  return tx.execute<PlanChoice & Record<string, unknown>>(sql`
    select p.code, p.name, v.amount_minor::text as "amountMinor", v.currency, v.interval,
      (select count(*)::int from charges ch
        where ch.organization_id = v.organization_id and ch.plan_version_id = v.id and ch.deleted_at is null) as meters
    from plans p
    join plan_versions v on v.organization_id = p.organization_id and v.id = p.current_version_id
    where p.organization_id = ${organizationId} and p.deleted_at is null and p.retired_at is null
      and p.pending_deletion_at is null
      and (${currency}::text is null or v.currency = ${currency})
    order by v.interval, v.amount_minor, p.id
    limit 40`);
}

/** The entity that bills a customer who names none: its zone is theirs until they have their own. */
export async function defaultEntity(tx: Tx, organizationId: string): Promise<{ timezone: string }> {
  const [row] = await tx.execute<{ timezone: string }>(
    sql`select timezone from billing_entities where organization_id = ${organizationId} and is_default`,
  );
  if (!row) throw new Error(`organisation ${organizationId} has no default billing entity`);
  return row;
}
