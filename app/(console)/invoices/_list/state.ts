import { formatDay } from '@/components/format-date';
import type { StateKind } from '@/components/ui/state';

interface Stated {
  status: string;
  paymentStatus: string;
  overdue: boolean;
  dueMinor?: string;
  goesOut: string | null;
}

/** An invoice's state as shape and word. */
export function invoiceState(row: Stated, today: string): { kind: StateKind; words: string } {
  switch (row.status) {
    case 'draft':
      return {
        kind: 'info',
        words: row.goesOut ? `Draft, goes out ${formatDay(row.goesOut, today)}` : 'Draft',
      };
    case 'voided':
      return { kind: 'ended', words: 'Cancelled' };
    case 'failed':
      return { kind: 'bad', words: 'Could not be worked out' };
    case 'pending':
      return { kind: 'info', words: 'Waiting' };
    default:
  }
  if (row.paymentStatus === 'succeeded' || row.dueMinor === '0') return { kind: 'good', words: 'Paid' };
  if (row.paymentStatus === 'failed') return { kind: 'bad', words: 'Payment failed' };
  if (row.overdue) return { kind: 'bad', words: 'Past due' };
  return { kind: 'info', words: 'Open' };
}
