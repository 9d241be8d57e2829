'use client';

import type { ReactNode } from 'react';
import { useActs } from '../_acts/acts-context';
import { ReceiptColumn } from '../_acts/receipt-column';

/** Beside the page: the receipt of the last act, then whom to write to and the pinned note. Gives way to a panel. */
export function SideColumn({ children }: { children: ReactNode }) {
  const { open, applied } = useActs();
  if (open || (!applied && !children)) return null;
  return (
    <aside
      className={`flex w-83 flex-none flex-col gap-7 @max-4xl:order-first @max-4xl:mb-6 @max-4xl:w-auto ${applied ? '' : '@max-4xl:hidden'}`}
      aria-label="Beside the customer"
    >
      <ReceiptColumn />
      <div className="contents @max-4xl:hidden">{children}</div>
    </aside>
  );
}
