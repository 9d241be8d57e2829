import type { InvoiceStatus } from '@/db/schema';
import type { Move } from '../core/command';

/**
 * What a preview says, as plain data: amounts in minor units as text, instants in epoch milliseconds, dates as local
 * dates of the customer's billing zone. Screens format it; nothing here is worked out again on the client.
 */
export interface BillLine {
  /** What it is for, with its days: "Crew, 31 Oct to 16 Nov". */
  label: string;
  /** The same without its days. */
  name: string;
  /** How it was worked out in words: "19 of 31 days of $640.00". */
  working: string | null;
  amountMinor: string;
  exact: boolean;
  /** What the line is: the plan's price, use, a discount, tax, a credit that pays, or something else. */
  kind: 'plan' | 'use' | 'discount' | 'tax' | 'credit' | 'other';
}

export interface ForecastBill {
  /** Local date of the bill. */
  date: string;
  totalMinor: string;
  /** True when no part rests on future usage. */
  exact: boolean;
  lines: BillLine[];
}

/** A customer's situation at one instant, with the next bills as the engine forecasts them. */
export interface Outlook {
  currency: string;
  timezone: string;
  plan: { code: string; name: string; amountMinor: string; interval: string } | null;
  trial: { lastFreeDay: string; firstPaidDay: string } | null;
  pendingPlan: { code: string; name: string; from: string } | null;
  creditsMinor: string;
  /** What credit notes still pay of later bills, those that wait with a held invoice too; absent in figures kept from before it was counted. */
  noteCreditMinor?: string;
  owesMinor: string;
  discounts: { title: string; billsLeft: number | null }[];
  nextBills: ForecastBill[];
}

/** One invoice at one instant, minor units as text. */
export interface InvoiceFigures {
  /** "Invoice TW-2043", or "Draft". */
  name: string;
  status: InvoiceStatus;
  /** Its lines in their order, by the engine's own names, which stay when a draft is worked out again. */
  lines: { key: string; name: string; units: string; amountMinor: string }[];
  totalMinor: string;
  dueMinor: string;
  /** Money that credit notes on it pay back. */
  refundedMinor: string;
}

export interface LimitVerdict {
  within: boolean;
  /** "Within your limit: 14 of 30 days at a time, 14 of 60 for this customer". */
  sentence: string;
  /** Who decides when it is over. */
  approver: string | null;
}

export interface TwinWarning {
  auditRowId: string;
  actorName: string;
  /** It was the reader's own act. */
  own: boolean;
  title: string;
  reasonCode: string | null;
  at: number;
}

export interface PreviewResult {
  command: string;
  /** The act with its amount, as the button and the timeline say it. */
  title: string;
  /** Fixed instant the figures hold for, epoch milliseconds. */
  asOf: number;
  /** Confirms exactly these effects; ends after 10 minutes or at a period's boundary. */
  token: string;
  before: Outlook;
  after: Outlook;
  /** It is about no customer (a limit, a plan): there are no bills to speak of. */
  nobody?: true;
  /** What it moves in words, of an act about no customer. */
  moves?: Move[];
  /** Of an act on an invoice: that invoice before and after. */
  invoice?: { before: InvoiceFigures; after: InvoiceFigures };
  /** Invoices and credit notes the act makes now. */
  dueNow: { totalMinor: string; lines: BillLine[] };
  givenAwayMinor: string;
  /** Money that comes later, not lost (trial days), in minor units. */
  postponedMinor: string;
  limit: LimitVerdict;
  twin: TwinWarning | null;
  warnings: { code: string; text: string }[];
  undo: { class: 'held' | 'reversible' | 'fix_forward' | null; until: number | null; sentence: string };
  /** Of an undo: the act it takes back. */
  undoes?: UndoneAct;
}

export interface UndoneAct {
  title: string;
  actorName: string;
  /** It was the reader's own act. */
  own: boolean;
  reasonCode: string | null;
  note: string | null;
  at: number;
  /** A charge it made that is still held, in minor units: the undo never makes it. */
  heldMinor: string | null;
}

export type PreviewAnswer =
  | { ok: true; preview: PreviewResult }
  | { ok: false; kind: string; message: string; fields: Record<string, string[]> };

export interface ApplyRequest {
  command: string;
  input: unknown;
  reasonCode: string | null;
  note: string | null;
  /** The preview's token; required for every act on the console. */
  token: string;
  /** Made once when the panel opens: pressing twice acts once. */
  idempotencyKey: string;
  /** The twin the person has acknowledged. */
  acknowledgedTwinId?: string | null;
}

export type ApplyAnswer =
  | { ok: true; auditRowId: string; title: string }
  | { ok: false; kind: 'moved'; message: string; preview: PreviewResult }
  | { ok: false; kind: 'approval_requested'; message: string; approvalId: string }
  | { ok: false; kind: string; message: string; fields?: Record<string, string[]> };
