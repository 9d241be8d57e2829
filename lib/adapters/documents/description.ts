/**
 * A document in words, ready to be set: every amount, date and sentence is text already, so that what is drawn cannot
 * differ from what was described.
 */
export interface DocumentDescription {
  /** "Invoice", "Credit note". */
  kind: string;
  number: string;
  /** When it was issued, epoch milliseconds: the file's own date. */
  issuedAt: number;
  seller: Party;
  buyer: Party;
  /** The one big figure: what is to be paid or is given back. */
  headline: { label: string; amount: string };
  /** Beside the figure: "Due" and its day. */
  when?: Labelled;
  /** Issued, due, order number, terms. */
  facts: Labelled[];
  columns: { what: string; quantity: string; amount: string };
  lines: DescribedLine[];
  /** Said in the table's place where there is no line. */
  empty: string;
  totals: DescribedTotal[];
  /** Paragraphs under the totals. */
  notes: string[];
  /** The part under the perforation that goes with the payment; none where nothing is to be paid. */
  slip?: { title: string; fields: Labelled[] };
  /** At the foot of every page. */
  smallPrint: string;
}

export interface Labelled {
  label: string;
  value: string;
}

export interface Party {
  /** "From", "For". */
  role: string;
  name: string;
  lines: string[];
}

export interface DescribedLine {
  /** What the lines from here on belong to, where a document bills several subscriptions. */
  group?: string;
  what: string;
  details: string[];
  /** The working, where it has several priced parts. */
  working: WorkedRow[];
  quantity?: string;
  amount: string;
}

export interface WorkedRow {
  what: string;
  quantity: string;
  how: string;
  amount: string;
}

export interface DescribedTotal {
  label: string;
  amount: string;
  /** A step between two sums, a sum, or the figure the document is about. */
  weight: 'step' | 'sum' | 'final';
}

/** What happened to a document after it was issued; its figures stay. */
export interface Cancelled {
  /** "Cancelled", "Thursday 1 October 2026". */
  words: Labelled;
}
