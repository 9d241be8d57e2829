import type { Metadata } from 'next';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { PhoneList, Table, Th } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import { EmptyState } from '@/components/ui/waiting';
import { localDate } from '@/lib/billing/periods/zone';
import {
  type InvoiceTotals,
  invoiceStandings,
  invoiceViewCounts,
  matchingTotals,
  viewTotals,
} from '@/lib/queries/console/invoice-figures';
import {
  INVOICE_VIEWS,
  type InvoiceFilter,
  type InvoiceView,
  invoicesPage,
  nextBillRun,
} from '@/lib/queries/console/invoices';
import { MOST_MATCHING } from '@/lib/queries/console/matching-customers';
import { matchingInvoices } from '@/lib/queries/console/matching-invoices';
import { only, withWords } from '../_list/address';
import { ExportLink } from '../_list/export-link';
import { More } from '../_list/more';
import { SayChoice } from '../_list/say-choice';
import { SearchBox } from '../_list/search-box';
import { TooManyToAddUp } from '../_list/too-many';
import { reading } from '../_reading/tenant';
import { invoiceFilter } from './_list/filter';
import { DraftLine, InvoiceLine, InvoicePhoneLine } from './_list/row';

export const metadata: Metadata = { title: 'Invoices' };

const NAMES: Record<InvoiceView, string> = {
  drafts: 'Drafts to check',
  open: 'Open',
  overdue: 'Overdue',
  failed: 'Failed',
  all: 'All',
};
const SAID: Record<InvoiceView, string> = {
  drafts: 'Drafts',
  open: 'Open invoices',
  overdue: 'Overdue invoices',
  failed: 'Invoices whose payment failed',
  all: 'All invoices',
};

interface InvoicesProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function InvoicesPage({ searchParams }: InvoicesProps) {
  const words = await searchParams;
  const after = only(words.after);
  const { person, now, rows, next, filter, counts, totals, currencies, run } = await reading(async (read) => {
    const { tx, organizationId } = read;
    const standings = await invoiceStandings(tx, organizationId);
    const counts = invoiceViewCounts(standings);
    // Without drafts to check, the way in from the rail leads to what there is.
    const filter = invoiceFilter(words, counts.drafts > 0 ? 'drafts' : 'all');
    const matching = await matchingInvoices(tx, filter.search);
    const found = await invoicesPage(tx, organizationId, filter, matching, after);
    return {
      ...found,
      person: read.person,
      now: read.now,
      filter,
      counts,
      totals: matching
        ? await matchingTotals(tx, organizationId, filter, matching)
        : viewTotals(standings, filter),
      currencies: [...new Set(standings.map(({ currency }) => currency))],
      run: found.rows.length === 0 && filter.view === 'drafts' ? await nextBillRun(tx, organizationId) : null,
    };
  });
  const today = localDate(now, person.timezone);
  const said = {
    view: filter.view,
    currency: filter.currency ?? undefined,
    q: filter.search ?? undefined,
  };
  const to = (change: Record<string, string | null>) => withWords('/invoices', said, change);
  const searchBase = to({ q: null });
  const drafts = filter.view === 'drafts';
  return (
    <PageColumn>
      <TopBar title="Invoices" count={counts.all} />
      <PageMain flush>
        <div className="flex min-h-0 flex-1 flex-col px-8 pb-4 max-md:px-4">
          <Tabs
            ruled
            label="Kinds of invoices"
            items={INVOICE_VIEWS.map((view) => ({
              href: to({ view }),
              label: NAMES[view],
              count: counts[view],
              current: view === filter.view,
            }))}
          />
          <div className="flex flex-none flex-wrap items-center gap-x-6 gap-y-2 py-2.5">
            <div className="say flex-1 max-md:basis-full">
              {SAID[filter.view]} in{' '}
              <SayChoice
                label="Currency"
                words={filter.currency ?? 'any currency'}
                items={[
                  { label: 'any currency', href: to({ currency: null }) },
                  ...currencies.map((currency) => ({ label: currency, href: to({ currency }) })),
                ]}
              />
              , latest first
            </div>
            <SearchBox
              key={searchBase}
              base={`${searchBase}${searchBase.includes('?') ? '&' : '?'}`}
              value={filter.search ?? ''}
              label="Number or customer"
            />
            <ExportLink
              href={withWords('/api/console/export/invoices', said, {})}
              count={totals?.reduce((sum, { count }) => sum + count, 0) ?? null}
            />
          </div>
          {rows.length === 0 ? (
            <NoRows filter={filter} counts={counts} run={run} now={now} to={to} />
          ) : (
            <>
              <div className="min-h-0 flex-1 overflow-auto max-md:hidden">
                <Table label={SAID[filter.view]} sticky bare className="min-w-190">
                  <thead>
                    {drafts ? (
                      <tr>
                        <Th>Customer</Th>
                        <Th>Against its usual</Th>
                        <Th r>Goes out</Th>
                        <Th r>Amount</Th>
                      </tr>
                    ) : (
                      <tr>
                        <Th>Number</Th>
                        <Th>Customer</Th>
                        <Th>State</Th>
                        <Th r>Issued</Th>
                        <Th r>Due</Th>
                        <Th r>Still owed</Th>
                        <Th r>Amount</Th>
                        <Th r>
                          <span className="sr-only">Document</span>
                        </Th>
                      </tr>
                    )}
                  </thead>
                  <tbody>
                    {rows.map((row) =>
                      drafts ? (
                        <DraftLine key={row.id} row={row} today={today} />
                      ) : (
                        <InvoiceLine key={row.id} row={row} today={today} />
                      ),
                    )}
                  </tbody>
                </Table>
              </div>
              <PhoneList label={SAID[filter.view]}>
                {rows.map((row) => (
                  <InvoicePhoneLine key={row.id} row={row} today={today} />
                ))}
              </PhoneList>
              <More first={after ? to({}) : null} next={next && to({ after: next })} />
              <Totals totals={totals} drafts={drafts} />
            </>
          )}
        </div>
      </PageMain>
    </PageColumn>
  );
}

