import Link from 'next/link';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { cx } from './cx';

export interface TableProps extends ComponentPropsWithoutRef<'table'> {
  /** What the table holds, for assistive technology. */
  label: string;
  /** 34 px rows. */
  tight?: boolean;
  /** No inset at either end, for a table inside a page column. */
  bare?: boolean;
  /** Header (and foot) stay while rows scroll inside the surrounding scroller. */
  sticky?: boolean;
  /** The first column stays while the others scroll sideways. */
  firstSticky?: boolean;
}

/** Text left, figures right (`Th`/`Td` with `r`), 40 px rows. Put `tfoot` totals per currency, never across. */
export function Table({ label, tight, bare, sticky, firstSticky, className, ...rest }: TableProps) {
  return (
    <table
      {...rest}
      aria-label={label}
      className={cx(
        'tbl',
        tight && 'tbl-tight',
        bare && 'tbl-bare',
        sticky && 'tbl-sticky',
        firstSticky && 'tbl-first',
        className,
      )}
    />
  );
}

interface ThProps extends ComponentPropsWithoutRef<'th'> {
  /** A column of figures. */
  r?: boolean;
}

export function Th({ r, className, ...rest }: ThProps) {
  return <th scope="col" {...rest} className={cx(r && 'r', className) || undefined} />;
}

interface TdProps extends ComponentPropsWithoutRef<'td'> {
  /** A figure. */
  r?: boolean;
  /** Meta: quieter than the rest of the row. */
  quiet?: boolean;
}

export function Td({ r, quiet, className, ...rest }: TdProps) {
  return <td {...rest} className={cx(r && 'r', quiet && 'text-text-2', className) || undefined} />;
}

export interface PhoneRowProps {
  href?: string;
  /** First line: name at the left, money at the right. */
  name: ReactNode;
  figure?: ReactNode;
  /** Second line: status and date. */
  status?: ReactNode;
  meta?: ReactNode;
  /** A button of its own at the end, beside what the row leads to. */
  aside?: ReactNode;
}

/** A table row folded into two lines. Wrap rows in a `PhoneList`. */
export function PhoneRow({ href, name, figure, status, meta, aside }: PhoneRowProps) {
  const inside = (
    <>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-medium">{name}</span>
        </span>
        {status && <span className="mt-0.5 block truncate text-xs leading-5 text-text-2">{status}</span>}
      </span>
      <span className="flex-none text-right">
        {figure && <span className="money block font-medium">{figure}</span>}
        {meta && <span className="num mt-0.5 block text-xs leading-5 text-text-3">{meta}</span>}
      </span>
    </>
  );
  const line = 'flex min-w-0 flex-1 gap-3 px-4 py-2.5';
  return (
    <li className="flex items-center border-b border-hair">
      {href ? (
        <Link href={href} className={line}>
          {inside}
        </Link>
      ) : (
        <div className={line}>{inside}</div>
      )}
      {aside && <span className="flex-none pr-4">{aside}</span>}
    </li>
  );
}

/** The list form of a table, on phones only. */
export function PhoneList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="-mx-4 border-t border-hair md:hidden">
      {children}
    </ul>
  );
}
