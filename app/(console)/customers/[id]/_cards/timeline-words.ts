import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import type { TimelineEntry } from '@/lib/queries/console/customer-timeline';
import { reasonWords } from '../../../_acts/reasons';

const INVOICE_WORDS: Record<string, string> = {
  draft: 'Draft bill',
  open: 'Billed',
  overdue: 'Billed',
  failed: 'Billed',
  paid: 'Billed',
  voided: 'Bill cancelled,',
  pending: 'Bill waiting,',
};
const INVOICE_STATES: Record<string, string> = {
  overdue: 'past due',
  failed: 'payment failed',
  open: 'not paid yet',
  paid: 'paid',
  draft: 'not issued yet',
};
const PAYMENT_WORDS: Record<string, string> = {
  succeeded: 'Paid',
  failed: 'Payment failed,',
  pending: 'Payment under way,',
  processing: 'Payment under way,',
};

const DONE_BY_SYSTEM = new Set(['system']);

export interface EntryWords {
  title: string;
  detail: string | null;
}

/** A timeline entry as two short lines. `reader` turns the own name into "You". */
export function entryWords(
  entry: TimelineEntry,
  reader: { userId: string; timezone: string },
  now: number,
): EntryWords {
  const amount =
    entry.amountMinor && entry.currency ? formatAmount(BigInt(entry.amountMinor), entry.currency) : '';
  if (entry.kind === 'invoice' && entry.amountMinor === '0' && entry.status === 'paid') {
    return { title: `Bill of ${amount}, nothing was due`, detail: entry.title || null };
  }
  if (entry.kind === 'invoice') {
    const word = INVOICE_WORDS[entry.status ?? ''] ?? 'Bill';
    return {
      title: `${word} ${amount}`,
      detail: [entry.title, INVOICE_STATES[entry.status ?? '']].filter(Boolean).join(', ') || null,
    };
  }
  if (entry.kind === 'payment') {
    return {
      title: `${PAYMENT_WORDS[entry.status ?? ''] ?? 'Payment'} ${amount}`,
      detail: entry.title || null,
    };
  }
  const who =
    entry.actorId === reader.userId
      ? 'You'
      : DONE_BY_SYSTEM.has(entry.actorName ?? '')
        ? null
        : entry.actorName;
  const why = [reasonWords(entry.reasonCode), entry.note && `“${entry.note}”`].filter(Boolean).join(', ');
  const undone =
    entry.undoneAt === null
      ? null
      : `Undone ${formatInstant(entry.undoneAt, reader.timezone, 'moment', now)}${entry.undoneBy ? ` by ${entry.undoneBy}` : ''}`;
  const told = [who, why].filter(Boolean).join(', ');
  return { title: entry.title, detail: [told, undone].filter(Boolean).join('. ') || null };
}

/** Whether an entry can still be taken back from the timeline. */
export function canUndo(entry: TimelineEntry, now: number): boolean {
  if (entry.kind !== 'change' || !entry.hasInverse || entry.undoneAt !== null) return false;
  if (entry.undoClass === null || entry.undoClass === 'fix_forward') return false;
  return entry.undoUntil === null || entry.undoUntil > now;
}
