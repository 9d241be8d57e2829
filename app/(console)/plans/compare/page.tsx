import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { z } from 'zod';
import { CardBoundary } from '@/components/features/card-boundary';
import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { Money } from '@/components/money';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { Tag } from '@/components/ui/state';
import { Table, Td, Th } from '@/components/ui/table';
import { EmptyState, Skeleton } from '@/components/ui/waiting';
import { holds } from '@/lib/auth/rights';
import { formatQuantity } from '@/lib/billing/money/format';
import { type ComparedPlan, comparePlans, type PlanComparison } from '@/lib/queries/console/what-if';
import { only } from '../../_list/address';
import { reading } from '../../_reading/tenant';

export const metadata: Metadata = { title: 'Compare plans' };

interface CompareProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ComparePage({ searchParams }: CompareProps) {
  const customerId = z.uuid().safeParse(only((await searchParams).customer));
  return (
    <PageColumn>
      <TopBar breadcrumb={[{ label: 'Plans', href: '/plans' }, { label: 'Compare for a customer' }]} />
      <PageMain>
        {customerId.success ? (
          <CardBoundary what="The comparison">
            <Suspense fallback={<Waiting />}>
              <Comparison customerId={customerId.data} />
            </Suspense>
          </CardBoundary>
        ) : (
          <EmptyState
            title="Whose use?"
            actions={<ButtonLink href="/customers?view=paying">Open customers who pay</ButtonLink>}
          >
            Search a customer and choose “Compare plans”: each plan is priced at what they really used.
          </EmptyState>
        )}
      </PageMain>
    </PageColumn>
  );
}

function Waiting() {
  return (
    <div aria-busy="true">
      <Skeleton className="h-7 w-96 max-w-full" />
      <Skeleton className="mt-3 block h-4 w-80 max-w-full" />
      <Skeleton className="mt-6 block h-60 w-full max-w-200" />
    </div>
  );
}

async function Comparison({ customerId }: { customerId: string }) {
  const { found, mayChange, now } = await reading(async ({ tx, organizationId, now, person }) => ({
    found: await comparePlans(tx, organizationId, customerId, now),
    mayChange: holds(person.roles, 'plan.change'),
    now,
  }));
  if (!found) notFound();
  const back = <ButtonLink href={`/customers/${customerId}`}>Open {found.customerName}</ButtonLink>;
  if (found.kind === 'no_subscription') {
    return (
      <EmptyState title={`${found.customerName} has no running plan`} actions={back}>
        There is no use to price. Start a subscription first.
      </EmptyState>
    );
  }
  if (found.kind === 'no_period') {
    return (
      <EmptyState title={`${found.customerName} is in the first period on ${found.planName}`} actions={back}>
        A comparison needs one whole period of real use. Come back when the first one is over.
      </EmptyState>
    );
  }
  return <Compared customerId={customerId} found={found} mayChange={mayChange} now={now} back={back} />;
}

function Compared({
  customerId,
  found,
  mayChange,
  now,
  back,
}: {
  customerId: string;
  found: Extract<PlanComparison, { kind: 'compared' }>;
  mayChange: boolean;
  now: number;
  back: ReactNode;
}) {
  const { customerName, currency, period, timezone, plans, interval } = found;
  const day = (instant: number) => formatInstant(instant, timezone, 'weekday', now);
  return (
    <>
      <h1 className="text-xl">{sentence(found)}</h1>
      <p className="mt-1 max-w-180 text-base text-pretty text-text-2">
        <Link href={`/customers/${customerId}`} className="why">
          {customerName}
        </Link>
        ’s last whole period, {day(period.from)} to {day(period.to)}, priced on each plan at what they really
        used. Without tax, discounts, credits and trial days.
      </p>
      <ul className="mt-6 grid gap-4 @2xl:grid-cols-2 @5xl:grid-cols-3">
        {plans.map((plan) => (
          <li key={`${plan.code}${plan.version}${plan.current}`} className="card flex flex-col p-4">
            <div className="flex items-baseline gap-2">
              <h2 className="min-w-0 flex-1 truncate">{plan.name}</h2>
              {plan.current ? <Tag>now</Tag> : null}
            </div>
            <p className="num mt-1 text-lg font-semibold tracking-tight">
              {formatAmount(plan.totalMinor, currency)}
            </p>
            <p className="text-text-2">{differenceWords(plan, currency, interval)}</p>
            <Lines plan={plan} currency={currency} />
            {mayChange && !plan.current && (
              <p className="mt-auto pt-3">
                <ButtonLink size="sm" href={`/customers/${customerId}?act=change-plan`}>
                  Change plan
                </ButtonLink>
              </p>
            )}
          </li>
        ))}
      </ul>
      {plans.length === 1 && (
        <p className="mt-5 text-text-2">
          No other open plan is billed {periodWords(interval)} in {currency}.
        </p>
      )}
      <p className="mt-6">{back}</p>
    </>
  );
}

/** The answer first: which plan would have cost least, and by how much. */
function sentence({ plans, currency, customerName }: Extract<PlanComparison, { kind: 'compared' }>): string {
  const [cheapest] = plans;
  const current = plans.find((plan) => plan.current);
  if (!cheapest || !current || cheapest.totalMinor >= current.totalMinor) {
    return `${current?.name ?? 'Their plan'} is the cheapest for ${customerName}`;
  }
  return `${cheapest.name} would have cost ${customerName} ${formatAmount(current.totalMinor - cheapest.totalMinor, currency)} less`;
}

function differenceWords({ current, differenceMinor }: ComparedPlan, currency: string, interval: string) {
  if (current) return `what they are on, ${periodWords(interval)}`;
  if (differenceMinor === 0n) return 'the same';
  const amount = formatAmount(differenceMinor < 0n ? -differenceMinor : differenceMinor, currency);
  return differenceMinor < 0n ? `${amount} less` : `${amount} more`;
}

function Lines({ plan, currency }: { plan: ComparedPlan; currency: string }) {
  return (
    <Table label={`How ${plan.name} is made up`} tight bare className="mt-3">
      <thead className="sr-only">
        <tr>
          <Th>Line</Th>
          <Th r>Units</Th>
          <Th r>Amount</Th>
        </tr>
      </thead>
      <tbody>
        {plan.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines never move, and two may have one label
          <tr key={index}>
            <Td className="max-w-36 truncate" title={line.label}>
              {line.kind === 'subscription'
                ? 'Base price'
                : line.kind === 'commitment'
                  ? 'Minimum'
                  : line.label}
            </Td>
            <Td r quiet>
              {line.kind === 'charge' || line.kind === 'fixed_charge' ? formatQuantity(line.units) : ''}
            </Td>
            <Td r>
              <Money amount={line.amountMinor} currency={currency} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
