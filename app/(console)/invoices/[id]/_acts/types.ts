import type { ChangedLine } from '@/lib/queries/console/invoice-corrections';

/** The acts on an invoice, by the word in the address, in the order of the menu. */
export const INVOICE_ACTS = ['change-line', 'credit-note', 'cancel', 'bill-again'] as const;
export type InvoiceAct = (typeof INVOICE_ACTS)[number];

export const isInvoiceAct = (word: string | null): word is InvoiceAct =>
  (INVOICE_ACTS as readonly string[]).includes(word ?? '');

export const INVOICE_ACT_NAMES: Record<InvoiceAct, string> = {
  'change-line': 'Change this line',
  'credit-note': 'Credit note',
  cancel: 'Cancel invoice',
  'bill-again': 'Bill again',
};

export interface ActLine {
  id: string;
  name: string;
  detail: string | null;
  /** As text, whole or decimal. */
  units: string;
  amountMinor: string;
  /** What earlier credit notes left of it, before tax. */
  leftMinor: string;
  /** What a person wrote on the draft. */
  changed: ChangedLine | null;
}

/** What the panels know before their first figures; plain data, read on the server. */
export interface InvoiceActFacts {
  invoiceId: string;
  /** "Invoice TW-2043" or "Draft". */
  name: string;
  customerName: string;
  currency: string;
  today: string;
  personId: string;
  personTimezone: string;
  /** The line that is picked on the page. */
  picked: ActLine | null;
  lines: ActLine[];
  paidMinor: string;
  creditableMinor: string;
  refundableMinor: string;
  offsettableMinor: string;
  /** Why an act cannot be used, in words; absent when it can. */
  locked: Partial<Record<InvoiceAct, string>>;
}
