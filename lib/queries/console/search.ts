import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { customerName, likeText, millis, rowLimit } from './sql';

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

/** Of a word that many have, so many are looked at: those whose name begins with it come first anyway. */
const LOOKED_AT = 200;

/** Customers with the words inside their name, e-mail, address or own id; those whose name begins with them first. */
export async function findCustomers(
  tx: Tx,
  organizationId: string,
  words: string,
  now: number,
): Promise<FoundCustomer[]> {
  const text = words.toLowerCase();
  const like = `%${likeText(text)}%`;
  return tx.execute<FoundCustomer & Record<string, unknown>>(sql`
    with first as materialized (
      select c.id from customer_standings st
      join customers c on c.organization_id = st.organization_id and c.id = st.customer_id
      where st.organization_id = ${organizationId} and st.alive
        and st.sort_name >= ${text} and st.sort_name < ${text} || chr(1114111) and st.sort_name ^@ ${text}
      order by st.sort_name, st.customer_id ${rowLimit(MOST)}
    ),
    chosen as materialized (
      select id, 0 as place from first
      union all
      select id, 1 from customers_matching(${like}, ${LOOKED_AT}) id
      where (select count(*) from first) < ${MOST} and id not in (select id from first)
    ),
    found as (
      select c.*, chosen.place from chosen join customers c on c.organization_id = ${organizationId} and c.id = chosen.id
      order by chosen.place, c.sort_name, c.id ${rowLimit(MOST)}
    )
    select c.id, ${customerName('c')} as name, c.email, s."planName",
      coalesce(s.status = 'active' and s.trial_ends_at > ${new Date(now).toISOString()}::timestamptz, false) as trialing,
      coalesce(s.status = 'active', false) as active, coalesce(c.timezone, e.timezone) as timezone,
      c.currency, st.owes_minor::text as "owesMinor"
    from found c
    join customer_standings st on st.organization_id = c.organization_id and st.customer_id = c.id
    join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
    left join lateral (
      select p.name as "planName", s.status, s.trial_ends_at from subscriptions s
      join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
      where s.organization_id = c.organization_id and s.customer_id = c.id
      order by (s.status = 'active') desc, s.created_at desc limit 1
    ) s on true
    order by c.place, c.sort_name`);
}

export interface FoundInvoice {
  id: string;
  number: string | null;
  customerName: string;
  totalMinor: string;
  currency: string;
  issuedAt: number;
}

/** Issued invoices whose number begins with the words or ends with them, the latest of those looked at first. */
export async function findInvoices(tx: Tx, organizationId: string, words: string): Promise<FoundInvoice[]> {
  const text = words.toLowerCase();
  return tx.execute<FoundInvoice & Record<string, unknown>>(sql`
    select i.id, i.number, ${customerName('c')} as "customerName", i.total_amount_minor::text as "totalMinor",
      i.currency, ${millis('i.created_at')} as "issuedAt"
    from (
      select i.* from invoices_numbered(${text}, ${`-${text}`}, ${LOOKED_AT}) found (id)
      join invoices i on i.organization_id = ${organizationId} and i.id = found.id
      order by i.created_at desc ${rowLimit(MOST)}
    ) i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    order by i.created_at desc`);
}

export interface FoundAmount extends FoundInvoice {
  /** The line it stands on, or null when it is the total. */
  line: string | null;
}

/** Bills and lines of exactly one of these amounts, in any currency, the latest of those looked at first. */
export async function findAmounts(
  tx: Tx,
  organizationId: string,
  minors: readonly bigint[],
): Promise<FoundAmount[]> {
  const amounts = sql`unnest(${`{${minors.join(',')}}`}::bigint[]) asked (minor)`;
  return tx.execute<FoundAmount & Record<string, unknown>>(sql`
    with bills as (
      select own.id, null::uuid as fee_id, own.created_at from ${amounts} cross join lateral (
        select i.id, i.created_at from invoices i
        where i.organization_id = ${organizationId} and i.total_amount_minor = asked.minor
          and i.status in ('finalized', 'draft')
        order by i.created_at desc ${rowLimit(MOST)}) own
    ),
    lines as (
      select i.id, own.id as fee_id, i.created_at from ${amounts} cross join lateral (
        select f.id, f.invoice_id, f.amount_minor from fees f
        where f.organization_id = ${organizationId} and f.amount_minor = asked.minor and f.deleted_at is null
        order by f.created_at desc ${rowLimit(LOOKED_AT)}) own
      join invoices i on i.organization_id = ${organizationId} and i.id = own.invoice_id
        and i.status in ('finalized', 'draft') and i.total_amount_minor <> own.amount_minor
    ),
    found as (
      select * from (select * from bills union all select * from lines) both_kinds
      order by created_at desc ${rowLimit(MOST)}
    )
    select i.id, i.number, ${customerName('c')} as "customerName",
      coalesce(f.amount_minor, i.total_amount_minor)::text as "totalMinor", i.currency,
      ${millis('i.created_at')} as "issuedAt", coalesce(nullif(f.invoice_display_name, ''), f.item_name) as line
    from found
    join invoices i on i.organization_id = ${organizationId} and i.id = found.id
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    left join fees f on f.organization_id = ${organizationId} and f.id = found.fee_id
    order by found.created_at desc`);
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
