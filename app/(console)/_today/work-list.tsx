import Link from 'next/link';
import { Money } from '@/components/money';
import { ButtonLink } from '@/components/ui/button';
import { State } from '@/components/ui/state';
import { type Right, whoMay } from '@/lib/auth/rights';
import type { WorkRow } from '@/lib/queries/console/today';
import { RetryButton } from './retry-button';
import { urgency, workWords } from './work-words';

const GROUPS = [
  ['first', 'Do first'],
  ['week', 'This week'],
  ['later', 'Later'],
] as const;

/** The things to do, most pressing first; only the very first has the filled button. */
export function WorkList({
  rows,
  now,
  timezone,
  may,
}: {
  rows: readonly WorkRow[];
  now: number;
  timezone: string;
  /** Whether this person has a right. */
  may: (right: Right) => boolean;
}) {
  const first = GROUPS.map(([when]) => rows.find((row) => urgency(row, now) === when)).find(Boolean);
  return (
    <section className="-mx-3 min-w-0 flex-1 max-md:mx-0" aria-label="Work queue">
      {GROUPS.map(([when, label]) => {
        const own = rows.filter((row) => urgency(row, now) === when);
        if (own.length === 0) return null;
        return (
          <div key={when} className="mb-4">
            <h2 className="mb-1 px-3 text-xs font-medium tracking-normal text-text-3 max-md:px-0">{label}</h2>
            <ul className="max-md:divide-y max-md:divide-hair">
              {own.map((row) => (
                <Work
                  key={`${row.kind}${row.id}`}
                  row={row}
                  now={now}
                  timezone={timezone}
                  focused={row === first}
                  may={may}
                />
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

function Work({
  row,
  now,
  timezone,
  focused,
  may,
}: {
  row: WorkRow;
  now: number;
  timezone: string;
  focused: boolean;
  may: (right: Right) => boolean;
}) {
  const words = workWords(row, now, timezone);
  const locked = words.right !== undefined && !may(words.right);
  const { act, href } = locked ? { act: 'Open', href: `/customers/${row.customerId}` } : words;
  const mayRetry = may('due_work.retry');
  const retry = row.kind === 'parked' && mayRetry;
  return (
    <li
      className={`flex items-center gap-4 rounded-md px-3 py-2 max-md:items-start max-md:rounded-none max-md:bg-transparent max-md:px-0 max-md:py-3 ${focused ? 'bg-sunken' : ''}`}
    >
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2.5 max-md:flex-wrap max-md:gap-y-0">
          <Link
            href={row.customerId ? `/customers/${row.customerId}` : words.href}
            className="truncate font-medium"
          >
            {row.name}
          </Link>
          <State kind={words.state.kind} className="text-xs">
            {words.state.words}
          </State>
        </p>
        <p
          className={`mt-0.5 text-text-2 max-md:whitespace-normal max-md:text-pretty ${row.kind === 'parked' ? 'text-pretty' : 'truncate'}`}
        >
          {words.sentence.split(/(\S+-\S+)/).map((part, index) =>
            index % 2 === 1 ? (
              // A number of an invoice stays in one piece on a narrow screen.
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence have no other name
              <span key={index} className="whitespace-nowrap">
                {part}
              </span>
            ) : (
              part
            ),
          )}
          {row.kind === 'parked' && !mayRetry && ` ${whoMay('due_work.retry')} may try it again.`}
        </p>
        {retry && (
          <span className="mt-2 block w-40 md:hidden">
            <RetryButton dueItemId={row.id} name={row.name} tone={focused ? 'act' : undefined} />
          </span>
        )}
      </div>
      <div className="w-28 flex-none text-right max-md:w-auto">
        <p className="money font-medium">
          {row.kind !== 'parked' && <Money amount={row.amountMinor} currency={row.currency ?? 'USD'} />}
        </p>
        <p className="mt-0.5 text-xs leading-5 text-text-3">{words.meta}</p>
      </div>
      <div className="w-29 flex-none max-md:hidden">
        {retry ? (
          <RetryButton dueItemId={row.id} name={row.name} tone={focused ? 'act' : undefined} />
        ) : (
          <ButtonLink href={href} size="sm" tone={focused ? 'act' : 'plain'} className="w-full">
            {act}
          </ButtonLink>
        )}
      </div>
    </li>
  );
}
