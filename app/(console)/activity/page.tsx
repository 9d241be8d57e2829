import type { Metadata } from 'next';
import Link from 'next/link';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { PhoneList, PhoneRow, Table, Td, Th } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import { EmptyState } from '@/components/ui/waiting';
import { type ActivityRow, activity } from '@/lib/queries/console/activity';
import { reasonWords } from '../_acts/reasons';
import { UndoButton } from '../_acts/undo-button';
import { oneOf, only, withWords } from '../_list/address';
import { More } from '../_list/more';
import { reading } from '../_reading/tenant';
import { stillReversible } from '../_today/your-changes';

export const metadata: Metadata = { title: 'Activity' };

const VIEWS = ['people', 'yours', 'all'] as const;
const NAMES = { people: 'By people', yours: 'By you', all: 'Everything' } as const;

interface ActivityProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ActivityPage({ searchParams }: ActivityProps) {
  const words = await searchParams;
  const view = oneOf(VIEWS, only(words.view));
  const after = only(words.after);
  const { rows, next, now, person } = await reading(async (read) => ({
    ...(await activity(
      read.tx,
      read.organizationId,
      { actorId: view === 'yours' ? read.person.userId : undefined, people: view === 'people' },
      after,
    )),
    now: read.now,
    person: read.person,
  }));
  const to = (change: Record<string, string | null>) =>
    withWords('/activity', { view: view === 'people' ? undefined : view }, change);
  return (
    <PageColumn>
      <TopBar title="Activity" />
      <PageMain>
        <Tabs
          ruled
          className="-mt-6"
          label="Whose activity"
          items={VIEWS.map((value) => ({
            href: to({ view: value === 'people' ? null : value }),
            label: NAMES[value],
            current: value === view,
          }))}
        />
        {rows.length === 0 ? (
          <EmptyState title="Nothing was done yet">
            Every act leaves a line here: who did it, to whom, why, for how much, and whether it was taken
            back.
          </EmptyState>
        ) : (
          <>
            <div className="flex-none overflow-x-auto max-md:hidden">
              <Table label="Activity" bare className="min-w-200">
                <thead>
                  <tr>
                    <Th>When</Th>
                    <Th>What</Th>
                    <Th>Who</Th>
                    <Th>Customer</Th>
                    <Th>Why</Th>
                    <Th r>Given away</Th>
                    <Th />
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <Td quiet className="num">
                        {formatInstant(row.at, person.timezone, 'moment', now)}
                      </Td>
                      <Td
                        className={`max-w-80 min-w-48 font-medium text-pretty !whitespace-normal ${row.undoneAt === null ? '' : 'text-text-3 line-through'}`}
                      >
                        {row.title}
                      </Td>
                      <Td quiet>
                        {row.askedBy === null ? (
                          who(row, person.userId)
                        ) : (
                          <>
                            <span className="block">{row.askedBy} asked</span>
                            <span className="block text-xs text-text-3">
                              {who(row, person.userId)} approved
                            </span>
                          </>
                        )}
                      </Td>
                      <Td className="max-w-44 truncate">
                        {row.customerId ? (
                          <Link href={`/customers/${row.customerId}`}>{row.customerName}</Link>
                        ) : (
                          <span className="text-text-3">—</span>
                        )}
                      </Td>
                      <Td quiet className="max-w-56 truncate" title={row.note ?? undefined}>
                        {whyWords(row)}
                      </Td>
                      <Td r quiet>
                        {given(row) ?? '—'}
                      </Td>
                      <Td className="text-right text-xs text-text-3">
                        {stillReversible(row, now) ? (
                          <UndoButton auditRowId={row.id} act={row.title} />
                        ) : row.undoneAt === null ? null : (
                          `undone by ${row.undoneBy ?? 'somebody'}`
                        )}
                      </Td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
            <PhoneList label="Activity">
              {rows.map((row) => (
                <PhoneRow
                  key={row.id}
                  href={row.customerId ? `/customers/${row.customerId}` : undefined}
                  name={row.title}
                  figure={given(row) ?? undefined}
                  status={[
                    row.askedBy && `${row.askedBy} asked`,
                    `${who(row, person.userId)}${row.askedBy ? ' approved' : ''}`,
                    row.customerName,
                  ]
                    .filter(Boolean)
                    .join(', ')}
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

function who(row: ActivityRow, userId: string): string {
  if (row.actorId === userId) return 'You';
  return row.actorType === 'system'
    ? 'By itself'
    : row.actorType === 'api_key'
      ? `Key ${row.actorName}`
      : row.actorName;
}

/** An undo carries its own note, "Undo of: …", which says the reason as well. */
const whyWords = ({ reasonCode, note }: ActivityRow): string =>
  [reasonCode === 'undo' && note ? null : reasonWords(reasonCode), note].filter(Boolean).join(': ') || '—';

/** What an act gave away; null where it gave nothing. */
const given = (row: ActivityRow) =>
  row.amountMinor && row.amountMinor !== '0' && row.currency
    ? formatAmount(BigInt(row.amountMinor), row.currency)
    : null;
