import type { Metadata } from 'next';
import Link from 'next/link';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { State } from '@/components/ui/state';
import { Card } from '@/components/ui/surface';
import { EmptyState } from '@/components/ui/waiting';
import { holds, whoMay } from '@/lib/auth/rights';
import { type ApprovalRow, approvalRequestsList } from '@/lib/queries/console/approvals';
import { reasonWords } from '../_acts/reasons';
import { reading } from '../_reading/tenant';
import { DecideButtons } from './decide-buttons';

export const metadata: Metadata = { title: 'Approvals' };

const DECIDED: Record<string, string> = {
  approved: 'Approved',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  expired: 'Ran out',
};

export default async function ApprovalsPage() {
  const { rows, person, now } = await reading(async (read) => ({
    rows: await approvalRequestsList(read.tx, read.organizationId),
    person: read.person,
    now: read.now,
  }));
  const waiting = rows.filter(({ status }) => status === 'waiting');
  const decided = rows.filter(({ status }) => status !== 'waiting');
  const may = holds(person.roles, 'approvals.decide');
  const time = (at: number) => formatInstant(at, person.timezone, 'moment', now);
  return (
    <PageColumn>
      <TopBar title="Approvals" count={waiting.length} />
      <PageMain>
        {waiting.length === 0 ? (
          <EmptyState
            title="Nothing waits for a decision"
            actions={<ButtonLink href="/settings/team">See who may give what</ButtonLink>}
          >
            When somebody wants to give more than their limit, the request comes here with its figures, and
            nothing happens until it is decided.
          </EmptyState>
        ) : (
          <ul className="grid max-w-200 gap-4">
            {waiting.map((row, index) => (
              <li key={row.id}>
                <Card label={row.title}>
                  <div className="flex items-baseline gap-3">
                    <h2 className="flex-1">
                      {row.title}
                      {row.customerId && (
                        <>
                          {' for '}
                          <Link href={`/customers/${row.customerId}`} className="why">
                            {row.customerName}
                          </Link>
                        </>
                      )}
                    </h2>
                    <span className="num text-lg font-semibold">{amount(row)}</span>
                  </div>
                  <p className="mt-1 text-pretty text-text-2">
                    {row.requestedByName} asked {time(row.createdAt)}
                    {row.reasonCode && `, ${reasonWords(row.reasonCode)}`}
                    {row.note && `: “${row.note}”`}. {overWords(row, person.userId)}
                  </p>
                  <p className="mt-1 text-xs text-text-3">Ends by itself {time(row.expiresAt)}.</p>
                  <div className="mt-3">
                    {row.requestedBy === person.userId ? (
                      <p className="text-text-2">You asked for this, so somebody else decides.</p>
                    ) : may ? (
                      <DecideButtons
                        approvalId={row.id}
                        approve={`Approve${amount(row) ? ` ${amount(row)}` : ''}`}
                        first={index === 0}
                      />
                    ) : (
                      <p className="text-text-2">{whoMay('approvals.decide')} decides.</p>
                    )}
                  </div>
                </Card>
              </li>
            ))}
          </ul>
        )}
        {decided.length > 0 && (
          <section className="mt-7 max-w-200" aria-label="Decided">
            <h2 className="tracking-normal">Decided</h2>
            <ul className="mt-2">
              {decided.slice(0, 20).map((row) => (
                <li key={row.id} className="flex flex-wrap gap-x-3 border-t border-hair py-2">
                  <span className="min-w-0 flex-1 truncate">
                    {row.title}
                    <span className="text-text-2">{row.customerName && ` for ${row.customerName}`}</span>
                  </span>
                  <State kind={row.status === 'approved' ? 'good' : 'ended'}>
                    {DECIDED[row.status] ?? row.status}
                  </State>
                  <span className="num text-text-3">
                    {row.decidedByName ?? 'nobody'}
                    {row.decidedAt !== null && `, ${time(row.decidedAt)}`}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </PageMain>
    </PageColumn>
  );
}

/** The limit was told to who asked, as "you"; everybody else reads their name. */
const overWords = ({ overBy, requestedBy, requestedByName }: ApprovalRow, reader: string): string =>
  requestedBy === reader ? overBy : overBy.replace(/^You may/, `${requestedByName} may`);

const amount = ({ amountMinor, currency }: ApprovalRow): string =>
  amountMinor && currency ? formatAmount(BigInt(amountMinor), currency) : '';
