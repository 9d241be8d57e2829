import type { Metadata } from 'next';
import Link from 'next/link';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { Money } from '@/components/money';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { State, type StateKind } from '@/components/ui/state';
import { PhoneList, PhoneRow, Table, Td, Th } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import { EmptyState } from '@/components/ui/waiting';
import { collected, type PaymentRow, paymentsPage } from '@/lib/queries/console/payments';
import { shellCounts } from '@/lib/queries/console/shell';
import { oneOf, only, withWords } from '../_list/address';
import { More } from '../_list/more';
import { reading } from '../_reading/tenant';
import { failureWords } from './failure-words';

export const metadata: Metadata = { title: 'Payments' };

const STATES: Record<PaymentRow['status'], { kind: StateKind; words: string }> = {
  succeeded: { kind: 'good', words: 'Paid' },
  failed: { kind: 'bad', words: 'Failed' },
  pending: { kind: 'info', words: 'Waiting for the bank' },
  processing: { kind: 'info', words: 'Waiting for the bank' },
};

interface PaymentsProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function PaymentsPage({ searchParams }: PaymentsProps) {
  const words = await searchParams;
  const view = oneOf(['all', 'failed'] as const, only(words.view));
  const after = only(words.after);
  const { rows, next, now, person, sums, unpaid } = await reading(async (read) => ({
    ...(await paymentsPage(read.tx, read.organizationId, view === 'failed', after)),
    now: read.now,
    person: read.person,
    sums: await collected(read.tx, read.organizationId, read.now),
    unpaid: (await shellCounts(read.tx, read.organizationId, read.now)).unpaid,
  }));
  const to = (change: Record<string, string | null>) =>
    withWords('/payments', { view: view === 'all' ? undefined : view }, change);
  return (
    <PageColumn>
      <TopBar title="Payments" />
      <PageMain>
        <p className="max-w-160 text-base text-pretty text-text-2">
          {sums.length === 0 ? (
            'Nothing came in during the last 30 days. '
          ) : (
            <>
              <span className="num text-text">
                {sums.map((sum) => formatAmount(BigInt(sum.amountMinor), sum.currency)).join(' and ')}
              </span>{' '}
              came in during the last 30 days.{' '}
            </>
          )}
          {unpaid === 0 ? (
            'No bill is late.'
          ) : (
            <>
              <Link href="/invoices?view=overdue" className="why">
                {unpaid === 1 ? 'One bill is' : `${unpaid} bills are`} late
              </Link>
              .
            </>
          )}
        </p>
        <Tabs
          ruled
          className="mt-3"
          label="Kinds of payments"
          items={[
            { href: to({ view: null }), label: 'All', current: view === 'all' },
            { href: to({ view: 'failed' }), label: 'Failed', current: view === 'failed' },
          ]}
        />
        {rows.length === 0 ? (
          <EmptyState
            title={view === 'failed' ? 'No failed payments' : 'No payments yet'}
            actions={view === 'failed' && <ButtonLink href="/payments">See all payments</ButtonLink>}
          >
            Each try to pay a bill stands here with what the bank said.
          </EmptyState>
        ) : (
          <>
            <div className="flex-none overflow-x-auto max-md:hidden">
              <Table label="Payments" bare className="min-w-180">
                <thead>
                  <tr>
                    <Th>When</Th>
                    <Th>Customer</Th>
                    <Th>Invoice</Th>
                    <Th>Outcome</Th>
                    <Th>How</Th>
                    <Th r>Amount</Th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <Td quiet className="num">
                        {formatInstant(row.at, person.timezone, 'moment', now)}
                      </Td>
                      <Td className="max-w-60 truncate font-medium">
                        <Link href={`/customers/${row.customerId}`}>{row.customerName}</Link>
                      </Td>
                      <Td>
                        <Link href={`/invoices/${row.invoiceId}`} className="code">
                          {row.number ?? 'draft'}
                        </Link>
                      </Td>
                      <Td>
                        <State kind={STATES[row.status].kind}>
                          {row.status === 'failed' && row.failureReason
                            ? failureWords(row.failureReason)
                            : STATES[row.status].words}
                        </State>
                      </Td>
                      <Td quiet>{howWords(row)}</Td>
                      <Td r>
                        <Money amount={row.amountMinor} currency={row.currency} />
                      </Td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
            <PhoneList label="Payments">
              {rows.map((row) => (
                <PhoneRow
                  key={row.id}
                  href={`/invoices/${row.invoiceId}`}
                  name={row.customerName}
                  figure={<Money amount={row.amountMinor} currency={row.currency} />}
                  status={<State kind={STATES[row.status].kind}>{STATES[row.status].words}</State>}
                  meta={formatInstant(row.at, person.timezone, 'day', now)}
                />
              ))}
            </PhoneList>
            <More first={after ? to({}) : null} next={next && to({ after: next })} />
          </>
        )}
      </PageMain>
    </PageColumn>
  );
}

function howWords({ kind, method, reference }: PaymentRow): string {
  const way = kind === 'manual' ? 'recorded by hand' : (method?.replaceAll('_', ' ') ?? 'card');
  return reference ?? way;
}
