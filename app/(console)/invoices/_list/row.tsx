import Link from 'next/link';
import { formatDay } from '@/components/format-date';
import { Money } from '@/components/money';
import { State } from '@/components/ui/state';
import { PhoneRow, Td } from '@/components/ui/table';
import type { InvoiceRow } from '@/lib/queries/console/invoices';
import { PdfLink } from './pdf-link';
import { invoiceState } from './state';
import { usualWords } from './usual';

/** One issued invoice. */
export function InvoiceLine({ row, today }: { row: InvoiceRow; today: string }) {
  const state = invoiceState(row, today);
  return (
    <tr className="relative">
      <Td className="font-medium">
        <Link href={`/invoices/${row.id}`} className="code after:absolute after:inset-0">
          {row.number ?? 'Draft'}
        </Link>
      </Td>
      <Td className="max-w-60 truncate">{row.customerName}</Td>
      <Td>
        <State kind={state.kind}>{state.words}</State>
      </Td>
      <Td r quiet>
        {formatDay(row.issuingDate, today)}
      </Td>
      <Td r quiet>
        {row.dueDate ? formatDay(row.dueDate, today) : '—'}
      </Td>
      <Td r>
        <Money amount={row.dueMinor} currency={row.currency} />
      </Td>
      <Td r>
        <Money amount={row.totalMinor} currency={row.currency} />
      </Td>
      <Td r>{row.number && <PdfLink id={row.id} number={row.number} />}</Td>
    </tr>
  );
}

/** One draft: what it is against its usual, and when it goes out. */
export function DraftLine({ row, today }: { row: InvoiceRow; today: string }) {
  const usual = usualWords(row);
  return (
    <tr className="relative">
      <Td className="max-w-72 truncate font-medium">
        <Link href={`/invoices/${row.id}`} className="after:absolute after:inset-0">
          {row.customerName}
        </Link>
      </Td>
      <Td className={usual.odd ? 'text-warn' : 'text-text-2'}>{usual.words}</Td>
      <Td r quiet>
        {row.goesOut ? formatDay(row.goesOut, today) : '—'}
      </Td>
      <Td r>
        <Money amount={row.totalMinor} currency={row.currency} />
      </Td>
    </tr>
  );
}

/** An invoice on two lines. */
export function InvoicePhoneLine({ row, today }: { row: InvoiceRow; today: string }) {
  const state = invoiceState(row, today);
  return (
    <PhoneRow
      href={`/invoices/${row.id}`}
      name={row.customerName}
      figure={<Money amount={row.totalMinor} currency={row.currency} />}
      status={<State kind={state.kind}>{state.words}</State>}
      meta={row.number ?? formatDay(row.issuingDate, today)}
      aside={row.number && <PdfLink id={row.id} number={row.number} />}
    />
  );
}
