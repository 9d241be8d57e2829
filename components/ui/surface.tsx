import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { cx } from './cx';
import { CheckIcon, type Icon, TriangleAlertIcon } from './icons';

/** An object with a border of its own: the next bill, a definition, a dry run. Everything else is a section. */
export function Card({
  label,
  sunken,
  className,
  children,
}: {
  label?: string;
  sunken?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={cx('card p-4', sunken && 'bg-canvas', className)} aria-label={label}>
      {children}
    </section>
  );
}

/** A part of a page under a small heading, set apart by space alone. */
export function Section({
  title,
  aside,
  after,
  className,
  children,
}: {
  title: string;
  /** Quiet words straight after the title. */
  aside?: ReactNode;
  /** Something at the far end of the title's line. */
  after?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={className} aria-label={title}>
      <div className="flex items-baseline gap-3">
        <h2 className={cx('tracking-normal', !aside && 'flex-1')}>{title}</h2>
        {aside && <span className="flex-1 text-xs text-text-3">{aside}</span>}
        {after}
      </div>
      {children}
    </section>
  );
}

/** A list of facts: label on the left, figure on the right, a hairline between. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cx('[&>div:first-child]:border-t-0', className)}>{children}</dl>;
}

export function Fact({
  label,
  children,
  exact,
  strong,
}: {
  label: ReactNode;
  children: ReactNode;
  /** Marks the line as exact or as an estimate; left out where the question does not arise. */
  exact?: boolean;
  strong?: boolean;
}) {
  const mark = exact === undefined ? undefined : exact ? 'exact' : 'guess';
  return (
    <div className={cx('flex gap-4 border-t border-hair py-1.75', strong && 'font-medium')}>
      <dt className={cx('min-w-0 flex-1', mark, mark !== 'exact' && !strong && 'text-text-2')}>{label}</dt>
      <dd className={cx('money', mark === 'guess' && 'text-text-2')}>{children}</dd>
    </div>
  );
}

export interface NoteProps extends ComponentPropsWithoutRef<'div'> {
  icon?: Icon;
  /** Needs attention. */
  warn?: boolean;
  /** Something to press at the end. */
  action?: ReactNode;
}

/** Context for a decision, or (warn) something that needs attention before it. */
export function Note({ icon: GivenIcon, warn, action, className, children, ...rest }: NoteProps) {
  const Glyph = GivenIcon ?? (warn ? TriangleAlertIcon : undefined);
  return (
    <div {...rest} className={cx('note', warn && 'note-warn', action && 'items-center', className)}>
      {Glyph && <Glyph className={cx(!action && 'mt-0.5', !warn && 'text-text-3')} />}
      <div className="min-w-0 flex-1 text-pretty">{children}</div>
      {action}
    </div>
  );
}

/** A computed check that came out right: "same to the last decimal". */
export function CheckedLine({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <p className={cx('flex items-center gap-1.5 text-xs text-good', className)}>
      <CheckIcon small />
      <span>{children}</span>
    </p>
  );
}

/** A share of a limit, 0 to 1, as a thin bar beside its words; `written` when it is what a person proposes. */
export function Meter({ share, written }: { share: number; written?: boolean }) {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10;
  return (
    <div className="meter" aria-hidden="true">
      <i className={written ? 'w' : undefined} style={{ width: `${percent}%` }} />
    </div>
  );
}
