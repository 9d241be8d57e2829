import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { CreditNoteReason, DocumentParties } from '@/db/schema';
import type {
  DescribedLine,
  DescribedTotal,
  DocumentDescription,
} from '@/lib/adapters/documents/description';
import { formatQuantity } from '@/lib/billing/money/format';
import { formatDay } from '@/lib/billing/periods/date-words';
import { type InvoiceDocument, type InvoiceTaxLine, invoiceDocument } from '../console/invoice.ts';
import { millis } from '../console/sql.ts';
import { feeLine } from './lines.ts';
import { namedParties } from './parties.ts';
import { basisWords, currencyName, less, longDay, money } from './words.ts';

interface NoteRow extends Record<string, unknown> {
  invoiceId: string;
  number: string;
  reason: CreditNoteReason;
  description: string | null;
  currency: string;
  issuingDate: string;
  createdAt: number;
  finalizedAt: number | null;
  selfBilled: boolean;
  parties: DocumentParties | null;
  totalMinor: string;
  beforeTaxMinor: string;
  discountMinor: string;
  creditMinor: string;
  refundMinor: string;
  offsetMinor: string;
}

const REASONS: Record<CreditNoteReason, string | null> = {
  duplicated_charge: 'Charged twice',
  product_unsatisfactory: 'Product unsatisfactory',
  order_change: 'Order changed',
  order_cancellation: 'Order cancelled',
  fraudulent_charge: 'Fraudulent charge',
  other: null,
};

async function readNote(tx: Tx, organizationId: string, id: string): Promise<NoteRow | null> {
  const [row] = await tx.execute<NoteRow>(sql`
    select n.invoice_id as "invoiceId", n.number, n.reason, n.parties, n.description, n.currency, n.issuing_date::text as "issuingDate", n.self_billed as "selfBilled",
      ${millis('n.created_at')} as "createdAt", ${millis('i.finalized_at')} as "finalizedAt",
      n.total_amount_minor::text as "totalMinor", n.sub_total_excluding_taxes_minor::text as "beforeTaxMinor",
      n.coupons_adjustment_amount_minor::text as "discountMinor", n.credit_amount_minor::text as "creditMinor",
      n.refund_amount_minor::text as "refundMinor", n.offset_amount_minor::text as "offsetMinor"
    from credit_notes n
    join invoices i on i.organization_id = n.organization_id and i.id = n.invoice_id
    where n.organization_id = ${organizationId} and n.id = ${id} and n.status = 'finalized'`);
  return row ?? null;
}

async function readLines(
  tx: Tx,
  organizationId: string,
  id: string,
  { head, fees }: InvoiceDocument,
): Promise<DescribedLine[]> {
  const items = await tx.execute<{ feeId: string; amountMinor: string }>(sql`
    select fee_id as "feeId", amount_minor::text as "amountMinor" from credit_note_items
    where organization_id = ${organizationId} and credit_note_id = ${id}`);
  const amounts = new Map(items.map(({ feeId, amountMinor }) => [feeId, amountMinor]));
  return fees.flatMap((fee) => {
    const amount = amounts.get(fee.id);
    if (amount === undefined) return [];
    const { what, detail } = feeLine(fee, head.timezone, { year: true });
    const billed = `Billed: ${money(fee.amountMinor, fee.currency)}`;
    return [
      {
        what,
        details: [detail, billed].filter((text): text is string => !!text),
        working: [],
        amount: money(amount, head.currency),
      },
    ];
  });
}

async function readTaxes(tx: Tx, organizationId: string, id: string): Promise<InvoiceTaxLine[]> {
  return tx.execute<InvoiceTaxLine & Record<string, unknown>>(sql`
    select id, tax_name as name, tax_rate::text as rate, base_amount_minor::text as "baseMinor",
      amount_minor::text as "amountMinor"
    from credit_note_taxes
    where organization_id = ${organizationId} and credit_note_id = ${id} order by tax_code`);
}

function totalsOf(note: NoteRow, taxes: readonly InvoiceTaxLine[]): DescribedTotal[] {
  const { currency } = note;
  const step = (label: string, amount: string): DescribedTotal => ({ label, amount, weight: 'step' });
  return [
    ...(note.discountMinor === '0'
      ? []
      : [step('Its share of discounts', less(note.discountMinor, currency))]),
    step('Before tax', money(note.beforeTaxMinor, currency)),
    ...taxes.map(({ name, rate, baseMinor, amountMinor }) =>
      step(
        `${name}, ${formatQuantity(rate)}% of ${money(baseMinor, currency)}`,
        money(amountMinor, currency),
      ),
    ),
    ...(taxes.length === 0 ? [step('Tax, none', money('0', currency))] : []),
    { label: 'Given back', amount: money(note.totalMinor, currency), weight: 'final' },
  ];
}

/** Where the money goes: "$12.00 is kept as credit for the next invoices." */
function usesOf(note: NoteRow, invoiceNumber: string): string[] {
  const uses: [string, string][] = [
    [note.creditMinor, 'is kept as credit for the next invoices.'],
    [note.refundMinor, 'is paid back.'],
    [note.offsetMinor, `lowers what is due on invoice ${invoiceNumber}.`],
  ];
  return uses.flatMap(([minor, words]) => (minor === '0' ? [] : [`${money(minor, note.currency)} ${words}`]));
}

/** The document of a finished credit note, from what its invoice's page reads; null where there is none. */
export async function describeCreditNote(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<DocumentDescription | null> {
  const note = await readNote(tx, organizationId, id);
  const document = note && (await invoiceDocument(tx, organizationId, note.invoiceId, null));
  if (!note || !document) return null;
  const { head } = document;
  const invoiceNumber = head.number ?? '';
  const { seller, buyer, register } = namedParties(note.parties ?? head.parties, note.selfBilled);
  const reason = REASONS[note.reason];
  return {
    kind: 'Credit note',
    number: note.number,
    // A note on a draft is issued with the invoice.
    issuedAt: Math.max(note.createdAt, note.finalizedAt ?? 0),
    seller,
    buyer,
    headline: {
      label: `Given back, ${currencyName(note.currency)}`,
      amount: money(note.totalMinor, note.currency),
    },
    when: { label: 'Issued', value: longDay(note.issuingDate) },
    facts: [
      { label: 'For invoice', value: invoiceNumber },
      { label: 'Invoice issued', value: formatDay(head.issuingDate) },
      ...(reason ? [{ label: 'Reason', value: reason }] : []),
    ],
    columns: { what: 'What', quantity: '', amount: note.currency },
    lines: await readLines(tx, organizationId, id, document),
    empty: 'Nothing was given back',
    totals: totalsOf(note, await readTaxes(tx, organizationId, id)),
    notes: [
      usesOf(note, invoiceNumber).join(' '),
      note.description ?? '',
      (note.parties ?? head.parties).footer ?? '',
    ].filter((text) => text.trim() !== ''),
    smallPrint: `${register} ${basisWords(head.timezone, note.currency)}`,
  };
}
