import type { WorkedRow } from '@/lib/adapters/documents/description';
import { shortWorking } from '@/lib/billing/explain';
import type { Working } from '@/lib/billing/invoice/result';
import { Exact } from '@/lib/billing/money/exact';
import type { InvoiceDocument, InvoiceFee } from '../console/invoice.ts';
import { explainLine, workingOf } from './explained.ts';

/** How a line came about, as a document says it: the page's own sentences and rows, less what its columns say already. */
export interface WorkedLine {
  sentence: string | null;
  rows: WorkedRow[];
}

const NOTHING: WorkedLine = { sentence: null, rows: [] };

export function workedLine(fee: InvoiceFee, document: InvoiceDocument): WorkedLine {
  const working = workingOf(fee);
  if (!working) return NOTHING;
  const { sentences, rows } = explainLine(fee, document);
  const parts = working.rows.filter(({ amount }) => !Exact.of(amount).isZero());
  return {
    sentence: said(working, sentences, fee.currency),
    rows:
      working.kind === 'charge' && parts.length > 1
        ? rows.map(({ what, units = '', how = '', amount }) => ({ what, quantity: units, how, amount }))
        : [],
  };
}

function said(working: Working, sentences: readonly string[], currency: string): string | null {
  switch (working.kind) {
    case 'subscription': {
      const [days] = working.rows.filter(({ kind }) => kind === 'days');
      return !days || days.days === days.ofDays ? null : rest(sentences);
    }
    case 'charge':
    case 'fixed_charge':
      return rest(sentences);
    case 'add_on':
    case 'credit':
      return Exact.of(working.units).eq(1) ? null : shortWorking(working, { currency, locale: 'en-US' });
    default:
      return sentences.join(' ') || null;
  }
}

/** Without the first, which says who used how much of what and when: name, quantity and period stand in the line. */
const rest = (sentences: readonly string[]): string | null => sentences.slice(1).join(' ') || null;
