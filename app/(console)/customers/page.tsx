import type { Metadata } from 'next';
import { formatAmount } from '@/components/format-amount';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { PlusIcon } from '@/components/ui/icons';
import { PhoneList, Table, Th } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import { EmptyState } from '@/components/ui/waiting';
import { holds } from '@/lib/auth/rights';
import { type CustomerTotals, customerFigures } from '@/lib/queries/console/customer-figures';
import {
  CUSTOMER_VIEWS,
  type CustomerFilter,
  type CustomerView,
  customersPage,
  planNames,
} from '@/lib/queries/console/customers';
import { MOST_MATCHING, matchingCustomers } from '@/lib/queries/console/matching-customers';
import { only, withWords } from '../_list/address';
import { ExportLink } from '../_list/export-link';
import { More } from '../_list/more';
import { SayChoice } from '../_list/say-choice';
import { SearchBox } from '../_list/search-box';
import { TooManyToAddUp } from '../_list/too-many';
import { reading } from '../_reading/tenant';
import { customerFilter } from './_list/filter';
import { CustomerLine, CustomerPhoneLine } from './_list/row';

export const metadata: Metadata = { title: 'Customers' };

const NAMES: Record<CustomerView, string> = {
  all: 'All',
  paying: 'Paying',
  trials: 'Trying',
  owes: 'Owes money',
  left: 'Left',
};
const SORTS = { name: 'name', newest: 'newest first' } as const;

interface CustomersProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CustomersPage({ searchParams }: CustomersProps) {
  const words = await searchParams;
  const filter = customerFilter(words);
  const after = only(words.after);
  const { mayAdd, now, rows, next, counts, totals, plans } = await reading(async (read) => {
    const { tx, organizationId } = read;
    const matching = await matchingCustomers(tx, filter.search);
    const found = await customersPage(tx, organizationId, filter, matching, read.now, after);
    return {
      ...found,
      ...(await customerFigures(tx, organizationId, filter, matching, read.now)),
      mayAdd: holds(read.person.roles, 'customers.write'),
      now: read.now,
      plans: await planNames(tx, organizationId),
    };
  });
  const said = {
    view: filter.view === 'all' ? undefined : filter.view,
    plan: filter.plan ?? undefined,
    q: filter.search ?? undefined,
    sort: filter.sort === 'name' ? undefined : filter.sort,
  };
  const to = (change: Record<string, string | null>) => withWords('/customers', said, change);
  const searchBase = to({ q: null });
  const planName = plans.find(({ code }) => code === filter.plan)?.name;
  return (
    <PageColumn>
      <TopBar
        title="Customers"
        count={counts.all}
        actions={
          mayAdd &&
          counts.all > 0 && (
            <ButtonLink size="sm" href="/customers/new" icon={<PlusIcon small />}>
              Add customer
            </ButtonLink>
          )
        }
      />
      <PageMain flush>
        <div className="flex min-h-0 flex-1 flex-col px-8 pb-4 max-md:px-4">
          <Tabs
            ruled
            label="Saved views"
            items={CUSTOMER_VIEWS.map((view) => ({
              href: to({ view: view === 'all' ? null : view }),
              label: NAMES[view],
              count: counts[view],
              current: view === filter.view,
            }))}
          />
          <div className="flex flex-none flex-wrap items-center gap-x-6 gap-y-2 py-2.5">
            <div className="say flex-1 max-md:basis-full">
              Customers on{' '}
              <SayChoice
                label="Plan"
                words={planName ?? 'any plan'}
                items={[
                  { label: 'any plan', href: to({ plan: null }) },
                  ...plans.map(({ code, name }) => ({ label: name, href: to({ plan: code }) })),
                ]}
              />
              , sorted by{' '}
              <SayChoice
                label="Order"
                words={SORTS[filter.sort]}
                items={[
                  { label: SORTS.name, href: to({ sort: null }) },
                  { label: SORTS.newest, href: to({ sort: 'newest' }) },
                ]}
              />
            </div>
            <SearchBox
              key={searchBase}
              base={`${searchBase}${searchBase.includes('?') ? '&' : '?'}`}
              value={filter.search ?? ''}
              label="Name, email or your id"
            />
            <ExportLink
              href={withWords('/api/console/export/customers', said, {})}
              count={totals?.customers ?? null}
            />
          </div>
          {rows.length === 0 ? (
            <NoRows everybody={counts.all} mayAdd={mayAdd} filter={filter} planName={planName} to={to} />
          ) : (
            <>
              <div className="min-h-0 flex-1 overflow-auto max-md:hidden">
                <Table label="Customers" sticky bare className="min-w-220">
                  <thead>
                    <tr>
                      <Th>Customer</Th>
                      <Th>Plan</Th>
                      <Th>Money status</Th>
                      <Th r>MRR</Th>
                      <Th r>Next bill</Th>
                      <Th r>Owes</Th>
                      <Th r>Credits left</Th>
                      <Th>Use</Th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row) => (
                      <CustomerLine key={row.id} row={row} now={now} />
                    ))}
                  </tbody>
                </Table>
              </div>
              <PhoneList label="Customers">
                {rows.map((row) => (
                  <CustomerPhoneLine key={row.id} row={row} now={now} />
                ))}
              </PhoneList>
              <More first={after ? to({}) : null} next={next && to({ after: next })} />
              <Totals totals={totals} />
            </>
          )}
        </div>
      </PageMain>
    </PageColumn>
  );
}

