import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { Menu } from './menu';

/** A figure that can explain itself: dotted, and leads to its explanation. */
export function WhyLink({
  href,
  className,
  children,
}: {
  href: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link href={href} className={cx('why', className)} scroll={false}>
      {children}
    </Link>
  );
}

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
