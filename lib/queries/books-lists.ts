import type { Invariant } from './invariant';

/** Compares kept sums with what they sum, both as (key, currency, count, amount, due). */
const kept = (subject: string, raw: string) => `
  select null as subject, coalesce(k.key, r.key) || ' ' || coalesce(k.currency, r.currency) || ' kept ' ||
    coalesce(k.count, 0) || ', ' || coalesce(k.amount, 0) || ', ' || coalesce(k.due, 0) || ' found ' ||
    coalesce(r.count, 0) || ', ' || coalesce(r.amount, 0) || ', ' || coalesce(r.due, 0) as detail
  from (
    select key, currency, sum(count) as count, sum(amount_minor) as amount, sum(due_minor) as due from tallies
    where organization_id = :org and subject = '${subject}' group by key, currency) k
  full join (${raw}) r on r.key = k.key and r.currency = k.currency
  where coalesce(k.count, 0) <> coalesce(r.count, 0) or coalesce(k.amount, 0) <> coalesce(r.amount, 0)
    or coalesce(k.due, 0) <> coalesce(r.due, 0)`;

const DUE = 'total_amount_minor - total_paid_amount_minor - total_offsetted_credit_note_amount_minor';
const UNPAID = `status = 'finalized' and payment_status <> 'succeeded'`;

export const LIST_INVARIANTS: Invariant[] = [
  {
    name: 'The lists of invoices count and add up what invoices say',
    sql: kept(
      'invoices',
      `select case
           when ${UNPAID} and ${DUE} > 0 then 'open' || case when payment_status = 'failed' then ' failed' else '' end
             || case when payment_overdue then ' overdue' else '' end
           when status = 'finalized' then 'settled' else status end as key,
         currency, count(*) as count, sum(total_amount_minor) as amount,
         sum(case when ${UNPAID} then greatest(${DUE}, 0) else 0 end) as due
       from invoices where organization_id = :org and status in ('draft', 'finalized', 'voided', 'pending', 'failed')
       group by 1, 2`,
    ),
  },
  {
    name: 'Where each customer stands is what its subscriptions, invoices and revenue say',
    sql: `select c.id as subject, 'owes ' || coalesce(s.owes_minor, 0) || ' invoices ' || coalesce(i.owes, 0) as detail
          from customers c
          left join customer_standings s on s.organization_id = c.organization_id and s.customer_id = c.id
          left join (
            select customer_id, bool_or(status = 'active') as running, bool_or(status = 'terminated') as ended,
              max(trial_ends_at) filter (where status = 'active') as trial_until,
              min(coalesce(trial_ends_at, '-infinity')) filter (where status = 'active') as paying_from
            from subscriptions where organization_id = :org group by customer_id) a on a.customer_id = c.id
          left join (
            select i.customer_id, bool_or(${DUE} > 0) as owing,
              bool_or(payment_status = 'failed' or payment_overdue) filter (where i.currency = whose.currency) as late,
              sum(greatest(${DUE}, 0)) filter (where i.currency = whose.currency) as owes
            from invoices i join customers whose on whose.organization_id = i.organization_id and whose.id = i.customer_id
            where i.organization_id = :org and ${UNPAID} group by i.customer_id) i on i.customer_id = c.id
          left join customer_revenue r on r.organization_id = c.organization_id and r.customer_id = c.id
            and r.currency = c.currency
          where c.organization_id = :org and (s.customer_id is null
            or (s.alive, s.currency, s.sort_name) is distinct from
              (c.deleted_at is null, coalesce(c.currency, ''), c.sort_name)
            or (s.running, s.trial_until, s.paying_from) is distinct from
              (coalesce(a.running, false), a.trial_until, a.paying_from)
            or (s.gone and (a.running or not a.ended))
            or (s.owing, s.late, s.owes_minor) is distinct from
              (coalesce(i.owing, false), coalesce(i.late, false), coalesce(i.owes, 0))
            or s.mrr_minor is distinct from r.mrr_minor)`,
  },
  {
    name: 'The lists of customers count and add up where customers stand',
    sql: kept(
      'customers',
      `select concat_ws(' ', case when running then 'running' end, case when gone then 'gone' end,
           case when owing then 'owing' end) as key,
         currency, count(*) as count, coalesce(sum(mrr_minor), 0) as amount, sum(owes_minor) as due
       from customer_standings where organization_id = :org and alive group by 1, 2`,
    ),
  },
  {
    name: 'Plans count the subscriptions that run on them',
    sql: kept(
      'subscriptions',
      `select plan_version_id::text as key, '' as currency, count(*) as count, 0 as amount, 0 as due
       from subscriptions where organization_id = :org and status = 'active' group by 1`,
    ),
  },
  {
    name: 'Revenue by plan adds up what each customer brings',
    sql: kept(
      'revenue',
      `select part.value ->> 'planId' as key, r.currency, count(distinct r.customer_id) as count,
         sum((part.value ->> 'net')::numeric) as amount, 0 as due
       from customer_revenue r cross join lateral jsonb_each(r.parts) part
       where r.organization_id = :org and r.mrr_minor > 0 group by 1, 2`,
    ),
  },
  {
    name: 'Revenue by month adds up its movements',
    sql: kept(
      'movements',
      `select to_char(day, 'YYYY-MM ') || kind as key, currency, count(*) as count, sum(amount_minor) as amount, 0 as due
       from revenue_movements where organization_id = :org group by 1, 2`,
    ),
  },
  {
    name: 'What each customer brings is the sum of its movements',
    sql: `select coalesce(r.customer_id, m.customer_id) as subject,
                 coalesce(r.mrr_minor, 0) || ' movements ' || coalesce(m.amount, 0) as detail
          from (select customer_id, currency, mrr_minor from customer_revenue where organization_id = :org) r
          full join (
            select customer_id, currency, sum(amount_minor) as amount from revenue_movements
            where organization_id = :org group by customer_id, currency) m
            on m.customer_id = r.customer_id and m.currency = r.currency
          where coalesce(r.mrr_minor, 0) <> coalesce(m.amount, 0)`,
  },
];
