import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type AggregationType, aggregations } from '@/lib/billing/metering/registry';
import type { ChargeModelName } from '@/lib/billing/pricing/registry';
import { customerName, millis } from './sql';

export interface PlanCard {
  id: string;
  code: string;
  name: string;
  description: string | null;
  retiredAt: number | null;
  version: number;
  interval: string;
  amountMinor: string;
  currency: string;
  payInAdvance: boolean;
  trialDays: string | null;
  minimumMinor: string | null;
  fixedCharges: number;
  thresholds: number;
  customers: number;
  trying: number;
  onOldVersions: number;
  mrrMinor: string;
  prices: PlanPrice[];
}

export interface PlanPrice {
  id: string;
  name: string;
  unitName: string | null;
  model: ChargeModelName;
  properties: Record<string, unknown>;
  metricId: string;
}

/** Prices of a version as one JSON list, so that a list of plans is one query. */
const prices = (version: string) =>
  sql.raw(`coalesce((select jsonb_agg(jsonb_build_object('id', ch.id, 'metricId', m.id,
      'name', coalesce(nullif(ch.invoice_display_name, ''), m.name), 'unitName', m.unit_name,
      'model', ch.charge_model, 'properties', ch.properties) order by ch.position, ch.created_at)
    from charges ch
    join billable_metrics m on m.organization_id = ch.organization_id and m.id = ch.billable_metric_id
    where ch.organization_id = ${version}.organization_id and ch.plan_version_id = ${version}.id
      and ch.deleted_at is null), '[]'::jsonb)`);

/** Every plan with its price, who is on it and what they bring a month; retired ones last. */
export async function planCards(
  tx: Tx,
  organizationId: string,
  now: number,
  code: string | null = null,
): Promise<PlanCard[]> {
  return tx.execute<PlanCard & Record<string, unknown>>(sql`
    with running as (
      select v.id, v.plan_id, sum(t.count)::int as customers
      from tallies t
      join plan_versions v on v.organization_id = t.organization_id and v.id = t.key::uuid
      where t.organization_id = ${organizationId} and t.subject = 'subscriptions' group by v.id, v.plan_id
    ),
    people as (
      select r.plan_id, sum(r.customers)::int as customers,
        coalesce(sum(r.customers) filter (where r.id <> p.current_version_id), 0)::int as old
      from running r join plans p on p.organization_id = ${organizationId} and p.id = r.plan_id group by r.plan_id
    ),
    trials as (
      select s.plan_id, count(*)::int as trying from subscriptions s
      where s.organization_id = ${organizationId} and s.status = 'active'
        and s.trial_ends_at > ${new Date(now).toISOString()}::timestamptz group by s.plan_id
    ),
    revenue as (
      select key as plan_id, currency, sum(amount_minor) as mrr from tallies
      where organization_id = ${organizationId} and subject = 'revenue' group by 1, 2
    )
    select p.id, p.code, p.name, p.description, ${millis('p.retired_at')} as "retiredAt", v.version, v.interval,
      v.amount_minor::text as "amountMinor", v.currency, v.pay_in_advance as "payInAdvance",
      v.trial_days::text as "trialDays", v.commitment_amount_minor::text as "minimumMinor",
      (select count(*)::int from fixed_charges f where f.organization_id = v.organization_id
        and f.plan_version_id = v.id and f.deleted_at is null) as "fixedCharges",
      (select count(*)::int from usage_thresholds t where t.organization_id = v.organization_id
        and t.plan_version_id = v.id and t.deleted_at is null) as thresholds,
      coalesce(people.customers, 0) as customers, coalesce(trials.trying, 0) as trying,
      coalesce(people.old, 0) as "onOldVersions",
      coalesce((select revenue.mrr::text from revenue
        where revenue.plan_id = p.id::text and revenue.currency = v.currency), '0') as "mrrMinor",
      ${prices('v')} as prices
    from plans p
    join plan_versions v on v.organization_id = p.organization_id and v.id = p.current_version_id
    left join people on people.plan_id = p.id
    left join trials on trials.plan_id = p.id
    where p.organization_id = ${organizationId} and p.deleted_at is null
      and (${code}::text is null or p.code = ${code})
    order by p.retired_at nulls first, sum(coalesce(people.customers, 0)) over (partition by v.currency) desc,
      v.currency, v.interval, v.amount_minor, p.id limit 200`);
}

export interface PlanVersionLine {
  version: number;
  amountMinor: string;
  currency: string;
  interval: string;
  publishedAt: number | null;
  createdAt: number;
  customers: number;
  current: boolean;
}

/** All versions of a plan, the latest first, with who is on each. */
export async function planVersionsOf(
  tx: Tx,
  organizationId: string,
  planId: string,
): Promise<PlanVersionLine[]> {
  return tx.execute<PlanVersionLine & Record<string, unknown>>(sql`
    select v.version, v.amount_minor::text as "amountMinor", v.currency, v.interval,
      ${millis('v.published_at')} as "publishedAt", ${millis('v.created_at')} as "createdAt",
      coalesce((select sum(t.count)::int from tallies t where t.organization_id = v.organization_id
        and t.subject = 'subscriptions' and t.key = v.id::text), 0) as customers,
      p.current_version_id = v.id as current
    from plan_versions v
    join plans p on p.organization_id = v.organization_id and p.id = v.plan_id
    where v.organization_id = ${organizationId} and v.plan_id = ${planId}
    order by v.version desc limit 50`);
}

/** The customers on a plan, the longest first. */
export async function customersOnPlan(
  tx: Tx,
  organizationId: string,
  planId: string,
): Promise<{ id: string; name: string; since: number | null; version: number }[]> {
  return tx.execute<{ id: string; name: string; since: number | null; version: number }>(sql`
    select c.id, ${customerName('c')} as name, ${millis('s.started_at')} as since, v.version
    from subscriptions s
    join customers c on c.organization_id = s.organization_id and c.id = s.customer_id
    join plan_versions v on v.organization_id = s.organization_id and v.id = s.plan_version_id
    where s.organization_id = ${organizationId} and s.plan_id = ${planId} and s.status = 'active'
    order by s.started_at, s.id limit 10`);
}

export interface MeterChoice {
  id: string;
  code: string;
  name: string;
  unitName: string | null;
  /** What it counts, in words. */
  counts: string;
  aggregation: AggregationType;
  fieldName: string | null;
}

/** Meters that can be priced. */
export async function metersToPrice(tx: Tx, organizationId: string): Promise<MeterChoice[]> {
  const meters = await tx.execute<Omit<MeterChoice, 'counts'> & { description: string | null }>(sql`
    select id, code, name, unit_name as "unitName", description, aggregation_type as aggregation,
      field_name as "fieldName"
    from billable_metrics where organization_id = ${organizationId} and deleted_at is null
    order by name limit 200`);
  return meters.map(({ description, ...meter }) => ({
    ...meter,
    counts: description ?? aggregations[meter.aggregation].about,
  }));
}

/** The currency new plans are priced in unless said otherwise, and those in use. */
export async function planCurrencies(
  tx: Tx,
  organizationId: string,
): Promise<{ usual: string; all: string[] }> {
  const [row] = await tx.execute<{ usual: string | null; all: string[] | null }>(sql`
    select (select default_currency from billing_entities where organization_id = ${organizationId} and is_default) as usual,
      (select array_agg(distinct currency) from plan_versions where organization_id = ${organizationId}) as all`);
  const usual = row?.usual ?? 'USD';
  return { usual, all: [...new Set([usual, ...(row?.all ?? []), 'USD', 'EUR', 'GBP'])] };
}
