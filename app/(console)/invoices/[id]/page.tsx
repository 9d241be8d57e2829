import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { formatAmount } from '@/components/format-amount';
import { formatDay, formatInstant } from '@/components/format-date';
import { InvoiceSplit } from '@/components/invoice/invoice-split';
import { Paper } from '@/components/invoice/paper';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { State } from '@/components/ui/state';
import { formatQuantity } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
import { type InvoiceDocument, invoiceDocument, notesOnInvoice } from '@/lib/queries/console/invoice';
import {
  type InvoiceCorrections,
  type InvoiceName,
  invoiceCorrections,
} from '@/lib/queries/console/invoice-corrections';
import { only } from '../../_list/address';
import { reading } from '../../_reading/tenant';
import { invoiceState } from '../_list/state';
import { InvoiceActsProvider } from './_acts/acts-context';
import { invoiceActFacts } from './_acts/facts';
import { PanelHost } from './_acts/panel-host';
import { CreditNotes } from './_why/credit-notes';
import { paperLines } from './_why/lines';
import { NothingDue } from './_why/nothing-due';
import { Why } from './_why/why';

interface InvoiceProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const readInvoice = cache((id: string) =>
  reading(async ({ tx, organizationId, now, person }) => {
    const document = await invoiceDocument(tx, organizationId, decodeURIComponent(id));
    const corrections = document && (await invoiceCorrections(tx, organizationId, document.head.id, now));
    if (!document || !corrections) return null;
    const notes = await notesOnInvoice(tx, organizationId, document.head.id);
    return { document, corrections, notes, now, person };
  }),
);

export async function generateMetadata({ params }: InvoiceProps): Promise<Metadata> {
  const found = await readInvoice((await params).id);
  return { title: found?.document.head.number ?? (found ? 'Draft invoice' : 'Invoice') };
}

export default async function InvoicePage({ params, searchParams }: InvoiceProps) {
  const [{ id }, words] = await Promise.all([params, searchParams]);
  const found = await readInvoice(id);
  if (!found) notFound();
  const { document, notes, now } = found;
  const { head } = document;
  const lines = paperLines(document);
  const asked = only(words.line);
  const picked = lines.find((line) => line.id === asked)?.id ?? lines[0]?.id;
  const today = localDate(now, head.timezone);
  const state = invoiceState(head, today);
  const paid = document.payments.find((payment) => payment.status === 'succeeded');
  return (
    <InvoiceActsProvider facts={invoiceActFacts(found, picked)}>
      <PageColumn>
        <TopBar
          breadcrumb={[
            { label: 'Invoices', href: '/invoices' },
            { label: head.number ?? `Draft for ${head.customerName}` },
          ]}
          actions={
            head.number && (
              <a href={`/api/console/documents/invoices/${head.id}`} download className="btn btn-sm">
                Download PDF
              </a>
            )
          }
        >
          <State kind={state.kind} className="ml-1 max-md:hidden">
            {paid && state.words === 'Paid'
              ? `Paid ${formatInstant(paid.at, head.timezone, 'day', now)}`
              : state.words}
          </State>
          <Link
            href={`/customers/${head.customerId}`}
            className="ml-3 truncate hover:text-text max-lg:hidden"
          >
            {head.customerName}
          </Link>
        </TopBar>
        <PageMain flush>
          <InvoiceSplit
            paper={
              <div className="h-fit w-full max-w-152">
                <PaperOf
                  document={document}
                  corrections={found.corrections}
                  picked={picked}
                  paidOn={paid?.at ?? null}
                />
                <CreditNotes notes={notes} />
              </div>
            }
            why={
              picked ? (
                <Why
                  document={document}
                  lines={lines}
                  picked={picked}
                  day={only(words.day)}
                  all={only(words.all) === '1'}
                />
              ) : (
                <NothingDue document={document} />
              )
            }
          />
        </PageMain>
      </PageColumn>
      <PanelHost />
    </InvoiceActsProvider>
  );
}

/** Why there are two of it, with the way to the other one. */
function Other({ words, invoice }: { words: string; invoice: InvoiceName | null }) {
  if (!invoice) return null;
  return (
    <>
      {` ${words} `}
      <Link href={`/invoices/${invoice.id}`} className="underline hover:no-underline">
        {invoice.number ?? 'a draft'}
      </Link>
      .
    </>
  );
}

function PaperOf({
  document,
  corrections,
  picked,
  paidOn,
}: {
  document: InvoiceDocument;
  corrections: InvoiceCorrections;
  picked: string | undefined;
  paidOn: number | null;
}) {
  const { head, taxes } = document;
  const draft = head.status === 'draft';
  const day = (iso: string) => formatDay(iso);
  const money = (minor: string) => formatAmount(BigInt(minor), head.currency);
  return (
    <Paper
      issuer={{ name: head.issuer, address: head.issuerAddress }}
      kind={draft ? 'Draft' : 'Invoice'}
      number={head.number ?? 'no number yet'}
      customer={{ name: head.legalName || head.customerName, lines: head.addressLines }}
      dates={[
        draft
          ? { label: 'Goes out', value: head.goesOut ? day(head.goesOut) : day(head.issuingDate) }
          : { label: 'Issued', value: day(head.issuingDate) },
        { label: 'Due', value: head.dueDate ? day(head.dueDate) : '—' },
      ]}
      currency={head.currency}
      lines={paperLines(document)}
      selected={picked}
      totals={
        taxes.length > 0
          ? taxes.map((tax) => ({
              label: `${tax.name}, ${formatQuantity(tax.rate)}%`,
              amount: money(tax.amountMinor),
            }))
          : [{ label: 'Tax, none', amount: money('0') }]
      }
      total={{ label: 'Total', amount: money(head.totalMinor) }}
      cancelled={head.status === 'voided'}
      foot={
        <>
          {footWords(head, paidOn)}
          <Other words="Billed again as" invoice={corrections.billedAgain} />
          <Other words="In place of" invoice={corrections.replaces} />
        </>
      }
    />
  );
}

function footWords(head: InvoiceDocument['head'], paidOn: number | null): string | null {
  if (head.status === 'voided') {
    return `Cancelled${head.voidedAt === null ? '' : ` ${formatInstant(head.voidedAt, head.timezone, 'full')}`}.`;
  }
  return paidOn !== null && head.paymentStatus === 'succeeded'
    ? `Paid ${formatInstant(paidOn, head.timezone, 'full')}. Thank you.`
    : head.footer;
}
