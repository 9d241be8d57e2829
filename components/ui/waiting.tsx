import type { ReactNode } from 'react';
import { cx } from './cx';
import { LockIcon } from './icons';

/** One grey bar of the size of what will come. Give it a width and a height class. */
export function Skeleton({ className = 'h-4 w-full' }: { className?: string }) {
  return <span className={cx('skel', className)} aria-hidden="true" />;
}

interface BlockProps {
  title: ReactNode;
  /** What will be here or what failed, what still works, what was not done. */
  children: ReactNode;
  /** One way on, and perhaps a quiet second. */
  actions?: ReactNode;
  className?: string;
}

function Block({ title, children, actions, className }: BlockProps) {
  return (
    <div className={cx('flex min-h-48 flex-col justify-center py-8', className)}>
      <h2 className="flex items-center gap-2 text-lg">{title}</h2>
      <div className="mt-1 max-w-140 text-base text-pretty text-text-2">{children}</div>
      {actions && <div className="mt-4 flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

/** Nothing here yet, or nothing left after a filter: what will be here, when, and one way to start. */
export function EmptyState(props: BlockProps) {
  return <Block {...props} />;
}

/** Something did not load: says what still works and what was not done. */
export function ErrorState({ reference, children, ...rest }: BlockProps & { reference?: string }) {
  return (
    <div role="alert">
      <Block {...rest}>
        {children}
        {reference && (
          <p className="mt-2 text-xs text-text-3">
            Reference <span className="code">{reference}</span>
          </p>
        )}
      </Block>
    </div>
  );
}

/** Stays visible, says who may, offers what may be seen instead. */
export function LockedState({ title, ...rest }: BlockProps) {
  return (
    <Block
      {...rest}
      title={
        <>
          <LockIcon className="text-text-3" />
          {title}
        </>
      }
    />
  );
}
