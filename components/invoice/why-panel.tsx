import type { ReactNode } from 'react';
import { cx } from '../ui/cx';
import { TriangleAlertIcon } from '../ui/icons';
import { Kbd } from '../ui/kbd';
import { CheckedLine } from '../ui/surface';

export interface WorkingRow {
  /** "Above 3,000". */
  what: string;
  /** "11,260". */
  units?: string;
  /** "at $20.00 per 1,000". */
  how?: string;
  amount: string;
}

export interface WhyPanelProps {
  /** "$225.20". */
  amount: string;
  /** "line 2 of 5". */
  position?: string;
  /** The explanation; set the figures in `Figure`. */
  sentence: ReactNode;
  working: readonly WorkingRow[];
  /** The line itself, under its parts. */
  result: WorkingRow;
  /** What the rest of the bill does to the line: its share of discounts, its taxes. */
  onBill?: readonly WorkingRow[];
  /** Worked out again and compared with what is stored; null while that is not known. */
  reproduces: boolean | null;
  /** The unrounded amount as it is stored, where the line was rounded: "$76.774193548387097". */
  stored?: string;
  /** Chart of days with its heading; left out where a line has none. */
  days?: ReactNode;
  /** "$61.40 more than August, because minutes rose by 3,070." */
  compared?: ReactNode;
  /** The raw rows behind a day. */
  events?: ReactNode;
  /** Above it all: what was just done to the invoice. */
  notice?: ReactNode;
  /** Copy explanation, Send as a link, Something is wrong. */
  actions?: ReactNode;
}

/** Why this amount: sentence, working, days, events, in that order. */
export function WhyPanel(props: WhyPanelProps) {
  const { amount, position, sentence, working, result, onBill = [], days, compared, events, actions } = props;
  return (
    <aside
      className="flex w-134 flex-none flex-col border-l border-line bg-surface max-xl:w-104 max-lg:w-auto max-lg:border-t max-lg:border-l-0"
      aria-label="Why this amount"
    >
      <div className="min-h-0 flex-1 overflow-y-auto px-8 pt-6 pb-6 max-lg:overflow-visible max-md:px-4">
        {props.notice}
        <div className="flex items-baseline gap-3">
          <h1 className="num flex-1 text-xl">Why {amount}</h1>
          {position && <span className="num text-xs text-text-3">{position}</span>}
          {position && (
            <span className="flex gap-1 max-md:hidden" aria-hidden="true">
              <Kbd>↑</Kbd>
              <Kbd>↓</Kbd>
            </span>
          )}
        </div>
        <p className="mt-2 text-base leading-6 text-pretty">{sentence}</p>
        <Working rows={working} result={result} />
        <Reproduced reproduces={props.reproduces} stored={props.stored} />
        {onBill.length > 0 && (
          <div className="mt-5 border-t border-line pt-5">
            <h2 className="tracking-normal">On this bill</h2>
            <Working rows={onBill} />
          </div>
        )}
        {(days || compared) && (
          <div className="mt-5 border-t border-line pt-5">
            {days}
            {compared && <p className="mt-3 text-pretty text-text-2">{compared}</p>}
          </div>
        )}
        {events && <div className="mt-5 border-t border-line pt-5">{events}</div>}
      </div>
      {actions && (
        <footer className="flex flex-none flex-wrap items-center gap-2 border-t border-line px-8 py-4 max-md:px-4">
          {actions}
        </footer>
      )}
    </aside>
  );
}

/** A figure inside the sentence. */
export function Figure({ children }: { children: ReactNode }) {
  return <span className="num font-medium">{children}</span>;
}

function Working({ rows, result }: { rows: readonly WorkingRow[]; result?: WorkingRow }) {
  return (
    <table className="mt-3 w-full [&_td]:border-t [&_td]:border-hair [&_td]:py-1.75 [&_td]:align-baseline">
      <tbody>
        {rows.map((row) => (
          <WorkingLine key={`${row.what} ${row.how}`} row={row} />
        ))}
        {result && <WorkingLine row={result} sum />}
      </tbody>
    </table>
  );
}

function WorkingLine({ row, sum }: { row: WorkingRow; sum?: boolean }) {
  return (
    <tr className={sum ? '[&_td]:!border-line' : undefined}>
      <td className={cx('w-36', sum && 'font-medium')}>{row.what}</td>
      <td className="money text-text-2">{row.units}</td>
      <td className="pl-5 text-text-2 tabular-nums">{row.how}</td>
      <td className={cx('money', sum && 'font-medium')}>{row.amount}</td>
    </tr>
  );
}

function Reproduced({ reproduces, stored }: { reproduces: boolean | null; stored: string | undefined }) {
  if (reproduces === null) return null;
  if (reproduces) {
    return (
      <CheckedLine className="mt-2">
        {`Worked out again just now: same to the last decimal${stored ? `, ${stored} before rounding` : ''}`}
      </CheckedLine>
    );
  }
  return (
    <p className="mt-2 flex items-center gap-1.5 text-xs text-bad" role="alert">
      <TriangleAlertIcon small />
      Worked out again just now: it does not come out the same. Show this line to finance before anybody
      relies on it.
    </p>
  );
}

export interface EventRow {
  id: string;
  /** "09:04". */
  time: string;
  /** What it was: a file, a call, an id. */
  name: string;
  value: string;
  /** Why it does not count: "sent twice, counted once". Ruled through. */
  ignored?: string;
}

/** The rows behind one day; those that do not count are ruled through and say why. */
export function EventTable({
  day,
  summary,
  all,
  rows,
}: {
  day: string;
  /** "38 recordings add up to 2,140 minutes". */
  summary: string;
  /** A link to all of them. */
  all?: ReactNode;
  rows: readonly EventRow[];
}) {
  return (
    <section aria-label={`Events of ${day}`}>
      <div className="flex items-baseline gap-3">
        <h2 className="tracking-normal whitespace-nowrap">{day}</h2>
        <span className="flex-1 text-text-2">{summary}</span>
        {all}
      </div>
      <table className="mt-2 w-full [&_td]:border-t [&_td]:border-hair [&_td]:py-1.5">
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="num w-16 text-text-3">{row.time}</td>
              <td className={cx('code', row.ignored && 'text-text-3 line-through')}>{row.name}</td>
              <td className="px-2 text-text-2">{row.ignored}</td>
              <td className={cx('money', row.ignored && 'text-text-3')}>{row.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The key of a day chart: what is included, what is paid for. */
export function DaysKey() {
  return (
    <>
      <span className="flex items-center gap-1.5 text-xs text-text-3">
        <i className="size-2.5 rounded-xs bg-chart-soft" />
        included
      </span>
      <span className="flex items-center gap-1.5 text-xs text-text-3">
        <i className="size-2.5 rounded-xs bg-chart-1" />
        paid
      </span>
    </>
  );
}
