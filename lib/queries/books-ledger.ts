import type { Invariant } from './invariant';

/** A ledger account's balance per customer and currency, as text of a sub-query. */
const balances = (kind: string) => `
  select a.customer_id, a.currency, sum(p.amount_minor) as amount
  from ledger_postings p
  join ledger_accounts a on a.organization_id = p.organization_id and a.id = p.account_id
  where p.organization_id = :org and a.kind = '${kind}'
  group by a.customer_id, a.currency`;

/** Compares a ledger account with what the books of the house say, per customer and currency. */
const agrees = (kind: string, expected: string) => `
  select coalesce(l.customer_id, e.customer_id) as subject,
         coalesce(l.currency, e.currency) || ' ledger ' || coalesce(l.amount, 0) || ' expected ' || coalesce(e.amount, 0) as detail
  from (${balances(kind)}) l
  full join (${expected}) e on e.customer_id = l.customer_id and e.currency = l.currency
  where coalesce(l.amount, 0) <> coalesce(e.amount, 0)`;

/** What active wallets still hold of one kind of credits, as the negative balance of a liability. */
const held = (purchased: boolean) => `
  select w.customer_id, w.currency, -sum(t.remaining_amount_minor) as amount
  from wallet_transactions t
  join wallets w on w.organization_id = t.organization_id and w.id = t.wallet_id
  where t.organization_id = :org and w.status = 'active' and t.transaction_type = 'inbound' and t.status = 'settled'
    and (t.transaction_status = 'purchased') = ${purchased}
  group by w.customer_id, w.currency`;

export const LEDGER_INVARIANTS: Invariant[] = [
  {
    name: 'Every entry of the ledger has equal sides',
    sql: `select entry_id as subject, currency || ' off by ' || sum(amount_minor) as detail
          from ledger_postings where organization_id = :org
          group by entry_id, currency having sum(amount_minor) <> 0`,
  },
  {
    name: 'No entry of the ledger is empty',
    sql: `select e.id as subject, e.source_type || ' ' || e.entry as detail from ledger_entries e
          where e.organization_id = :org and not exists (
            select 1 from ledger_postings p where p.organization_id = e.organization_id and p.entry_id = e.id)`,
  },
  {
    name: 'What customers owe is what issued invoices leave unpaid',
    sql: agrees(
      'receivable',
      `select i.customer_id, i.currency,
              sum(i.total_amount_minor - i.total_paid_amount_minor - i.total_offsetted_credit_note_amount_minor) as amount
       from invoices i
       where i.organization_id = :org and i.status = 'finalized'
         and (i.invoice_type <> 'credit' or exists (
           select 1 from wallet_transactions t
           where t.organization_id = i.organization_id and t.invoice_id = i.id
             and t.transaction_status = 'purchased' and t.status = 'settled'))
       group by i.customer_id, i.currency`,
    ),
  },
  {
    name: 'Free credits in the ledger are those customers still hold',
    sql: agrees('free_credit_liability', held(false)),
  },
  {
    name: 'Paid credits in the ledger are those customers still hold',
    sql: agrees('paid_credit_liability', held(true)),
  },
  {
    name: 'Credit notes in the ledger are what credit notes have left',
    sql: agrees(
      'credit_note_liability',
      `select customer_id, currency, -sum(balance_amount_minor) as amount from credit_notes
       where organization_id = :org and status = 'finalized' group by customer_id, currency`,
    ),
  },
  {
    name: 'Money in the ledger is what was received less what was refunded',
    sql: `select null as subject, coalesce(l.currency, e.currency) || ' ledger ' || coalesce(l.amount, 0) ||
                 ' expected ' || coalesce(e.amount, 0) as detail
          from (${balances('cash')}) l
          full join (
            select currency, sum(amount) as amount from (
              select currency, amount_minor as amount from payments
              where organization_id = :org and payment_status = 'succeeded'
              union all
              select currency, total_paid_amount_minor from invoices
              where organization_id = :org and invoice_type = 'advance_charges'
              union all
              select currency, -refund_amount_minor from credit_notes
              where organization_id = :org and status = 'finalized') moves
            group by currency) e on e.currency = l.currency
          where coalesce(l.amount, 0) <> coalesce(e.amount, 0)`,
  },
  {
    name: 'Every issued invoice is in the ledger',
    sql: `select i.id as subject, i.number as detail from invoices i
          where i.organization_id = :org and i.status in ('finalized', 'voided') and i.invoice_type <> 'credit'
            and (i.sub_total_excluding_taxes_minor <> 0 or i.taxes_amount_minor <> 0)
            and not exists (
              select 1 from ledger_entries e where e.organization_id = i.organization_id
                and e.source_type = 'invoice' and e.source_id = i.id and e.entry = 'finalized')`,
  },
];
