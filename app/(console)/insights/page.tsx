import type { Metadata } from 'next';
import { type ReactNode, Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { LockIcon } from '@/components/ui/icons';
import { EmptyState, Skeleton } from '@/components/ui/waiting';
import { holds, whoMay } from '@/lib/auth/rights';
import { localDate } from '@/lib/billing/periods/zone';
import { revenueCurrencies } from '@/lib/queries/console/insights';
import { oneOf, only, withWords } from '../_list/address';
import { SayChoice } from '../_list/say-choice';
import { reading } from '../_reading/tenant';
import { NotYours } from '../_shell/not-yours';
import { KINDS } from './_reports/kinds';
import { monthOf } from './_reports/months';
import { MovementsReport } from './_reports/movements';
import { OverviewReport } from './_reports/overview';
import { UseReport } from './_reports/use';

export const metadata: Metadata = { title: 'Insights' };

const REPORTS = ['overview', 'movements', 'use'] as const;
const NAMES = { overview: 'Overview', movements: 'MRR movements', use: 'Use' } as const;

interface InsightsProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function InsightsPage({ searchParams }: InsightsProps) {
  const words = await searchParams;
  const { person, now, currencies } = await reading(async (read) => ({
    person: read.person,
    now: read.now,
    currencies: await revenueCurrencies(read.tx, read.organizationId),
  }));
  const mayRevenue = holds(person.roles, 'revenue.read');
  // Somebody who may not see revenue begins with the report that is theirs; the others say so before they are opened.
  const own = mayRevenue ? REPORTS : (['use', 'overview', 'movements'] as const);
  const report = oneOf(own, only(words.report));
  const timezone = person.organization.settings.reportingTimezone ?? person.timezone;
  const currency = oneOf(currencies.length > 0 ? currencies : ['USD'], only(words.currency));
  const today = localDate(now, timezone);
  const said = {
    report: report === own[0] ? undefined : report,
    currency: currency === currencies[0] ? undefined : currency,
    month: only(words.month),
    kind: only(words.kind),
  };
  const to = (change: Record<string, string | null>) => withWords('/insights', said, change);
  if (report !== 'use' && !mayRevenue) {
    return (
      <NotYours
        title="Revenue"
        person={person}
        right="revenue.read"
        instead={<ButtonLink href="/insights">Open Insights, Use</ButtonLink>}
      />
    );
  }
  const kind = oneOf(
    KINDS.map((entry) => entry.kind),
    only(words.kind),
  );
  return (
    <PageColumn>
      <TopBar
        tabs={{
          label: 'Reports',
          items: REPORTS.map((value) => ({
            href: to({ report: value === own[0] ? null : value }),
            label:
              value === 'use' || mayRevenue ? (
                NAMES[value]
              ) : (
                <span className="flex items-center gap-1.5" title={`For ${whoMay('revenue.read')}`}>
                  {NAMES[value]}
                  <LockIcon small className="text-text-3" />
                  <span className="sr-only">, for {whoMay('revenue.read')}</span>
                </span>
              ),
            current: value === report,
          })),
        }}
      >
        <span className="text-lg font-semibold text-text md:hidden">Insights</span>
      </TopBar>
      <PageMain>
        <h1 className="sr-only">Insights, {NAMES[report]}</h1>
        {report !== 'use' && currencies.length > 1 && (
          <div className="say mb-3">
            Revenue in{' '}
            <SayChoice
              label="Currency"
              words={currency}
              items={currencies.map((code) => ({ label: code, href: to({ currency: code }) }))}
            />
            , months in {timezone.split('/').pop()?.replaceAll('_', ' ')} days
          </div>
        )}
        {report !== 'use' && currencies.length === 0 ? (
          <EmptyState title="No revenue yet">
            The first customer who pays a monthly or yearly price makes the first movement here.
          </EmptyState>
        ) : (
          <Waiting key={`${report}${currency}${said.month}${kind}`}>
            {report === 'overview' && <OverviewReport currency={currency} today={today} to={to} />}
            {report === 'movements' && (
              <MovementsReport
                currency={currency}
                month={monthOf(said.month, today)}
                picked={kind}
                to={to}
                timezone={person.timezone}
              />
            )}
            {report === 'use' && <UseReport timezone={timezone} />}
          </Waiting>
        )}
      </PageMain>
    </PageColumn>
  );
}

function Waiting({ children }: { children: ReactNode }) {
  return (
    <CardBoundary what="The report">
      <Suspense
        fallback={
          <div aria-busy="true">
            <Skeleton className="h-8 w-64" />
            <Skeleton className="mt-6 block h-64 w-full" />
            <Skeleton className="mt-6 block h-72 w-full" />
          </div>
        }
      >
        {children}
      </Suspense>
    </CardBoundary>
  );
}
