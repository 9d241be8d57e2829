import type { ReactNode } from 'react';

/** The places of the rail, in order of how often they are used. */
export type Place =
  | 'today'
  | 'customers'
  | 'invoices'
  | 'payments'
  | 'plans'
  | 'deals'
  | 'insights'
  | 'books'
  | 'settings';

export interface PinnedView {
  label: string;
  href: string;
  count?: number;
}

export interface Person {
  name: string;
  /** "Support lead". */
  role: string;
  /** Where their day is: "Lisbon". */
  place?: string;
  /** Opens from the person block: theme, sign out. */
  menu?: ReactNode;
}

/** What may still be given in this window, in words ready to print; `share` is what is left, 0 to 1. */
export interface GiveMeter {
  left: string;
  of: string;
  share: number;
}

export interface NewItem {
  label: string;
  href: string;
}

/** What the bar above every page offers, whatever the page. */
export interface ShellTools {
  newItems: readonly NewItem[];
  /** How many requests wait for this person. */
  approvals: number;
  approvalsHref: string;
  helpHref: string;
}

export interface TestMode {
  /** The sandbox's clock in words: "Tue 13 Oct 2026, 10:24". */
  clock: string;
  /** "Move to…" and what belongs to it. */
  control?: ReactNode;
}
