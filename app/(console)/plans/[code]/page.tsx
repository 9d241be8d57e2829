import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache, Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { periodWords } from '@/components/features/period-words';
import { priceWords, unitWords } from '@/components/features/price-words';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { Tag } from '@/components/ui/state';
import { Fact, Facts, Section } from '@/components/ui/surface';
import { Table, Td, Th } from '@/components/ui/table';
import { Skeleton } from '@/components/ui/waiting';
import { holds } from '@/lib/auth/rights';
import { formatQuantity } from '@/lib/billing/money/format';
import { customersOnPlan, planCards, planVersionsOf } from '@/lib/queries/console/plans';
import { replayTargets } from '@/lib/queries/console/what-if';
import { only } from '../../_list/address';
import { SayChoice } from '../../_list/say-choice';
import { reading } from '../../_reading/tenant';
import { ReplayResult } from './_replay/replay';

interface PlanProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const readPlan = cache((code: string) =>
  reading(async ({ tx, organizationId, now, person }) => {
    const [plan] = await planCards(tx, organizationId, now, decodeURIComponent(code));
    if (!plan) return null;
    return {
      plan,
      versions: await planVersionsOf(tx, organizationId, plan.id),
      customers: await customersOnPlan(tx, organizationId, plan.id),
      targets: await replayTargets(tx, organizationId, plan.code),
      now,
      person,
    };
  }),
);

export async function generateMetadata({ params }: Pick<PlanProps, 'params'>): Promise<Metadata> {
  return { title: (await readPlan((await params).code))?.plan.name ?? 'Plan' };
}

