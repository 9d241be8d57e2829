import type { Person } from '@/lib/auth/current';
import { holds, type Right, whoMay } from '@/lib/auth/rights';
import { localDate } from '@/lib/billing/periods/zone';
import type { InvoiceDocument, InvoiceFee } from '@/lib/queries/console/invoice';
import type { InvoiceCorrections } from '@/lib/queries/console/invoice-corrections';
import { feeName } from '@/lib/queries/documents/lines';
import { type ActLine, INVOICE_ACT_NAMES, INVOICE_ACTS, type InvoiceActFacts } from './types';

const RIGHTS: Record<(typeof INVOICE_ACTS)[number], Right> = {
  'change-line': 'invoices.issue',
  'credit-note': 'credit_notes.issue',
  cancel: 'invoices.write',
  'bill-again': 'invoices.issue',
};

interface Known {
  document: InvoiceDocument;
  corrections: InvoiceCorrections;
  person: Person;
  now: number;
}

/** What may be done about an invoice, with why an act cannot be used. */
export function invoiceActFacts({ document, corrections, person, now }: Known, picked: string | undefined) {
  const { head, fees } = document;
  const lines = fees.map((fee) => lineOf(fee, corrections));
  const facts: InvoiceActFacts = {
    invoiceId: head.id,
    name: head.number ? `Invoice ${head.number}` : 'Draft',
    customerName: head.customerName,
    currency: head.currency,
    today: localDate(now, head.timezone),
    personId: person.userId,
    personTimezone: person.timezone,
    picked: lines.find(({ id }) => id === picked) ?? null,
    lines,
    paidMinor: head.paidMinor,
    creditableMinor: corrections.creditableMinor,
    refundableMinor: corrections.refundableMinor,
    offsettableMinor: corrections.offsettableMinor,
    locked: {},
  };
  return { ...facts, locked: lockedOf(document, corrections, facts, person) };
}

function lineOf(fee: InvoiceFee, { leftOfLines, changedLines }: InvoiceCorrections): ActLine {
  return {
    id: fee.id,
    name: feeName(fee),
    detail: fee.filterName,
    units: fee.units.includes('.') ? fee.units.replace(/\.?0+$/, '') : fee.units,
    amountMinor: fee.amountMinor,
    leftMinor: leftOfLines[fee.id] ?? '0',
    changed: changedLines[fee.id] ?? null,
  };
}

function lockedOf(
  { head }: InvoiceDocument,
  { billedAgain }: InvoiceCorrections,
  facts: InvoiceActFacts,
  person: Person,
): InvoiceActFacts['locked'] {
  const locked: InvoiceActFacts['locked'] = {};
  const draft = head.status === 'draft';
  if (!draft) locked['change-line'] = 'Only on a draft. Cancel the invoice and bill again instead.';
  else if (head.invoiceType !== 'subscription') locked['change-line'] = 'Only on bills of plans.';
  else if (!facts.picked) locked['change-line'] = 'Pick a line of the plan or of use first.';
  const given =
    facts.creditableMinor === '0' && facts.refundableMinor === '0' && facts.offsettableMinor === '0';
  if (draft) {
    locked['credit-note'] = 'A draft is corrected by changing its lines.';
    locked.cancel = 'A draft is corrected by changing its lines. It can be cancelled once it is issued.';
  } else if (head.status !== 'finalized') {
    const why = head.status === 'voided' ? 'It is cancelled already.' : 'Only an issued invoice.';
    locked['credit-note'] = why;
    locked.cancel = why;
  } else if (given) {
    locked['credit-note'] = 'Nothing of it is left to give back.';
  }
  if (head.status !== 'voided') locked['bill-again'] = 'Cancel the invoice first.';
  else if (billedAgain) locked['bill-again'] = `It was billed again as ${billedAgain.number ?? 'a draft'}.`;
  else if (head.invoiceType !== 'subscription' && head.invoiceType !== 'one_off') {
    locked['bill-again'] = 'Only bills of plans and one-off bills can be made again.';
  }
  for (const act of INVOICE_ACTS) {
    if (!holds(person.roles, RIGHTS[act])) {
      locked[act] = `${INVOICE_ACT_NAMES[act]} is for ${whoMay(RIGHTS[act])}.`;
    }
  }
  return locked;
}
