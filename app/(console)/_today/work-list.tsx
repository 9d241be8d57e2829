import Link from 'next/link';
import { Money } from '@/components/money';
import { ButtonLink } from '@/components/ui/button';
import { State } from '@/components/ui/state';
import type { WorkRow } from '@/lib/queries/console/today';
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
}: {
  rows: readonly WorkRow[];
  now: number;
  timezone: string;
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
}: {
  row: WorkRow;
  now: number;
  timezone: string;
  focused: boolean;
}) {
  const words = workWords(row, now, timezone);
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
        <p className="mt-0.5 truncate text-text-2 max-md:whitespace-normal max-md:text-pretty">
          {words.sentence}
        </p>
      </div>
      <div className="w-28 flex-none text-right max-md:w-auto">
        <p className="money font-medium">
          <Money amount={row.amountMinor} currency={row.currency ?? 'USD'} />
        </p>
        <p className="mt-0.5 text-xs leading-5 text-text-3">{words.meta}</p>
      </div>
      <div className="w-29 flex-none max-md:hidden">
        <ButtonLink href={words.href} size="sm" tone={focused ? 'act' : 'plain'} className="w-full">
          {words.act}
        </ButtonLink>
      </div>
    </li>
  );
}
