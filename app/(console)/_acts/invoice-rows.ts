import type { DeltaRow } from '@/components/panel/types';
import { formatQuantity } from '@/lib/billing/money/format';
import type { InvoiceFigures, PreviewResult } from '@/lib/commands/preview/types';
import { moneyRow } from './money-row';

type Line = InvoiceFigures['lines'][number];

const STATUS_WORDS: Partial<Record<InvoiceFigures['status'], string>> = {
  draft: 'draft',
  finalized: 'issued',
  voided: 'cancelled',
};

const fixed = (minor: string) => ({ minor: BigInt(minor), exact: true });

/** A line that was renamed, counted or priced otherwise, put on or taken off. */
function lineRows(now: Line | undefined, then: Line | undefined, currency: string): DeltaRow[] {
  const name = then?.name ?? now?.name ?? '';
  const rows: DeltaRow[] = [];
  if (now && then && now.name !== then.name) {
    rows.push({ label: 'Name', now: now.name, after: then.name, difference: '', changed: true });
  }
  if (now?.units !== then?.units) {
    const said = (line: Line | undefined) => (line ? formatQuantity(line.units) : 'none');
    rows.push({
      label: `${name}, how many`,
      now: said(now),
      after: said(then),
      difference: '',
      changed: true,
    });
  }
  if (now?.amountMinor !== then?.amountMinor) {
    rows.push(
      moneyRow(name, now ? fixed(now.amountMinor) : null, then ? fixed(then.amountMinor) : null, currency),
    );
  }
  return rows;
}

/** What an act does to the invoice it is about; nothing for acts about none. */
export function invoiceRows({ invoice, after: { currency } }: PreviewResult): DeltaRow[] {
  if (!invoice) return [];
  const { before, after } = invoice;
  const rows: DeltaRow[] = [];
  if (before.status !== after.status) {
    const said = ({ status }: InvoiceFigures) => STATUS_WORDS[status] ?? status;
    rows.push({ label: before.name, now: said(before), after: said(after), difference: '', changed: true });
  }
  const then = new Map(after.lines.map((line) => [line.key, line]));
  const known = new Set(before.lines.map(({ key }) => key));
  for (const line of before.lines) rows.push(...lineRows(line, then.get(line.key), currency));
  for (const line of after.lines) if (!known.has(line.key)) rows.push(...lineRows(undefined, line, currency));
  const pairs = [
    ['Total', before.totalMinor, after.totalMinor],
    ['Still due on it', before.dueMinor, after.dueMinor],
    ['Paid back', before.refundedMinor, after.refundedMinor],
  ] as const;
  for (const [label, was, is] of pairs) {
    if (was !== is) rows.push(moneyRow(label, fixed(was), fixed(is), currency));
  }
  return rows;
}
