import type { ReactNode } from 'react';
import { cx } from './cx';

/** A key of the keyboard. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return <kbd className={cx('kbd font-sans', className)}>{children}</kbd>;
}