export default async function PlanPage({ params, searchParams }: PlanProps) {
  const found = await readPlan((await params).code);
  if (!found) notFound();
  const { plan, versions, customers, targets, now, person } = found;
  const asked = only((await searchParams).replay);
  // People on older versions are what a plan's own newest version is replayed for without being asked.
  const target = targets.find(({ code }) => code === (asked ?? (plan.onOldVersions > 0 ? plan.code : '')));
  const price = formatAmount(BigInt(plan.amountMinor), plan.currency);
  const day = (instant: number | null) =>
    instant === null ? '—' : formatInstant(instant, person.timezone, 'weekday', now);
  return (
    <PageColumn>
      <TopBar
        breadcrumb={[{ label: 'Plans', href: '/plans' }, { label: plan.name }]}
        actions={
          holds(person.roles, 'plans.draft') && plan.retiredAt === null ? (
            <ButtonLink href={`/plans/new?from=${encodeURIComponent(plan.code)}`} className="max-md:hidden">
              New version
            </ButtonLink>
          ) : undefined
        }
      />
      <PageMain>
        <div className="flex items-center gap-2.5">
          <h1 className="text-xl">{plan.name}</h1>
          <Tag>{plan.retiredAt === null ? `version ${plan.version}` : 'Closed to new'}</Tag>
        </div>
        <p className="mt-1.5 max-w-160 text-base text-pretty text-text-2">
          <span className="num text-text">{price}</span> {periodWords(plan.interval)}, billed{' '}
          {plan.payInAdvance ? 'at the start' : 'at the end'}
          {plan.trialDays && plan.trialDays !== '0'
            ? `, after ${formatQuantity(plan.trialDays)} free days`
            : ''}
          {plan.prices.length > 0 ? ', plus use' : ''}.{' '}
          {plan.customers === 0
            ? 'Nobody is on it yet.'
            : `${plan.customers === 1 ? 'One customer is' : `${plan.customers} customers are`} on it, MRR `}
          {plan.customers > 0 && (
            <span className="num text-text">{formatAmount(BigInt(plan.mrrMinor), plan.currency)}</span>
          )}
          {plan.customers > 0 && '.'}
        </p>
        {plan.description && <p className="mt-1 max-w-160 text-text-2">{plan.description}</p>}
        <Section className="mt-6 max-w-160" title="Usage prices">
          <Facts className="mt-2 border-t border-hair">
            {plan.prices.map((own) => (
              <div key={own.id} className="flex gap-4 border-t border-hair py-2.5">
                <dt className="w-36 flex-none font-medium">{own.name}</dt>
                <dd className="flex-1 text-pretty text-text-2">
                  {priceWords(own.model, own.properties, plan.currency, unitWords(own.unitName, own.name))}.
                </dd>
              </div>
            ))}
            {plan.prices.length === 0 && <Fact label="No use is priced on this plan.">{null}</Fact>}
            {plan.minimumMinor && (
              <div className="flex gap-4 border-t border-hair py-2.5">
                <dt className="w-36 flex-none font-medium">Minimum</dt>
                <dd className="num text-text-2">
                  {formatAmount(BigInt(plan.minimumMinor), plan.currency)} {periodWords(plan.interval)}
                </dd>
              </div>
            )}
          </Facts>
        </Section>
        {plan.customers > 0 && targets.length > 0 && (
          <Section title="What if" className="mt-7">
            <div className="say mt-1">
              Last month’s customers of {plan.name} on{' '}
              <SayChoice
                label="Plan to replay on"
                words={target ? `${target.name}, version ${target.version}` : 'choose a plan'}
                items={targets.map((one) => ({
                  label: `${one.name}, version ${one.version}`,
                  href: `/plans/${encodeURIComponent(plan.code)}?replay=${encodeURIComponent(one.code)}`,
                }))}
              />
            </div>
            {target && (
              <CardBoundary what="The replay" className="mt-3">
                <Suspense
                  key={target.versionId}
                  fallback={
                    <div aria-busy="true" className="mt-3">
                      <Skeleton className="h-5 w-96 max-w-full" />
                      <Skeleton className="mt-4 block h-36 w-full max-w-200" />
                    </div>
                  }
                >
                  <ReplayResult
                    planId={plan.id}
                    planName={plan.name}
                    target={target}
                    currency={plan.currency}
                  />
                </Suspense>
              </CardBoundary>
            )}
          </Section>
        )}
        <div className="mt-7 grid gap-x-10 gap-y-7 @3xl:grid-cols-2">
          <Section title="Versions" aside="a version never changes for those on it">
            <div className="overflow-x-auto">
              <Table label="Versions" tight bare className="mt-2">
                <thead>
                  <tr>
                    <Th>Version</Th>
                    <Th>Published</Th>
                    <Th r>Price</Th>
                    <Th r>Customers</Th>
                  </tr>
                </thead>
                <tbody>
                  {versions.map((version) => (
                    <tr key={version.version}>
                      <Td className="font-medium">
                        {version.version}
                        {version.current && <span className="ml-2 font-normal text-text-3">open to new</span>}
                      </Td>
                      <Td quiet>{day(version.publishedAt ?? version.createdAt)}</Td>
                      <Td r>{formatAmount(BigInt(version.amountMinor), version.currency)}</Td>
                      <Td r>{version.customers}</Td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
          </Section>
          <Section
            title="Customers"
            aside={plan.customers > 10 ? `the first 10 of ${plan.customers}` : undefined}
            after={
              <Link href={`/customers?plan=${encodeURIComponent(plan.code)}`} className="text-xs text-text-2">
                All {plan.customers}
              </Link>
            }
          >
            <ul className="mt-2">
              {customers.map((customer) => (
                <li key={customer.id} className="flex gap-3 border-t border-hair py-2">
                  <Link href={`/customers/${customer.id}`} className="min-w-0 flex-1 truncate font-medium">
                    {customer.name}
                  </Link>
                  {customer.version !== plan.version && (
                    <span className="text-xs text-text-3">version {customer.version}</span>
                  )}
                  <span className="num text-text-2">since {day(customer.since)}</span>
                </li>
              ))}
              {customers.length === 0 && (
                <li className="border-t border-hair py-2 text-text-2">Nobody yet.</li>
              )}
            </ul>
          </Section>
        </div>
      </PageMain>
    </PageColumn>
  );
}
