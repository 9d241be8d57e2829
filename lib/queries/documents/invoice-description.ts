import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type {
  DescribedLine,
  DescribedTotal,
  DocumentDescription,
  Labelled,
} from '@/lib/adapters/documents/description';
import { formatQuantity } from '@/lib/billing/money/format';
import { formatDay } from '@/lib/billing/periods/date-words';
import { type InvoiceDocument, type InvoiceFee, invoiceDocument } from '../console/invoice.ts';
import { creditLine, feeLine } from './lines.ts';
import { namedParties } from './parties.ts';
import { basisWords, currencyName, less, longDay, money, termsWords } from './words.ts';
import { workedLine } from './worked.ts';

interface Terms extends Record<string, unknown> {
  selfBilled: boolean;
  order: string | null;
  termDays: number;
  beforeTaxMinor: string;
  withTaxMinor: string;
}

/** Credits that lower the bill before tax stand among its lines; the others pay a part of what is due. */
const BEFORE_TAX = new Set(['coupon', 'invoice']);

/** The lines of a bill: one for each fee, headed by its subscription where there are several, then what lowers it. */
export function describedLines(document: InvoiceDocument): DescribedLine[] {
  const { head, fees, credits } = document;
  const several = new Set(fees.map(({ subscriptionId }) => subscriptionId)).size > 1;
  let before: string | null = null;
  const billed = fees.map((fee): DescribedLine => {
    const group = several ? groupName(fee) : null;
    const begins = group !== null && group !== before;
    before = group;
    return { ...describedFee(fee, document), ...(begins ? { group } : {}) };
  });
  const lowered = credits
    .filter(({ kind }) => BEFORE_TAX.has(kind))
    .map((credit): DescribedLine => {
      const { what, detail, amount } = creditLine(credit, head.currency);
      return { what, details: detail ? [detail] : [], working: [], amount };
    });
  return [...billed, ...lowered];
}

const groupName = ({ planName, externalSubscriptionId }: InvoiceFee): string | null =>
  [planName, externalSubscriptionId].filter(Boolean).join(', ') || null;

export function describedFee(fee: InvoiceFee, document: InvoiceDocument): DescribedLine {
  const { what, detail, quantity, amount } = feeLine(fee, document.head.timezone, { year: true });
  const { sentence, rows } = workedLine(fee, document);
  return {
    what,
    details: [detail, fee.description, sentence].filter((text): text is string => !!text),
    working: rows,
    amount,
    ...(quantity === undefined ? {} : { quantity }),
  };
}

function totalsOf({ head, taxes, credits }: InvoiceDocument, terms: Terms): DescribedTotal[] {
  const { currency } = head;
  const paying = credits.filter(({ kind }) => !BEFORE_TAX.has(kind));
  const steps: DescribedTotal[] = [
    { label: 'Before tax', amount: money(terms.beforeTaxMinor, currency), weight: 'step' },
    ...taxes.map(
      ({ name, rate, baseMinor, amountMinor }): DescribedTotal => ({
        label: `${name}, ${formatQuantity(rate)}% of ${money(baseMinor, currency)}`,
        amount: money(amountMinor, currency),
        weight: 'step',
      }),
    ),
    ...(taxes.length === 0
      ? [{ label: 'Tax, none', amount: money('0', currency), weight: 'step' as const }]
      : []),
  ];
  if (paying.length === 0) {
    return [...steps, { label: 'Amount due', amount: money(head.totalMinor, currency), weight: 'final' }];
  }
  return [
    ...steps,
    { label: 'Total', amount: money(terms.withTaxMinor, currency), weight: 'sum' },
    ...paying.map(
      (credit): DescribedTotal => ({
        label: credit.kind === 'wallet' ? 'Paid from prepaid credits' : creditLine(credit, currency).what,
        amount: less(credit.amountMinor, currency),
        weight: 'step',
      }),
    ),
    { label: 'Amount due', amount: money(head.totalMinor, currency), weight: 'final' },
  ];
}

function factsOf({ head }: InvoiceDocument, { termDays, order }: Terms): Labelled[] {
  return [
    { label: 'Issued', value: formatDay(head.issuingDate) },
    ...(head.dueDate ? [{ label: 'Due', value: formatDay(head.dueDate) }] : []),
    { label: 'Terms', value: termsWords(termDays) },
    ...(order ? [{ label: 'Your order', value: order }] : []),
  ];
}

/** The document of an issued invoice, from what its page reads; null while it is a draft, and where there is none. */
export async function describeInvoice(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<DocumentDescription | null> {
  const document = await invoiceDocument(tx, organizationId, id, null);
  if (!document) return null;
  const { head } = document;
  if (head.number === null || head.finalizedAt === null) return null;
  const [terms] = await tx.execute<Terms>(sql`
    select self_billed as "selfBilled", purchase_order_number as "order",
      net_payment_term as "termDays", sub_total_excluding_taxes_minor::text as "beforeTaxMinor",
      sub_total_including_taxes_minor::text as "withTaxMinor"
    from invoices where organization_id = ${organizationId} and id = ${head.id}`);
  if (!terms) return null;
  const { seller, buyer, register } = namedParties(head.parties, terms.selfBilled);
  const amount = money(head.totalMinor, head.currency);
  const nothing = head.totalMinor === '0';
  return {
    kind: terms.selfBilled ? 'Self-billed invoice' : 'Invoice',
    number: head.number,
    issuedAt: head.finalizedAt,
    seller,
    buyer,
    headline: { label: `Amount due, ${currencyName(head.currency)}`, amount },
    ...(nothing
      ? { when: { label: 'Nothing to pay', value: longDay(head.issuingDate) } }
      : head.dueDate
        ? { when: { label: 'Due', value: longDay(head.dueDate) } }
        : {}),
    facts: factsOf(document, terms),
    columns: { what: 'What', quantity: 'How many', amount: head.currency },
    lines: describedLines(document),
    empty: 'Nothing was due',
    totals: totalsOf(document, terms),
    notes: (head.footer ?? '').split(/\n+/).filter((text) => text.trim() !== ''),
    ...(nothing
      ? {}
      : {
          slip: {
            title: 'The part that goes with your payment',
            fields: [
              { label: 'To', value: seller.name },
              { label: 'Reference', value: head.number },
              { label: 'Due', value: head.dueDate ? formatDay(head.dueDate) : 'On receipt' },
              { label: 'Amount', value: amount },
            ],
          },
        }),
    smallPrint: `${register} ${basisWords(head.timezone, head.currency)}`,
  };
}
