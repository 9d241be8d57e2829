'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

/** A link that knows when it leads to where you are. `exact` is for the front page. */
export function NavLink({
  href,
  exact,
  className,
  currentClassName,
  children,
}: {
  href: string;
  exact?: boolean;
  className?: string;
  currentClassName?: string;
  children: ReactNode;
}) {
  const path = usePathname();
  const here = href.split('?')[0] ?? href;
  const current =
    !href.includes('?') && (exact ? path === here : path === here || path.startsWith(`${here}/`));
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      className={[className, current && currentClassName].filter(Boolean).join(' ') || undefined}
    >
      {children}
    </Link>
  );
}
