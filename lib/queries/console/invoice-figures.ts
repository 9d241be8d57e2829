import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { INVOICE_VIEWS, type InvoiceFilter, type InvoiceView, invoiceConditions } from './invoices';
import { MOST_MATCHING } from './matching-customers';
import type { MatchingInvoices } from './matching-invoices';
import { amountDue, rowLimit } from './sql';
import { type Tally, talliesOf } from './tallies';

export interface InvoiceTotals {
  currency: string;
  count: number;
  totalMinor: string;
  dueMinor: string;
}

/** Which standings a view shows. */
const SHOWN_IN: Record<InvoiceView, (standing: string) => boolean> = {
  drafts: (standing) => standing === 'draft',
  open: (standing) => standing.startsWith('open'),
  overdue: (standing) => standing.startsWith('open') && standing.endsWith('overdue'),
  failed: (standing) => standing === 'failed' || standing.startsWith('open failed'),
  all: () => true,
};

/** Kept sums of all invoices by standing and currency, exact: what the views' figures are worked out from. */
export const invoiceStandings = (tx: Tx, organizationId: string): Promise<Tally[]> =>
  talliesOf(tx, organizationId, 'invoices');

/** How many invoices each view holds. */
export function invoiceViewCounts(standings: readonly Tally[]): Record<InvoiceView, number> {
  const held = (view: InvoiceView) =>
    standings.reduce((sum, { key, count }) => (SHOWN_IN[view](key) ? sum + count : sum), 0);
  return Object.fromEntries(INVOICE_VIEWS.map((view) => [view, held(view)])) as Record<InvoiceView, number>;
}

/** Totals of a whole view, each currency for itself; what is voided is counted and not added up. */
export function viewTotals(standings: readonly Tally[], filter: InvoiceFilter): InvoiceTotals[] {
  const totals = new Map<string, { count: number; total: bigint; due: bigint }>();
  for (const { key, currency, count, amountMinor, dueMinor } of standings) {
    if (!SHOWN_IN[filter.view](key) || (filter.currency && filter.currency !== currency)) continue;
    const sum = totals.get(currency) ?? { count: 0, total: 0n, due: 0n };
    totals.set(currency, {
      count: sum.count + count,
      total: key === 'voided' ? sum.total : sum.total + amountMinor,
      due: sum.due + dueMinor,
    });
  }
  return [...totals]
    .map(([currency, { count, total, due }]) => ({
      currency,
      count,
      totalMinor: total.toString(),
      dueMinor: due.toString(),
    }))
    .sort((left, right) => right.count - left.count);
}

/** Totals of what words found, each currency for itself; null when it is more than are added up. */
export async function matchingTotals(
  tx: Tx,
  organizationId: string,
  filter: InvoiceFilter,
  matching: MatchingInvoices,
): Promise<InvoiceTotals[] | null> {
  const rows = await tx.execute<InvoiceTotals & { everything: number } & Record<string, unknown>>(sql`
    with found as materialized (
      select i.currency, i.status, i.payment_status, i.total_amount_minor, ${amountDue('i')} as due
      from invoices i where ${sql.join(invoiceConditions(organizationId, filter, matching), sql` and `)}
      ${rowLimit(MOST_MATCHING + 1)}
    )
    select currency, count(*)::int as count,
      coalesce(sum(total_amount_minor) filter (where status <> 'voided'), 0)::text as "totalMinor",
      coalesce(sum(due) filter (where status = 'finalized' and payment_status <> 'succeeded'), 0)::text as "dueMinor",
      sum(count(*)) over ()::int as everything
    from found group by currency order by count(*) desc`);
  if ((rows[0]?.everything ?? 0) > MOST_MATCHING) return null;
  return rows.map(({ everything: _, ...row }) => row);
}
