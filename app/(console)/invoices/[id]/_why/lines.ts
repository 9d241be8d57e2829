import { formatAmount } from '@/components/format-amount';
import type { PaperLine } from '@/components/invoice/paper';
import type { InvoiceDocument } from '@/lib/queries/console/invoice';
import { documentLines } from '@/lib/queries/documents/lines';

/** Every line of the document, each with the address that explains it; of credits, what is left of them now. */
export function paperLines(document: InvoiceDocument): PaperLine[] {
  const { head, credits } = document;
  const left = new Map(
    credits.flatMap(({ id, kind, left }) => (kind === 'wallet' && left ? [[id, left] as const] : [])),
  );
  return documentLines(document).map((line) => {
    const remains = left.get(line.id);
    return {
      ...line,
      detail: remains ? `${formatAmount(BigInt(remains), head.currency)} left` : line.detail,
      href: `/invoices/${head.id}?line=${line.id}`,
    };
  });
}
