import type { ReactNode } from 'react';
import { cx } from './cx';
import { Menu } from './menu';

/** A figure whose explanation is a few words: dotted, opens them in place. */
export function WhyFigure({
  why,
  className,
  children,
}: {
  why: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Menu trigger={children} triggerClassName={cx('why', className)}>
      <span className="block max-w-70 text-sm font-normal text-pretty whitespace-normal text-text-2">
        {why}
      </span>
    </Menu>
  );
}
