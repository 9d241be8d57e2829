import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type CustomerFilter, type CustomerView, customerConditions } from './customers';
import type { MatchingCustomers } from './matching-customers';
import { at } from './sql';
import { talliesOf } from './tallies';

export interface CurrencyTotals {
  currency: string;
  customers: number;
  mrrMinor: string;
  owesMinor: string;
}

export interface CustomerTotals {
  customers: number;
  /** Each currency for itself, without the customers who have none. */
  perCurrency: CurrencyTotals[];
}

export interface CustomerFigures {
  /** How many customers each view holds. */
  counts: Record<CustomerView, number>;
  /** Of the whole filter; null when words find more than are added up. */
  totals: CustomerTotals | null;
}

interface Part {
  currency: string;
  customers: number;
  mrr: bigint;
  owes: bigint;
}

/** What each view holds and what the filter comes to, exact: from kept sums, and the few who are on trial now. */
export async function customerFigures(
  tx: Tx,
  organizationId: string,
  filter: CustomerFilter,
  matching: MatchingCustomers | null,
  now: number,
): Promise<CustomerFigures> {
  const kept = (await talliesOf(tx, organizationId, 'customers')).map(({ key, ...sums }) => ({
    flags: key.split(' '),
    currency: sums.currency,
    customers: sums.count,
    mrr: sums.amountMinor,
    owes: sums.dueMinor,
  }));
  const { trying, notYetPaying } = await onTrial(tx, organizationId, now);
  const flagged = (flag: string): Part[] => kept.filter(({ flags }) => flags.includes(flag));
  const parts: Record<CustomerView, Part[]> = {
    all: kept,
    paying: [...flagged('running'), ...notYetPaying.map(less)],
    trials: trying,
    owes: flagged('owing'),
    left: flagged('gone'),
  };
  const counts = Object.fromEntries(
    Object.entries(parts).map(([view, list]) => [view, list.reduce((sum, part) => sum + part.customers, 0)]),
  ) as CustomerFigures['counts'];
  if (matching?.everyoneLike) return { counts, totals: null };
  const live = matching !== null || filter.plan !== null;
  const own = live ? await partsOf(tx, organizationId, filter, matching, now) : parts[filter.view];
  return { counts, totals: totalsOf(own) };
}

const less = ({ currency, customers, mrr, owes }: Part): Part => ({
  currency,
  customers: -customers,
  mrr: -mrr,
  owes: -owes,
});

function totalsOf(parts: readonly Part[]): CustomerTotals {
  const sums = new Map<string, Part>();
  for (const part of parts) {
    const sum = sums.get(part.currency);
    sums.set(part.currency, {
      currency: part.currency,
      customers: (sum?.customers ?? 0) + part.customers,
      mrr: (sum?.mrr ?? 0n) + part.mrr,
      owes: (sum?.owes ?? 0n) + part.owes,
    });
  }
  const all = [...sums.values()].filter(({ customers }) => customers > 0);
  return {
    customers: all.reduce((sum, { customers }) => sum + customers, 0),
    perCurrency: all
      .filter(({ currency }) => currency !== '')
      .sort((left, right) => right.customers - left.customers)
      .map(({ currency, customers, mrr, owes }) => ({
        currency,
        customers,
        mrrMinor: mrr.toString(),
        owesMinor: owes.toString(),
      })),
  };
}

type PartRow = Record<'currency' | 'mrr' | 'owes', string> & { customers: number };
const asPart = ({ currency, customers, mrr, owes }: PartRow): Part => ({
  currency,
  customers,
  mrr: BigInt(mrr),
  owes: BigInt(owes),
});

/** Who is on trial now, and those of them who pay for nothing else. */
async function onTrial(
  tx: Tx,
  organizationId: string,
  now: number,
): Promise<{ trying: Part[]; notYetPaying: Part[] }> {
  const rows = await tx.execute<PartRow & { free: boolean }>(sql`
    select currency, paying_from > ${at(now)} as free, count(*)::int as customers,
      coalesce(sum(mrr_minor), 0)::text as mrr, sum(owes_minor)::text as owes
    from customer_standings
    where organization_id = ${organizationId} and alive and trial_until > ${at(now)}
    group by 1, 2`);
  return { trying: rows.map(asPart), notYetPaying: rows.filter(({ free }) => free).map(asPart) };
}

/** A filter by a plan or by words: added up from where its customers stand. */
async function partsOf(
  tx: Tx,
  organizationId: string,
  filter: CustomerFilter,
  matching: MatchingCustomers | null,
  now: number,
): Promise<Part[]> {
  const where = sql.join(customerConditions(organizationId, filter, matching, now), sql` and `);
  const rows = await tx.execute<PartRow>(sql`
    select st.currency, count(*)::int as customers, coalesce(sum(st.mrr_minor), 0)::text as mrr,
      sum(st.owes_minor)::text as owes
    from customer_standings st where ${where} group by st.currency`);
  return rows.map(asPart);
}
