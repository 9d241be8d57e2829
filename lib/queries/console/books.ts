import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { AccountKind } from '@/db/schema';

export interface AccountTotal {
  kind: AccountKind;
  currency: string;
  /** Sums of both sides and what is left: debit positive, credit negative; minor units. */
  balanceMinor: string;
  /** The same as invoices, payments, credits and credit notes say; null where only the ledger keeps it. */
  documentsMinor: string | null;
}

/** Every account of the ledger per currency, beside what the documents say, in one snapshot. */
export async function accountTotals(tx: Tx, organizationId: string): Promise<AccountTotal[]> {
  return tx.execute<AccountTotal & Record<string, unknown>>(sql`
    with ledger as (
      select a.kind, a.currency, sum(p.amount_minor) as balance
      from ledger_postings p
      join ledger_accounts a on a.organization_id = p.organization_id and a.id = p.account_id
      where p.organization_id = ${organizationId} group by a.kind, a.currency
    ),
    documents as (
      select 'receivable' as kind, i.currency,
        sum(i.total_amount_minor - i.total_paid_amount_minor - i.total_offsetted_credit_note_amount_minor) as amount
      from invoices i
      where i.organization_id = ${organizationId} and i.status = 'finalized'
        and (i.invoice_type <> 'credit' or exists (
          select 1 from wallet_transactions t where t.organization_id = i.organization_id and t.invoice_id = i.id
            and t.transaction_status = 'purchased' and t.status = 'settled'))
      group by i.currency
      union all
      select case when t.transaction_status = 'purchased' then 'paid_credit_liability' else 'free_credit_liability' end,
        w.currency, -sum(t.remaining_amount_minor)
      from wallet_transactions t
      join wallets w on w.organization_id = t.organization_id and w.id = t.wallet_id and w.status = 'active'
      where t.organization_id = ${organizationId} and t.transaction_type = 'inbound' and t.status = 'settled'
      group by 1, 2
      union all
      select 'credit_note_liability', currency, -sum(balance_amount_minor) from credit_notes
      where organization_id = ${organizationId} and status = 'finalized' group by currency
      union all
      select 'cash', currency, sum(amount) from (
        select currency, amount_minor as amount from payments
        where organization_id = ${organizationId} and payment_status = 'succeeded'
        union all
        select currency, total_paid_amount_minor from invoices
        where organization_id = ${organizationId} and invoice_type = 'advance_charges'
        union all
        select currency, -refund_amount_minor from credit_notes
        where organization_id = ${organizationId} and status = 'finalized') moves
      group by currency
    )
    select coalesce(l.kind, d.kind) as kind, coalesce(l.currency, d.currency) as currency,
      coalesce(l.balance, 0)::text as "balanceMinor",
      case when coalesce(l.kind, d.kind) in ('receivable', 'paid_credit_liability', 'free_credit_liability',
        'credit_note_liability', 'cash') then coalesce(d.amount, 0)::text end as "documentsMinor"
    from ledger l full join documents d on d.kind = l.kind and d.currency = l.currency
    order by 2, 1`);
}
