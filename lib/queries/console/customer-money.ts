import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { amountDue, at, millis } from './sql';

export interface CreditLot {
  id: string;
  name: string | null;
  kind: 'granted' | 'purchased';
  remainingMinor: string;
  grantedMinor: string;
  currency: string;
  expiresAt: number | null;
  createdAt: number;
}

export interface RunningDiscount {
  id: string;
  name: string;
  percent: string | null;
  amountMinor: string | null;
  currency: string | null;
  /** Bills it still lowers; null is for ever. */
  billsLeft: number | null;
}

export interface CurrencyMoney {
  currency: string;
  paidMinor: string;
  bills: number;
  owesMinor: string;
}

export interface CustomerMoney {
  perCurrency: CurrencyMoney[];
  lastPayment: { amountMinor: string; currency: string; at: number; method: string | null } | null;
  lots: CreditLot[];
  discounts: RunningDiscount[];
  /** Credits staff gave in the last 12 months and did not take back, and what discounts took off bills. */
  givenAway: { currency: string; amountMinor: string }[];
}

const YEAR = 365 * 86_400_000;

/** What a customer paid, owes, holds in credits and was given. Currencies are never added up. */
export async function customerMoney(
  tx: Tx,
  organizationId: string,
  customerId: string,
  now: number,
): Promise<CustomerMoney> {
  const perCurrency = await tx.execute<CurrencyMoney & Record<string, unknown>>(sql`
    select i.currency, sum(i.total_paid_amount_minor)::text as "paidMinor",
      count(*) filter (where i.total_paid_amount_minor > 0)::int as bills,
      coalesce(sum(${amountDue('i')}) filter (where i.payment_status <> 'succeeded'), 0)::text as "owesMinor"
    from invoices i
    where i.organization_id = ${organizationId} and i.customer_id = ${customerId} and i.status = 'finalized'
    group by i.currency order by i.currency`);
  const [lastPayment] = await tx.execute<{
    amountMinor: string;
    currency: string;
    at: number;
    method: string | null;
  }>(sql`
    select amount_minor::text as "amountMinor", currency, ${millis('coalesce(paid_at, created_at)')} as at, method
    from payments
    where organization_id = ${organizationId} and customer_id = ${customerId} and payment_status = 'succeeded'
    order by created_at desc limit 1`);
  const givenAway = await tx.execute<{ currency: string; amountMinor: string }>(sql`
    select currency, sum(amount)::text as "amountMinor" from (
    select a.currency, a.given_away_minor as amount
    from audit_rows a
    where a.organization_id = ${organizationId} and a.customer_id = ${customerId}
      and a.occurred_at > ${at(now - YEAR)} and a.given_away_minor > 0 and a.undoes_id is null
      and a.command not like 'discounts/%' and a.command not like 'coupons/%'
      and not exists (
        select 1 from audit_rows u where u.organization_id = a.organization_id and u.undoes_id = a.id)
    union all
    select i.currency, k.amount_minor
    from invoices i
    join credits k on k.organization_id = i.organization_id and k.invoice_id = i.id and k.kind = 'coupon'
    where i.organization_id = ${organizationId} and i.customer_id = ${customerId} and i.status = 'finalized'
      and i.created_at > ${at(now - YEAR)}) given
    group by currency having sum(amount) > 0`);
  return {
    perCurrency,
    lastPayment: lastPayment ?? null,
    lots: await creditLots(tx, organizationId, customerId, now),
    discounts: await runningDiscounts(tx, organizationId, customerId),
    givenAway,
  };
}

/** Credits that are left, the ones that end first on top. */
export async function creditLots(
  tx: Tx,
  organizationId: string,
  customerId: string,
  now: number,
): Promise<CreditLot[]> {
  return tx.execute<CreditLot & Record<string, unknown>>(sql`
    select t.id, coalesce(nullif(t.name, ''), w.name) as name, t.transaction_status as kind,
      t.remaining_amount_minor::text as "remainingMinor", t.amount_minor::text as "grantedMinor", w.currency,
      ${millis('coalesce(t.expires_at, w.expiration_at)')} as "expiresAt", ${millis('t.created_at')} as "createdAt"
    from wallet_transactions t
    join wallets w on w.organization_id = t.organization_id and w.id = t.wallet_id and w.status = 'active'
    where t.organization_id = ${organizationId} and t.customer_id = ${customerId}
      and t.transaction_type = 'inbound' and t.status = 'settled' and t.remaining_amount_minor > 0
      and coalesce(t.expires_at, w.expiration_at, 'infinity') > ${at(now)}
    order by coalesce(t.expires_at, w.expiration_at, 'infinity'), t.created_at
    limit 50`);
}

async function runningDiscounts(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<RunningDiscount[]> {
  return tx.execute<RunningDiscount & Record<string, unknown>>(sql`
    select a.id, c.name, a.percentage_rate::text as percent, a.amount_minor::text as "amountMinor", a.currency,
      case a.frequency when 'once' then 1 when 'recurring' then a.frequency_duration_remaining end as "billsLeft"
    from applied_coupons a
    join coupons c on c.organization_id = a.organization_id and c.id = a.coupon_id
    where a.organization_id = ${organizationId} and a.customer_id = ${customerId} and a.status = 'active'
    order by a.created_at limit 20`);
}
