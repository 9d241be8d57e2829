import type { Metadata } from 'next';
import Link from 'next/link';
import { Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { State } from '@/components/ui/state';
import { Card, Section } from '@/components/ui/surface';
import { EmptyState, Skeleton } from '@/components/ui/waiting';
import { holds, whoMay } from '@/lib/auth/rights';
import { type ApprovalRow, approvalRequestsList, givenBefore } from '@/lib/queries/console/approvals';
import { reasonWords } from '../_acts/reasons';
import { only } from '../_list/address';
import { reading } from '../_reading/tenant';
import { FiguresAsked, FreshFigures } from './_request/figures';
import { overWords, requestAmount } from './_request/words';

export const metadata: Metadata = { title: 'Approvals' };

const DECIDED: Record<string, string> = {
  approved: 'Approved',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  expired: 'Ran out',
};
const DECIDED_SHOWN = 20;

interface ApprovalsProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ApprovalsPage({ searchParams }: ApprovalsProps) {
  const asked = only((await searchParams).request);
  const { rows, person, now } = await reading(async (read) => ({
    rows: await approvalRequestsList(read.tx, read.organizationId),
    person: read.person,
    now: read.now,
  }));
  const waiting = rows.filter(({ status, expiresAt }) => status === 'waiting' && expiresAt > now);
  const decided = rows.filter((row) => !waiting.includes(row));
  const may = holds(person.roles, 'approvals.decide');
  const own = (row: ApprovalRow) => row.requestedBy === person.userId;
  const open =
    waiting.find(({ id }) => id === asked) ?? waiting.find((row) => may && !own(row)) ?? waiting[0];
  const time = (at: number) => formatInstant(at, person.timezone, 'moment', now);
  return (
    <PageColumn>
      <TopBar title="Approvals" count={waiting.length} />
      <PageMain>
        {!open && (
          <EmptyState
            title="Nothing waits for a decision"
            actions={<ButtonLink href="/settings/team">See who may give what</ButtonLink>}
          >
            When somebody wants to give more than their limit, the request comes here with its figures, and
            nothing happens until it is decided.
          </EmptyState>
        )}
        <div className="flex items-start gap-8 @max-3xl:flex-col @max-3xl:gap-6">
          {(waiting.length > 1 || decided.length > 0) && (
            <div className="w-68 flex-none space-y-7 @max-3xl:w-full @max-3xl:order-2">
              {waiting.length > 1 && (
                <nav aria-label="Waiting" className="-mx-3 @max-3xl:mx-0">
                  {waiting.map((row) => (
                    <WaitingLink key={row.id} row={row} current={row === open} now={now} />
                  ))}
                </nav>
              )}
              {decided.length > 0 && (
                <Section title="Decided">
                  <ul className="mt-2">
                    {decided.slice(0, DECIDED_SHOWN).map((row) => (
                      <DecidedLine key={row.id} row={row} time={time} />
                    ))}
                  </ul>
                </Section>
              )}
            </div>
          )}
          {open && (
            <div className="min-w-0 max-w-180 flex-1 @max-3xl:order-1 @max-3xl:w-full">
              <Card key={open.id} label={open.title}>
                <h1 className="text-xl text-balance">
                  {open.title}
                  {open.customerId && (
                    <>
                      {' for '}
                      <Link href={`/customers/${open.customerId}`} className="why">
                        {open.customerName}
                      </Link>
                    </>
                  )}
                </h1>
                <p className="mt-1.5 text-base text-pretty text-text-2">
                  {open.requestedByName} asked {time(open.createdAt)}
                  {open.reasonCode && `, ${reasonWords(open.reasonCode)}`}
                  {open.note && `: “${open.note}”`}. {overWords(open, person.userId)}
                </p>
                <p className="mt-1 text-xs text-text-3">Ends by itself {time(open.expiresAt)}.</p>
                {may && !own(open) ? (
                  <CardBoundary what="The figures">
                    <Suspense fallback={<FiguresAsked row={open} person={person} now={now} working />}>
                      <FreshFigures row={open} person={person} now={now} />
                    </Suspense>
                  </CardBoundary>
                ) : (
                  <>
                    <FiguresAsked row={open} person={person} now={now} />
                    <p className="mt-5 text-text-2">
                      {own(open)
                        ? 'You asked for this, so somebody else decides.'
                        : `${whoMay('approvals.decide')} decides.`}
                    </p>
                  </>
                )}
              </Card>
              {open.customerId && (
                <CardBoundary what="What was given before">
                  <Suspense fallback={<Skeleton className="mt-6 block h-24 w-full" />}>
                    <Before row={open} customerId={open.customerId} timezone={person.timezone} now={now} />
                  </Suspense>
                </CardBoundary>
              )}
            </div>
          )}
        </div>
      </PageMain>
    </PageColumn>
  );
}

function WaitingLink({ row, current, now }: { row: ApprovalRow; current: boolean; now: number }) {
  const hours = Math.max(1, Math.floor((row.expiresAt - now) / 3_600_000));
  return (
    <Link
      href={`/approvals?request=${row.id}`}
      scroll={false}
      aria-current={current ? 'page' : undefined}
      className={`mb-1 flex gap-3 rounded-md px-3 py-2.5 hover:bg-sunken/60 ${current ? 'bg-sunken' : ''}`}
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{row.customerName ?? row.title}</span>
        <span className="block truncate text-text-2">{row.title}</span>
        <span className="block truncate text-xs text-text-3">{row.requestedByName}</span>
      </span>
      <span className="flex-none text-right">
        <span className="money block font-medium">{requestAmount(row)}</span>
        <span className="num block text-xs leading-5 text-text-3">{hours} h left</span>
      </span>
    </Link>
  );
}

function DecidedLine({ row, time }: { row: ApprovalRow; time: (at: number) => string }) {
  const ranOut = row.status === 'waiting';
  return (
    <li className="border-t border-hair py-2">
      <span className="flex gap-3">
        <span className="min-w-0 flex-1 truncate font-medium">{row.customerName ?? row.title}</span>
        <State kind={row.status === 'approved' ? 'good' : 'ended'} className="text-xs">
          {ranOut ? DECIDED.expired : (DECIDED[row.status] ?? row.status)}
        </State>
      </span>
      <span className="block truncate text-text-2">{row.title}</span>
      <span className="block text-xs text-pretty text-text-3">
        Asked by {row.requestedByName},{' '}
        {ranOut ? 'nobody decided' : `decided by ${row.decidedByName ?? 'nobody'}`}
        {row.decidedAt !== null && ` ${time(row.decidedAt)}`}
        {row.decisionNote && `: “${row.decisionNote}”`}
      </span>
    </li>
  );
}

async function Before({
  row,
  customerId,
  timezone,
  now,
}: {
  row: ApprovalRow;
  customerId: string;
  timezone: string;
  now: number;
}) {
  const given = await reading(({ tx, organizationId }) => givenBefore(tx, organizationId, customerId));
  return (
    <Section title={`Given to ${row.customerName} before`} className="mt-7">
      <ul className="mt-2">
        {given.map((one) => (
          <li key={one.id} className="flex gap-3 border-t border-hair py-2">
            <span className="min-w-0 flex-1">
              <span className="block truncate">{one.title}</span>
              <span className="block truncate text-xs text-text-3">
                {[one.actorName, reasonWords(one.reasonCode)].filter(Boolean).join(', ')}
              </span>
            </span>
            <span className="flex-none text-right">
              <span className="money block">
                {one.amountMinor && one.currency && one.amountMinor !== '0'
                  ? formatAmount(BigInt(one.amountMinor), one.currency)
                  : ''}
              </span>
              <span className="num block text-xs text-text-3">
                {formatInstant(one.at, timezone, 'weekday', now)}
              </span>
            </span>
          </li>
        ))}
        {given.length === 0 && <li className="border-t border-hair py-2 text-text-2">Nothing yet.</li>}
      </ul>
    </Section>
  );
}
