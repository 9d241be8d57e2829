import type { Invariant } from './invariant';

const FINISHED = `i.organization_id = :org and i.status in ('finalized', 'voided')`;

export const INVOICE_INVARIANTS: Invariant[] = [
  {
    name: 'Every invoice adds up: lines, discounts, tax, credits and total',
    sql: `select i.id as subject, i.number as detail from invoices i
          where i.organization_id = :org and i.status in ('draft', 'finalized', 'voided') and (
            i.fees_amount_minor - i.progressive_billing_credit_amount_minor - i.coupons_amount_minor
              <> i.sub_total_excluding_taxes_minor
            or i.sub_total_excluding_taxes_minor + i.taxes_amount_minor <> i.sub_total_including_taxes_minor
            or i.sub_total_including_taxes_minor - i.credit_notes_amount_minor - i.prepaid_credit_amount_minor
              <> i.total_amount_minor
            or i.total_amount_minor < 0)`,
  },
  {
    name: 'The lines of each invoice add up to its subtotal',
    sql: `select i.id as subject, i.fees_amount_minor || ' lines ' || coalesce(f.amount, 0) as detail
          from invoices i left join (
            select invoice_id, sum(amount_minor) as amount from fees
            where organization_id = :org and deleted_at is null group by invoice_id) f on f.invoice_id = i.id
          where ${FINISHED} and i.fees_amount_minor <> coalesce(f.amount, 0)`,
  },
  {
    name: 'Discounts and credit notes used are the totals printed',
    sql: `select i.id as subject, i.number as detail
          from invoices i left join (
            select invoice_id,
                   sum(amount_minor) filter (where kind = 'coupon') as coupons,
                   sum(amount_minor) filter (where kind = 'credit_note') as notes,
                   sum(amount_minor) filter (where kind = 'invoice') as progressive
            from credits where organization_id = :org group by invoice_id) c on c.invoice_id = i.id
          where ${FINISHED} and (i.coupons_amount_minor <> coalesce(c.coupons, 0)
            or i.credit_notes_amount_minor <> coalesce(c.notes, 0)
            or i.progressive_billing_credit_amount_minor <> coalesce(c.progressive, 0))`,
  },
  {
    name: 'Credits used by an invoice are the total printed on it',
    sql: `select i.id as subject, i.prepaid_credit_amount_minor || ' moved ' || coalesce(t.amount, 0) as detail
          from invoices i left join (
            select invoice_id, sum(amount_minor) as amount from wallet_transactions
            where organization_id = :org and transaction_status = 'invoiced' group by invoice_id) t on t.invoice_id = i.id
          where ${FINISHED} and i.prepaid_credit_amount_minor <> coalesce(t.amount, 0)`,
  },
  {
    // Lines that the seller collected outside are paid before their invoice exists (semantics 6.11).
    name: 'What an invoice counts as paid is the sum of its payments',
    sql: `select i.id as subject, i.total_paid_amount_minor || ' payments ' || coalesce(p.amount, 0) as detail
          from invoices i left join (
            select invoice_id, sum(amount_minor) as amount from payments
            where organization_id = :org and payment_status = 'succeeded' group by invoice_id) p on p.invoice_id = i.id
          where i.organization_id = :org and i.total_paid_amount_minor <> case i.invoice_type
            when 'advance_charges' then i.total_amount_minor else coalesce(p.amount, 0) end`,
  },
  {
    name: 'No invoice is paid beyond its total',
    sql: `select i.id as subject, i.number as detail from invoices i
          where i.organization_id = :org and i.status = 'finalized'
            and i.total_amount_minor - i.total_paid_amount_minor - i.total_offsetted_credit_note_amount_minor < 0`,
  },
  {
    name: 'What an invoice counts as offset is the sum of its credit notes',
    sql: `select i.id as subject, i.number as detail
          from invoices i left join (
            select invoice_id, sum(offset_amount_minor) as amount from credit_notes
            where organization_id = :org and status = 'finalized' group by invoice_id) n on n.invoice_id = i.id
          where i.organization_id = :org and i.total_offsetted_credit_note_amount_minor <> coalesce(n.amount, 0)`,
  },
  {
    name: 'Invoice numbers of each customer have no gap',
    sql: `select customer_id as subject, 'numbers ' || count(*) || ' last ' || max(sequential_id) as detail
          from invoices where organization_id = :org and sequential_id is not null
          group by customer_id, billing_entity_id
          having count(*) <> max(sequential_id) or count(distinct sequential_id) <> count(*)`,
  },
  {
    name: 'Invoice numbers of each company of yours have no double',
    sql: `select billing_entity_id as subject,
                 'numbers ' || count(*) || ' from ' || min(entity_sequential_id) || ' to ' || max(entity_sequential_id) as detail
          from invoices where organization_id = :org and entity_sequential_id is not null
          group by billing_entity_id
          having count(distinct entity_sequential_id) <> count(*)`,
  },
  {
    name: 'Every issued invoice was told to your systems',
    sql: `select i.id as subject, i.number as detail from invoices i
          where ${FINISHED} and not exists (
            select 1 from outbox o where o.organization_id = i.organization_id and o.object_id = i.id
              and o.type in ('invoice.created', 'invoice.one_off_created', 'invoice.paid_credit_added'))`,
  },
];