function Totals({ totals, drafts }: { totals: InvoiceTotals[] | null; drafts: boolean }) {
  if (!totals) return <TooManyToAddUp most={MOST_MATCHING} what="invoices" />;
  const count = totals.reduce((sum, row) => sum + row.count, 0);
  return (
    <div className="mt-2 flex flex-none flex-wrap items-center gap-x-8 gap-y-1 border-t border-line py-2.5 text-text-2">
      <span className="flex-1 whitespace-nowrap">
        {count === 1 ? 'The one' : `All ${count.toLocaleString('en-US')}`} in this view
        {totals.length > 1 && ', currencies kept apart'}
      </span>
      {totals.map((row) => (
        <span key={row.currency} className="num">
          {totals.length > 1 && (
            <span className="text-text-3">{`${row.currency}, ${row.count.toLocaleString('en-US')}: `}</span>
          )}
          <span className="font-medium text-text">{formatAmount(BigInt(row.totalMinor), row.currency)}</span>
          {!drafts && (
            <>
              , still owed{' '}
              <span className="font-medium text-text">
                {formatAmount(BigInt(row.dueMinor), row.currency)}
              </span>
            </>
          )}
        </span>
      ))}
    </div>
  );
}

interface NoRowsProps {
  filter: InvoiceFilter;
  counts: Record<InvoiceView, number>;
  run: { at: number; count: number; timezone: string } | null;
  now: number;
  to: (change: Record<string, string | null>) => string;
}

function NoRows({ filter, counts, run, now, to }: NoRowsProps) {
  if (filter.search || filter.currency) {
    return (
      <EmptyState
        title={
          filter.search
            ? `No invoice here matches “${filter.search}”`
            : `None of these is in ${filter.currency}`
        }
        actions={
          <ButtonLink href={to(filter.search ? { q: null } : { currency: null })}>
            {filter.search ? 'Drop the words' : 'Any currency'}, show {counts[filter.view]}
          </ButtonLink>
        }
      >
        Numbers, names and e-mail addresses that begin with these words were looked for.
      </EmptyState>
    );
  }
  if (filter.view === 'drafts') {
    return (
      <EmptyState
        title={
          run
            ? `Nothing to check until ${formatInstant(run.at, run.timezone, 'weekday', now)}`
            : 'Nothing to check'
        }
        actions={<ButtonLink href={to({ view: 'all' })}>See what went out</ButtonLink>}
      >
        {run
          ? `Then ${run.count === 1 ? 'one bill is' : `${run.count} bills are`} made. A bill waits here only where a review window is set.`
          : 'No bill is dated. Drafts wait here when a customer has a plan and a review window.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={filter.view === 'all' ? 'No invoices yet' : `No ${SAID[filter.view].toLowerCase()}`}
      actions={
        filter.view === 'all' ? undefined : (
          <ButtonLink href={to({ view: 'all' })}>See all {counts.all}</ButtonLink>
        )
      }
    >
      {filter.view === 'all'
        ? 'The first one appears here when a customer’s first period ends.'
        : 'Nothing needs you here.'}
    </EmptyState>
  );
}
