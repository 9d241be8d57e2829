import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from '../ui/cx';

export interface PaperLine {
  id: string;
  what: string;
  /** Period, what is included, which bill of how many. */
  detail?: string;
  quantity?: string;
  amount: string;
  /** Opens why this amount. */
  href?: string;
}

export interface PaperTotal {
  label: string;
  amount: string;
}

export interface PaperProps {
  /** Who sends it. */
  issuer: { name: string; address: string };
  /** "Invoice", "Draft", "Credit note". */
  kind: string;
  number: string;
  customer: { name: string; lines: readonly string[] };
  /** "Issued" Thu 1 Oct 2026, "Due" Thu 1 Oct 2026. */
  dates: readonly { label: string; value: string }[];
  currency: string;
  lines: readonly PaperLine[];
  selected?: string;
  /** Between lines and total: taxes, credits. */
  totals: readonly PaperTotal[];
  total: PaperTotal;
  /** "Paid Thu 1 Oct 2026 with Visa ending 0082. Thank you." */
  foot?: ReactNode;
  /** Ruled through: the invoice was cancelled. */
  cancelled?: boolean;
}

/** The document as the customer sees it; white in dark mode too. The picked line has an ink edge. */
export function Paper(props: PaperProps) {
  const { issuer, kind, number, customer, dates, currency, lines, selected, totals, total } = props;
  return (
    <article
      className="paper flex h-fit w-full max-w-152 flex-col pt-10 pb-9 max-md:pt-6 max-md:pb-6 [--g:2.5rem] max-md:[--g:1.25rem]"
      aria-label={`${kind} ${number} as the customer sees it`}
    >
      <header className="flex items-start gap-4 px-(--g)">
        <div className="flex-1">
          <p className="text-lg font-semibold tracking-tight">{issuer.name}</p>
          <p className="mt-1 text-xs text-text-3">{issuer.address}</p>
        </div>
        <div className="text-right">
          <p className="text-lg font-semibold tracking-tight">{kind}</p>
          <p className={cx('code mt-0.5 text-text-2', props.cancelled && 'line-through')}>{number}</p>
        </div>
      </header>
      <div className="mt-8 flex flex-wrap gap-y-4 px-(--g) leading-5">
        <div className="flex-1 max-md:basis-full">
          <p className="text-xs text-text-3">For</p>
          <p className="font-medium">{customer.name}</p>
          {customer.lines.map((line) => (
            <p key={line} className="text-text-2">
              {line}
            </p>
          ))}
        </div>
        {dates.map((date) => (
          <div key={date.label} className="w-34">
            <p className="text-xs text-text-3">{date.label}</p>
            <p className="num">{date.value}</p>
          </div>
        ))}
      </div>
      <table className="mt-8 w-full border-separate border-spacing-0 [&_td]:border-t [&_td]:border-hair">
        <thead>
          <tr className="text-xs text-text-3">
            <th scope="col" className="pb-2 pl-(--g) font-medium">
              What
            </th>
            <th scope="col" className="pr-4 pb-2 !text-right font-medium whitespace-nowrap">
              How many
            </th>
            <th scope="col" className="pr-(--g) pb-2 !text-right font-medium">
              {currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <PaperRow key={line.id} line={line} picked={line.id === selected} />
          ))}
          {lines.length === 0 && (
            <tr>
              <td colSpan={3} className="py-2.5 px-(--g) text-text-2">
                Nothing was due
              </td>
            </tr>
          )}
        </tbody>
      </table>
      <dl className="mt-3 ml-auto w-66 max-w-full px-(--g) md:pl-0">
        {totals.map((row) => (
          <div key={row.label} className="flex gap-4 py-1 text-text-2">
            <dt className="flex-1">{row.label}</dt>
            <dd className="money">{row.amount}</dd>
          </div>
        ))}
        <div className="mt-1 flex items-baseline gap-4 border-t border-text pt-2.5">
          <dt className="flex-1 font-medium">{total.label}</dt>
          <dd className={cx('num text-xl font-semibold tracking-tight', props.cancelled && 'line-through')}>
            {total.amount}
          </dd>
        </div>
      </dl>
      {props.foot && <p className="mt-8 px-(--g) text-xs text-text-3">{props.foot}</p>}
    </article>
  );
}

function PaperRow({ line, picked }: { line: PaperLine; picked: boolean }) {
  const cell = 'num py-2.5 text-right align-top';
  return (
    <tr
      className={cx(
        'relative',
        line.href && !picked && 'hover:bg-[oklch(.985_.003_255)]',
        picked && 'bg-ink-tint shadow-[inset_3px_0_0_var(--c-ink)]',
      )}
    >
      <td className="py-2.5 pr-3 pl-(--g) align-top">
        <span className="block font-medium">
          {line.href ? (
            <Link
              href={line.href}
              scroll={false}
              replace
              data-paper-line={line.id}
              aria-current={picked ? 'true' : undefined}
              className="outline-offset-4 after:absolute after:inset-0"
            >
              {line.what}
            </Link>
          ) : (
            line.what
          )}
        </span>
        {line.detail && <span className="block text-text-2">{line.detail}</span>}
      </td>
      <td className={cx(cell, 'pr-4 text-text-2')}>{line.quantity}</td>
      <td className={cx(cell, 'pr-(--g)')}>{line.amount}</td>
    </tr>
  );
}
