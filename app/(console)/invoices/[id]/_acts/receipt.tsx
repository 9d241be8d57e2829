'use client';

import { JustDone } from '../../../_acts/just-done';
import { useInvoiceActs } from './acts-context';

/** What was just done to this invoice, until the next act or until it is taken back. */
export function InvoiceReceipt() {
  const { applied, setApplied, open, facts } = useInvoiceActs();
  if (!applied || open) return null;
  return (
    <JustDone
      className="mb-6"
      applied={applied}
      shown={{ today: facts.today, timezone: facts.personTimezone }}
      onUndone={() => setApplied(null)}
    />
  );
}
