import type { ReactNode } from 'react';
import { cx } from '../ui/cx';
import { Breadcrumb, type Crumb, type TabItem, Tabs } from '../ui/tabs';
import { TopBarTools } from './tools';

export interface TopBarProps {
  /** A list page: its name, and how many it holds. */
  title?: ReactNode;
  count?: ReactNode;
  /** An object's page: the way back to its list. */
  breadcrumb?: readonly Crumb[];
  /** A page with a second level, such as Insights; on phones the title stays and the tabs go below it. */
  tabs?: { label: string; items: readonly TabItem[] };
  /** Anything else at the left, for example a state after the breadcrumb. */
  children?: ReactNode;
  /** Buttons of this page, before the tools. */
  actions?: ReactNode;
  /** A panel is open and takes room. */
  narrow?: boolean;
}

/** The bar above a page. */
export function TopBar({ title, count, breadcrumb, tabs, children, actions, narrow }: TopBarProps) {
  return (
    <header className="flex-none border-b border-line">
      <div className="flex h-13 items-center gap-2 px-8 max-md:px-4">
        <div className="flex h-full min-w-0 flex-1 items-center gap-2 text-text-2">
          {title && (
            <h1 className={cx('truncate text-lg font-semibold text-text', tabs && 'md:sr-only')}>{title}</h1>
          )}
          {count !== undefined && <span className="num">{count}</span>}
          {breadcrumb && <Breadcrumb items={breadcrumb} />}
          {tabs && <Tabs {...tabs} className="h-full min-w-0 shrink max-md:hidden [&_.tab]:h-13" />}
          {children}
        </div>
        {actions}
        <TopBarTools narrow={narrow} />
      </div>
      {tabs && <Tabs {...tabs} className="border-t border-hair px-4 md:hidden" />}
    </header>
  );
}
