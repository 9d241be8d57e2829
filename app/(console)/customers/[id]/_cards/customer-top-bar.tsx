'use client';

import { TopBar } from '@/components/shell/top-bar';
import { useActs } from '../_acts/acts-context';

/** The bar above the page; search gives room while a panel is open. */
export function CustomerTopBar() {
  const { facts, open } = useActs();
  return (
    <TopBar
      breadcrumb={[{ label: 'Customers', href: '/customers' }, { label: facts.name }]}
      narrow={open !== null}
    />
  );
}
