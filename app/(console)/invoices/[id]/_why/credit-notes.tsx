import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import type { NoteOnInvoice } from '@/lib/queries/console/invoice';

/** What was given back of an invoice, each note with its document. */
export function CreditNotes({ notes }: { notes: readonly NoteOnInvoice[] }) {
  if (notes.length === 0) return null;
  return (
    <section className="mt-6 px-1" aria-label="Credit notes on this invoice">
      <h2 className="text-xs text-text-3">Credit notes on this invoice</h2>
      <ul>
        {notes.map(({ id, number, issuingDate, totalMinor, currency }) => (
          <li
            key={id}
            className="flex flex-wrap items-center gap-x-4 border-t border-hair py-2 first:border-t-0"
          >
            <span className="code">{number}</span>
            <span className="num flex-1 text-text-2">{formatDay(issuingDate)}</span>
            <span className="num">{formatAmount(BigInt(totalMinor), currency)}</span>
            <a href={`/api/console/documents/credit-notes/${id}`} download className="btn btn-sm">
              Download PDF
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
