import type { ReactNode } from 'react';
import { cx } from './cx';
import { CloudOffIcon, LockIcon } from './icons';
import { Note } from './surface';

/** One grey bar of the size of what will come. Give it a width and a height class. */
export function Skeleton({ className = 'h-4 w-full' }: { className?: string }) {
  return <span className={cx('skel', className)} aria-hidden="true" />;
}

const WIDTHS = ['w-24', 'w-16', 'w-20', 'w-14', 'w-28', 'w-18'];

/** Table rows of the final height while the first rows load. */
export function SkeletonRows({ rows = 10, columns }: { rows?: number; columns: ('text' | 'figure')[] }) {
  return (
    <>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of nothing have no other name
        <tr key={row}>
          {columns.map((kind, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <td key={column} className={kind === 'figure' ? 'r' : undefined}>
              <Skeleton
                className={cx('h-3.5 align-middle', WIDTHS[(row * 5 + column * 3) % WIDTHS.length])}
              />
            </td>
          ))}
        </tr>
      ))}
    </>
  );
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
    <div className={cx('flex min-h-48 flex-col justify-center px-8 py-8 max-md:px-4', className)}>
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

/** Old rows stay and carry their time; what needs fresh figures is locked. */
export function StaleNote({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <Note warn icon={CloudOffIcon} action={action} role="status" className="!py-1.5">
      {children}
    </Note>
  );
}
