import Link from 'next/link';
import type { ReactNode } from 'react';
import { CurrentInView } from './current-in-view';
import { cx } from './cx';

export interface TabItem {
  href: string;
  label: ReactNode;
  /** How many are in it; a dash when not known. */
  count?: ReactNode;
  current?: boolean;
  /** Not saved yet: a dot after the words. */
  unsaved?: boolean;
}

/** Second level of a page: each tab is an address. */
export function Tabs({
  label,
  items,
  after,
  ruled,
  className,
}: {
  label: string;
  items: readonly TabItem[];
  /** For example "Save view". */
  after?: ReactNode;
  /** A line under the whole row. */
  ruled?: boolean;
  className?: string;
}) {
  return (
    <nav
      aria-label={label}
      className={cx(
        'flex flex-none items-center gap-6 overflow-x-auto [scrollbar-width:none] max-md:gap-5',
        ruled && 'border-b border-line',
        className,
      )}
    >
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          scroll={false}
          className="tab max-md:h-11"
          aria-current={item.current ? 'page' : undefined}
        >
          {item.label}
          {item.count !== undefined && <span className="n">{item.count}</span>}
          {item.unsaved && (
            <>
              <i className="size-1.5 rounded-full bg-ink" />
              <span className="sr-only">, not saved</span>
            </>
          )}
        </Link>
      ))}
      {after}
      <CurrentInView />
    </nav>
  );
}

export interface KindItem {
  href: string;
  label: string;
  count: ReactNode;
  /** Quiet words beside the number: "$1,516.40 at risk", "all clear". */
  detail?: ReactNode;
  current?: boolean;
}

/** Kinds of work with their numbers; never summed together. The picked one carries a rule. */
export function KindStrip({ label, items }: { label: string; items: readonly KindItem[] }) {
  return (
    <nav
      aria-label={label}
      style={{ gridTemplateColumns: `repeat(${items.length}, minmax(0, 1fr))` }}
      className="card grid flex-none divide-x divide-hair overflow-hidden max-md:-mx-4 max-md:flex max-md:overflow-x-auto max-md:rounded-none max-md:border-x-0 max-lg:flex max-lg:overflow-x-auto"
    >
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          scroll={false}
          aria-current={item.current ? 'page' : undefined}
          className={cx(
            'px-4 py-3 -outline-offset-2 hover:bg-sunken/60 max-lg:flex-none',
            item.current && 'shadow-[inset_0_-2px_0_var(--c-text)]',
          )}
        >
          <span className="block text-xs whitespace-nowrap text-text-2">{item.label}</span>
          <span className="mt-1 flex items-baseline gap-2 whitespace-nowrap">
            <span className="num text-lg font-semibold tracking-tight">{item.count}</span>
            {item.detail && <span className="num truncate text-xs text-text-3">{item.detail}</span>}
          </span>
        </Link>
      ))}
    </nav>
  );
}

export interface Crumb {
  label: ReactNode;
  href?: string;
}

/** Where this page lies; the last one is the page itself. */
export function Breadcrumb({ items }: { items: readonly Crumb[] }) {
  const last = items.length - 1;
  return (
    <nav aria-label="Where you are" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-2 text-text-2">
        {items.map((item, index) => (
          <li
            key={item.href ?? index}
            className={cx('flex items-center gap-2', index === last ? 'min-w-0' : 'flex-none')}
          >
            {index > 0 && (
              <span className="text-text-3" aria-hidden="true">
                /
              </span>
            )}
            {item.href ? (
              <Link href={item.href} className="whitespace-nowrap hover:text-text">
                {item.label}
              </Link>
            ) : (
              <span
                className="truncate font-medium text-text"
                aria-current={index === last ? 'page' : undefined}
              >
                {item.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