function Totals({ totals }: { totals: CustomerTotals | null }) {
  if (!totals) return <TooManyToAddUp most={MOST_MATCHING} what="customers" />;
  const { customers, perCurrency } = totals;
  return (
    <div className="mt-2 flex flex-none flex-wrap items-center gap-x-8 gap-y-1 border-t border-line py-2.5 text-text-2">
      <span className="flex-1 whitespace-nowrap">
        {customers === 1 ? 'The one' : `All ${customers.toLocaleString('en-US')}`} in this view
        {perCurrency.length > 1 && ', currencies kept apart'}
      </span>
      {perCurrency.map((row) => (
        <span key={row.currency} className="num">
          {perCurrency.length > 1 && (
            <span className="text-text-3">{`${row.currency}, ${row.customers.toLocaleString('en-US')}: `}</span>
          )}
          MRR{' '}
          <span className="font-medium text-text">{formatAmount(BigInt(row.mrrMinor), row.currency)}</span>,
          owe{' '}
          <span className="font-medium text-text">{formatAmount(BigInt(row.owesMinor), row.currency)}</span>
        </span>
      ))}
    </div>
  );
}

function NoRows({
  everybody,
  mayAdd,
  filter,
  planName,
  to,
}: {
  everybody: number;
  mayAdd: boolean;
  filter: CustomerFilter;
  planName: string | undefined;
  to: (change: Record<string, string | null>) => string;
}) {
  if (everybody === 0) {
    return (
      <EmptyState
        title="No customers yet"
        actions={
          <>
            {mayAdd && (
              <ButtonLink tone="act" href="/customers/new">
                Add customer
              </ButtonLink>
            )}
            <ButtonLink tone={mayAdd ? 'quiet' : 'plain'} href="/settings/keys">
              Open API keys
            </ButtonLink>
          </>
        }
      >
        {mayAdd
          ? 'Add the first one here, or let your product send it over the API.'
          : 'They appear here as soon as your product sends the first one over the API.'}{' '}
        Each comes with its plan, its next bill and what it owes.
      </EmptyState>
    );
  }
  if (filter.search) {
    return (
      <EmptyState
        title={`No customer matches “${filter.search}”`}
        actions={<ButtonLink href={to({ q: null })}>Drop the words</ButtonLink>}
      >
        Names, e-mail addresses and your ids were looked through{planName && `, on ${planName} only`}.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={planName ? `Nobody here is on ${planName}` : `Nobody is in “${NAMES[filter.view]}”`}
      actions={
        <>
          {filter.plan && <ButtonLink href={to({ plan: null })}>Any plan</ButtonLink>}
          <ButtonLink tone={filter.plan ? 'quiet' : 'plain'} href="/customers">
            Show all {everybody}
          </ButtonLink>
        </>
      }
    >
      {everybody} customers are in the other views.
    </EmptyState>
  );
}
