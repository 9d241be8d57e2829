import type { Invariant } from './invariant';

export const CREDIT_INVARIANTS: Invariant[] = [
  {
    name: 'A customer’s credits are the sum of what is left of each grant',
    sql: `select w.id as subject, w.balance_minor || ' lots ' || coalesce(t.amount, 0) as detail
          from wallets w left join (
            select wallet_id, sum(remaining_amount_minor) as amount from wallet_transactions
            where organization_id = :org and transaction_type = 'inbound' and status = 'settled'
            group by wallet_id) t on t.wallet_id = w.id
          where w.organization_id = :org and w.status = 'active' and w.balance_minor <> coalesce(t.amount, 0)`,
  },
  {
    name: 'No credits and no grant stand below zero',
    sql: `select id as subject, 'wallet ' || balance_minor as detail from wallets
          where organization_id = :org and balance_minor < 0
          union all
          select id, 'lot ' || remaining_amount_minor from wallet_transactions
          where organization_id = :org and remaining_amount_minor < 0`,
  },
  {
    name: 'Each grant has left what was given less what was used',
    sql: `select t.id as subject, t.remaining_amount_minor || ' of ' || t.amount_minor || ' taken ' || coalesce(c.amount, 0) as detail
          from wallet_transactions t
          join wallets w on w.organization_id = t.organization_id and w.id = t.wallet_id and w.status = 'active'
          left join (
            select inbound_id, sum(amount_minor) as amount from wallet_consumptions
            where organization_id = :org group by inbound_id) c on c.inbound_id = t.id
          where t.organization_id = :org and t.transaction_type = 'inbound' and t.status = 'settled'
            and t.remaining_amount_minor <> t.amount_minor - coalesce(c.amount, 0)`,
  },
  {
    name: 'Every use of credits names the grants it came from',
    sql: `select t.id as subject, t.amount_minor || ' from lots ' || coalesce(c.amount, 0) as detail
          from wallet_transactions t left join (
            select outbound_id, sum(amount_minor) as amount from wallet_consumptions
            where organization_id = :org group by outbound_id) c on c.outbound_id = t.id
          where t.organization_id = :org and t.transaction_type = 'outbound' and t.status = 'settled'
            and t.amount_minor <> coalesce(c.amount, 0)`,
  },
  {
    name: 'A credit note is its credit, refund and offset, with its tax',
    sql: `select id as subject, number as detail from credit_notes
          where organization_id = :org and status in ('draft', 'finalized')
            and (total_amount_minor <> credit_amount_minor + refund_amount_minor + offset_amount_minor
              or total_amount_minor <> sub_total_excluding_taxes_minor + taxes_amount_minor)`,
  },
  {
    name: 'A credit note has left what later invoices did not use',
    sql: `select n.id as subject, n.balance_amount_minor || ' of ' || n.credit_amount_minor || ' used ' || coalesce(c.amount, 0) as detail
          from credit_notes n left join (
            select credit_note_id, sum(amount_minor) as amount from credits
            where organization_id = :org and kind = 'credit_note' group by credit_note_id) c on c.credit_note_id = n.id
          where n.organization_id = :org and n.status = 'finalized'
            and case when n.credit_status = 'voided'
                  then n.balance_amount_minor <> 0 or coalesce(c.amount, 0) > n.credit_amount_minor
                  else n.balance_amount_minor <> n.credit_amount_minor - coalesce(c.amount, 0)
                    or n.balance_amount_minor < 0 end`,
  },
  {
    name: 'A discount of one amount never gives more than that amount',
    sql: `select a.id as subject, a.amount_minor || ' given ' || sum(c.amount_minor) as detail
          from applied_coupons a
          join credits c on c.organization_id = a.organization_id and c.applied_coupon_id = a.id
          join invoices i on i.organization_id = c.organization_id and i.id = c.invoice_id
            and i.status not in ('voided', 'closed', 'deleted')
          where a.organization_id = :org and a.frequency = 'once' and a.amount_minor is not null
          group by a.id, a.amount_minor having sum(c.amount_minor) > a.amount_minor`,
  },
  {
    name: 'A discount for one bill is given once',
    sql: `select a.id as subject, count(*) as detail
          from applied_coupons a
          join credits c on c.organization_id = a.organization_id and c.applied_coupon_id = a.id
          join invoices i on i.organization_id = c.organization_id and i.id = c.invoice_id
            and i.status not in ('voided', 'closed', 'deleted')
          where a.organization_id = :org and a.frequency = 'once' and a.percentage_rate is not null
          group by a.id having count(*) > 1`,
  },
];
