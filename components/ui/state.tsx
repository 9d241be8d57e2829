import type { ReactNode } from 'react';
import { cx } from './cx';

/** good: money arrived or active · info: scheduled, trial, draft · warn: will go wrong · bad: went wrong · ended. */
export type StateKind = 'good' | 'info' | 'warn' | 'bad' | 'ended';

/** Shape and word, always both; only trouble colours the word. */
export function State({
  kind,
  children,
  className,
}: {
  kind: StateKind;
  children: ReactNode;
  className?: string;
}) {
  return <span className={cx('state', kind !== 'ended' && `state-${kind}`, className)}>{children}</span>;
}

/** A label on an object: the deal it came by, a change not yet applied, "Test data". */
export function Tag({
  tone = 'plain',
  children,
  className,
}: {
  tone?: 'plain' | 'ink' | 'warn';
  children: ReactNode;
  className?: string;
}) {
  return <span className={cx('tag', tone !== 'plain' && `tag-${tone}`, className)}>{children}</span>;
}

/** Marks a line or a table as exact (filled dot) or as an estimate (ring). The words say it again. */
export function Certainty({
  exact,
  children,
  className,
}: {
  exact: boolean;
  children: ReactNode;
  className?: string;
}) {
  return <span className={cx(exact ? 'exact' : 'guess', className)}>{children}</span>;
}
