import postgres from 'postgres';
import { moveClock } from '@/lib/runners/clock';
import { foldUsage } from '@/lib/usage/fold';
import {
  assertSoundBooks,
  type BenchCompany,
  copyCustomer,
  foundCompany,
  newCustomer,
  use,
} from './company.ts';
import type { BenchDatabase } from './world.ts';

const START = Date.parse('2026-05-01T14:00:00Z');
export const BILLING_DAY = Date.parse('2026-06-01T04:00:00Z');
/** Customers whose bills the engine makes itself; the others are loaded as rows. */
const BILLED_HERE = 200;

export interface AgedSizes {
  customers: number;
  /** Invoices of each customer. */
  months: number;
  /** Events of each meter of each customer. */
  events: number;
}

/**
 * A company of some age: a few customers billed by the product's own run, and as many more as wanted loaded in bulk with
 * an invoice a month, all paid but the last, with payments, ledger, movements, history and use. Throws when its books do
 * not hold.
 */
export async function agedCompany(
  database: BenchDatabase,
  { customers, months, events }: AgedSizes,
): Promise<BenchCompany> {
  const { databases, ownerUrl } = database;
  const company = await foundCompany(databases, { startsAt: START, mode: 'sandbox', payInAdvance: false });
  const { organizationId } = company;
  const model = await newCustomer(company, 'model');
  const billed = await copyCustomer(company, model, BILLED_HERE - 1, 'billed');
  await use(company, billed, { from: START, to: BILLING_DAY - 1, each: 2 });
  await moveClock(databases, organizationId, BILLING_DAY);
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner`set work_mem = '256MB'`;
    await owner`set jit = off`;
    await loadCustomers(owner, customers - BILLED_HERE);
    await loadInvoices(owner, months);
    await loadRevenue(owner);
    await loadHistory(owner);
    if (events > 0) await loadUse(owner, events);
    await owner`vacuum analyze`;
  } finally {
    await owner.end();
  }
  await foldUsage(databases, organizationId);
  await assertSoundBooks(company);
  return company;
}

/** Names of two words and a number, so that words are shared by many. */
async function loadCustomers(owner: postgres.Sql, count: number): Promise<void> {
  await owner`
    create temp table loaded as
    select n, uuidv7() as customer_id, uuidv7() as subscription_id, 'firm-' || n as external_id,
      case when n % 20 = 0 then 'terminated' else 'active' end as status,
      n % 20 = 1 as trying, p.id as plan_id, p.current_version_id as plan_version_id, v.amount_minor as price
    from generate_series(1, ${count}::int) n
    join plans p on p.code = case when n % 5 = 0 then 'studio' else 'crew' end
    join plan_versions v on v.id = p.current_version_id`;
  await owner`
    insert into customers (organization_id, id, billing_entity_id, external_id, sequential_id, slug, name, email, url,
      currency, timezone, created_at, updated_at)
    select c.organization_id, l.customer_id, c.billing_entity_id, l.external_id, 1000 + l.n, 'FIRM-' || l.n,
      (array['Amber', 'Brisk', 'Copper', 'Dune', 'Ember', 'Fjord', 'Grove', 'Haven', 'Iris', 'Juniper'])[1 + l.n % 10] || ' '
        || (array['Harbour', 'Labs', 'Mills', 'Works', 'Freight', 'Analytics', 'Foods'])[1 + l.n / 10 % 7] || ' ' || l.n,
      'money@firm-' || l.n || '.example', 'https://firm-' || l.n || '.example', c.currency, c.timezone,
      c.created_at - make_interval(days => l.n % 900), c.updated_at
    from loaded l cross join customers c where c.external_id = 'model' order by l.n`;
  await owner`
    insert into subscriptions select (copy).* from (
      select jsonb_populate_record(s, jsonb_build_object('id', l.subscription_id, 'customer_id', l.customer_id,
        'external_id', l.external_id, 'plan_id', l.plan_id, 'plan_version_id', l.plan_version_id, 'status', l.status,
        'terminated_at', case when l.status = 'terminated' then ${new Date(BILLING_DAY)}::timestamptz - interval '40 days' end,
        'trial_ends_at', case when l.trying then ${new Date(BILLING_DAY)}::timestamptz + make_interval(days => l.n % 30) end)) as copy
      from loaded l cross join subscriptions s where s.external_id = 'model' order by l.n offset 0) copies`;
  await owner`
    insert into due_items select (copy).* from (
      select jsonb_populate_record(d, jsonb_build_object('id', uuidv7(), 'customer_id', l.customer_id,
        'subject_id', l.subscription_id)) as copy
      from loaded l cross join due_items d join subscriptions s on s.id = d.subject_id and s.external_id = 'model'
      where d.done_at is null and d.canceled_at is null and l.status = 'active' order by l.n offset 0) copies`;
}

