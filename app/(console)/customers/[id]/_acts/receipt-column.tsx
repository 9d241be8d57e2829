'use client';

import { JustDone } from '../../../_acts/just-done';
import { useActs } from './acts-context';

/** What was just done here, until the next act or until it is taken back. */
export function ReceiptColumn() {
  const { applied, setApplied, open, facts } = useActs();
  if (!applied || open) return null;
  return (
    <JustDone
      applied={applied}
      shown={{ today: facts.today, timezone: facts.personTimezone }}
      onUndone={() => setApplied(null)}
    />
  );
}
