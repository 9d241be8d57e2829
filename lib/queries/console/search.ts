import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { amountDue, customerName, likeText, millis, rowLimit } from './sql';

const MOST = 8;

export interface FoundCustomer {
  id: string;
  name: string;
  email: string | null;
  planName: string | null;
  trialing: boolean;
  active: boolean;
  timezone: string;
  owesMinor: string;
  currency: string | null;
}

/** Customers whose name or a word of it, e-mail, domain or own id begins with the words. */
export async function findCustomers(
  tx: Tx,
  organizationId: string,
  words: string,
  now: number,
): Promise<FoundCustomer[]> {
  const text = likeText(words.toLowerCase());
  const begins = `${text}%`;
  const inside = `%${text}%`;
  return tx.execute<FoundCustomer & Record<string, unknown>>(sql`
    with found as (
      select c.* from customers c
      where c.organization_id = ${organizationId} and c.deleted_at is null
        and (c.sort_name like ${inside} or lower(c.email) like ${inside}
          or lower(c.external_id) like ${begins} or lower(c.url) like ${inside})
      order by (c.sort_name like ${begins}) desc,
        c.sort_name, c.id ${rowLimit(MOST)}
    )
    select c.id, ${customerName('c')} as name, c.email, s."planName",
      coalesce(s.status = 'active' and s.trial_ends_at > ${new Date(now).toISOString()}::timestamptz, false) as trialing,
      coalesce(s.status = 'active', false) as active, coalesce(c.timezone, e.timezone) as timezone,
      c.currency, coalesce((select sum(${amountDue('i')}) from invoices i where i.organization_id = c.organization_id
        and i.customer_id = c.id and i.status = 'finalized' and i.payment_status <> 'succeeded'
        and i.currency = c.currency), 0)::text as "owesMinor"
    from found c
    join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
    left join lateral (
      select p.name as "planName", s.status, s.trial_ends_at from subscriptions s
      join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
      where s.organization_id = c.organization_id and s.customer_id = c.id
      order by (s.status = 'active') desc, s.created_at desc limit 1
    ) s on true
    order by (c.sort_name like ${begins}) desc, c.sort_name`);
}

export interface FoundInvoice {
  id: string;
  number: string | null;
  customerName: string;
  totalMinor: string;
  currency: string;
  issuedAt: number;
}

/** Issued invoices whose number begins with the words. */
export async function findInvoices(tx: Tx, organizationId: string, words: string): Promise<FoundInvoice[]> {
  return tx.execute<FoundInvoice & Record<string, unknown>>(sql`
    select i.id, i.number, ${customerName('c')} as "customerName", i.total_amount_minor::text as "totalMinor",
      i.currency, ${millis('i.created_at')} as "issuedAt"
    from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where i.organization_id = ${organizationId} and i.number is not null
      and (i.number ilike ${`${likeText(words)}%`} or i.number ilike ${`%-${likeText(words)}`})
    order by i.created_at desc ${rowLimit(MOST)}`);
}

export interface FoundAmount extends FoundInvoice {
  /** The line it stands on, or null when it is the total. */
  line: string | null;
}

/** Bills and lines of exactly this amount, in any currency with two decimals or with none. */
export async function findAmounts(
  tx: Tx,
  organizationId: string,
  minors: readonly bigint[],
): Promise<FoundAmount[]> {
  const list = sql.join(
    minors.map((minor) => sql`${minor.toString()}::bigint`),
    sql`, `,
  );
  return tx.execute<FoundAmount & Record<string, unknown>>(sql`
    select * from (
      select i.id, i.number, ${customerName('c')} as "customerName", i.total_amount_minor::text as "totalMinor",
        i.currency, ${millis('i.created_at')} as "issuedAt", null as line
      from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      where i.organization_id = ${organizationId} and i.status in ('finalized', 'draft')
        and i.total_amount_minor in (${list})
      union all
      select i.id, i.number, ${customerName('c')}, f.amount_minor::text, f.currency, ${millis('i.created_at')},
        coalesce(nullif(f.invoice_display_name, ''), f.item_name) as line
      from fees f
      join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
      join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      where f.organization_id = ${organizationId} and f.deleted_at is null and f.amount_minor in (${list})
        and i.status in ('finalized', 'draft') and f.amount_minor <> i.total_amount_minor
    ) found order by "issuedAt" desc ${rowLimit(MOST)}`);
}

/** Plans whose name or code holds the words. */
export async function findPlans(
  tx: Tx,
  organizationId: string,
  words: string,
): Promise<{ code: string; name: string; amountMinor: string; currency: string; interval: string }[]> {
  const like = `%${likeText(words.toLowerCase())}%`;
  return tx.execute<{
    code: string;
    name: string;
    amountMinor: string;
    currency: string;
    interval: string;
  }>(sql`
    select p.code, p.name, v.amount_minor::text as "amountMinor", v.currency, v.interval
    from plans p join plan_versions v on v.organization_id = p.organization_id and v.id = p.current_version_id
    where p.organization_id = ${organizationId} and p.deleted_at is null
      and (lower(p.name) like ${like} or lower(p.code) like ${like})
    order by p.retired_at nulls first, p.name ${rowLimit(MOST)}`);
}