/** The last month's invoice is open; a share of the last two failed or is overdue; the others are paid. */
async function loadInvoices(owner: postgres.Sql, months: number): Promise<void> {
  await owner`
    create temp table billed as
    select l.customer_id, l.subscription_id, l.plan_version_id, l.price, uuidv7() as id, uuidv7() as payment_id,
      ${months}::int - k as place, row_number() over (order by k desc, l.n) as whole, s.organization_id, c.billing_entity_id,
      'FIRM-' || l.n || '-' || lpad((${months}::int - k)::text, 3, '0') as number,
      ${new Date(BILLING_DAY)}::timestamptz - make_interval(months => k, secs => l.n) as at,
      k = 0 or (k = 1 and l.n % 50 = 0) as open, k = 1 as late, k = 0 and l.n % 100 = 1 as failed
    from generate_series(${months}::int - 1, 0, -1) k cross join loaded l
    join customers c on c.id = l.customer_id join subscriptions s on s.id = l.subscription_id
    order by k desc, l.n`;
  // Triggers refuse what is added to issued invoices, and references would be looked up one by one. Sums are kept.
  await owner`alter table invoices enable always trigger tally_invoices_added, enable always trigger stand_added`;
  await owner`alter table customer_standings enable always trigger tally_standings_moved`;
  await owner`set session_replication_role = replica`;
  await owner`
    insert into invoices (organization_id, id, customer_id, billing_entity_id, invoice_type, status, payment_status,
      payment_overdue, number, sequential_id, entity_sequential_id, currency, timezone, issuing_date, payment_due_date,
      fees_amount_minor, sub_total_excluding_taxes_minor, sub_total_including_taxes_minor, total_amount_minor,
      total_paid_amount_minor, billed_at, finalized_at, created_at, updated_at)
    select organization_id, id, customer_id, billing_entity_id, 'subscription', 'finalized',
      case when failed then 'failed' when open then 'pending' else 'succeeded' end, open and late, number, place,
      100000 + whole, 'USD', 'America/New_York', at::date, at::date + 30, price, price, price, price,
      case when open then 0 else price end, at, at, at, at
    from billed order by whole`;
  await owner`
    insert into fees (organization_id, id, invoice_id, customer_id, subscription_id, fee_type, item_code, item_name,
      currency, units, amount_minor, precise_amount_minor, unit_amount_minor, precise_unit_amount, created_at)
    select organization_id, uuidv7(), id, customer_id, subscription_id, 'subscription', 'plan', 'Plan', 'USD', 1, price,
      price, price, price / 100.0, at from billed order by whole`;
  await owner`
    insert into invoice_subscriptions (organization_id, id, invoice_id, subscription_id, plan_version_id,
      invoicing_reason, recurring, "timestamp", billing_day)
    select organization_id, uuidv7(), id, subscription_id, plan_version_id, 'subscription_periodic', true, at,
      'loaded ' || place from billed order by whole`;
  await owner`
    insert into payments (organization_id, id, customer_id, invoice_id, kind, status, payment_status, amount_minor,
      currency, failure_reason, paid_at, created_at)
    select organization_id, payment_id, customer_id, id, 'provider', case when failed then 'failed' else 'succeeded' end,
      case when failed then 'failed' else 'succeeded' end, price, 'USD', case when failed then 'card_expired' end,
      case when failed then null else at + interval '2 hours' end, at + interval '2 hours'
    from billed where failed or not open order by whole`;
  await owner`
    insert into ledger_accounts (organization_id, id, kind, currency, customer_id)
    select distinct b.organization_id, gen_random_uuid(), 'receivable', 'USD', b.customer_id from billed b
    union all
    select o.id, gen_random_uuid(), kind, 'USD', null from organizations o, unnest(array['cash', 'revenue']) kind
    on conflict do nothing`;
  await owner`
    create temp table posted as
    select b.organization_id, uuidv7() as id, 'invoice' as source, 'finalized' as entry, b.id as source_id,
      b.customer_id, b.at, b.price, owes.id as debit, earns.id as credit
    from billed b
    join ledger_accounts owes on owes.customer_id = b.customer_id and owes.kind = 'receivable'
    join ledger_accounts earns on earns.organization_id = b.organization_id and earns.kind = 'revenue'
    union all
    select b.organization_id, uuidv7(), 'payment', 'received', b.payment_id, b.customer_id, b.at + interval '2 hours',
      b.price, cash.id, owes.id
    from billed b
    join ledger_accounts owes on owes.customer_id = b.customer_id and owes.kind = 'receivable'
    join ledger_accounts cash on cash.organization_id = b.organization_id and cash.kind = 'cash'
    where not b.open`;
  await owner`
    insert into ledger_entries (organization_id, id, entry, source_type, source_id, customer_id, occurred_at, created_at)
    select organization_id, id, entry, source, source_id, customer_id, at, at from posted`;
  await owner`
    insert into ledger_postings (organization_id, id, entry_id, account_id, amount_minor, currency, occurred_at)
    select p.organization_id, uuidv7(), p.id, side.account, side.amount, 'USD', p.at
    from posted p cross join lateral (values (p.debit, p.price), (p.credit, -p.price)) side (account, amount)`;
  await owner`
    insert into outbox (organization_id, id, topic, type, object_type, object_id, release_at, dispatched_at, created_at)
    select organization_id, uuidv7(), 'webhook', 'invoice.created', 'invoice', id, at, at, at from billed order by whole`;
  await owner`set session_replication_role = origin`;
}

/** Each running customer began on some day of the last 40 months; a third of them has grown since. */
async function loadRevenue(owner: postgres.Sql): Promise<void> {
  await owner`
    insert into revenue_movements (organization_id, id, customer_id, subscription_id, plan_id, day, kind, currency,
      amount_minor, closing_minor, list_closing_minor, occurred_at, created_at)
    select s.organization_id, uuidv7(), l.customer_id, l.subscription_id, l.plan_id, (m.at)::date, m.kind, 'USD', m.amount,
      m.closing, m.closing, m.at, m.at
    from loaded l join subscriptions s on s.id = l.subscription_id
    cross join lateral (values
      ('new', l.price - 1000, l.price - 1000, ${new Date(BILLING_DAY)}::timestamptz - make_interval(days => 40 + l.n % 1200)),
      ('expansion', 1000::bigint, l.price, ${new Date(BILLING_DAY)}::timestamptz - make_interval(days => (40 + l.n % 1200) / 2)),
      ('churn', -l.price, 0::bigint, ${new Date(BILLING_DAY)}::timestamptz)) m (kind, amount, closing, at)
    where m.kind <> 'churn' or l.status = 'terminated' order by m.at`;
  await owner`
    insert into customer_revenue (organization_id, customer_id, currency, mrr_minor, list_mrr_minor, ever_positive,
      parts, updated_at)
    select s.organization_id, l.customer_id, 'USD', case l.status when 'active' then l.price else 0 end,
      case l.status when 'active' then l.price else 0 end, 'yes', case l.status when 'active' then
        jsonb_build_object(l.subscription_id, jsonb_build_object('list', l.price::text, 'net', l.price::text, 'planId', l.plan_id))
        else '{}' end, s.updated_at
    from loaded l join subscriptions s on s.id = l.subscription_id`;
}

/** Ten acts for each customer, a tenth of them by people. */
async function loadHistory(owner: postgres.Sql): Promise<void> {
  await owner`
    insert into audit_rows (organization_id, id, command, title, actor_type, actor_name, customer_id, subject_type, input,
      occurred_at, created_at)
    select s.organization_id, uuidv7(), 'customers/upsert', 'Change the customer', case k when 1 then 'person' else 'api_key' end,
      case k when 1 then 'Tomas' else 'Key' end, l.customer_id, 'customer', '{}',
      ${new Date(BILLING_DAY)}::timestamptz - make_interval(days => k * 30, secs => l.n), ${new Date(BILLING_DAY)}
    from generate_series(10, 1, -1) k cross join loaded l join subscriptions s on s.id = l.subscription_id`;
}

/** Events of the month before, spread over its hours. */
async function loadUse(owner: postgres.Sql, each: number): Promise<void> {
  await owner`
    insert into events (organization_id, id, external_subscription_id, transaction_id, code, "timestamp", properties, ingested_at)
    select s.organization_id, uuidv7(), l.external_id, 'loaded-' || m.code || '-' || k, m.code,
      ${new Date(BILLING_DAY)}::timestamptz - make_interval(mins => k * (41000 / ${each}::int) - l.n % 60),
      jsonb_build_object('units', k), ${new Date(BILLING_DAY)}
    from generate_series(${each}::int, 1, -1) k cross join billable_metrics m cross join loaded l
    join subscriptions s on s.id = l.subscription_id`;
}
