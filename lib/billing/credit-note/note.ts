import type { TaxFacts } from '../invoice/facts.ts';
import type { Exact } from '../money/exact.ts';

/** What a credit note is worked out from and what comes out. Amounts in minor units of the invoice's currency. */

export interface CreditableFee {
  id: string;
  amountMinor: bigint;
  /** Rounded, as shown on the line. */
  taxesAmountMinor: bigint;
  preciseCouponsAmountMinor: Exact;
  /** The taxes the line bears, with the rates of that day. */
  taxes: TaxFacts[];
}

export interface NoteItem {
  feeId: string;
  /** Before tax and before the coupon share. At most 5 decimals. */
  preciseAmountMinor: Exact;
}

/** How a note's total is given: as credit for later invoices, as money back, or off this invoice's amount due. */
export interface NoteAmounts {
  creditMinor: bigint;
  refundMinor: bigint;
  offsetMinor: bigint;
}

/** A note that already exists on the invoice; deleted ones do not count, voided ones do. */
export interface EarlierNote extends NoteAmounts {
  items: NoteItem[];
  preciseCouponsAdjustmentMinor: Exact;
  subTotalExcludingTaxesMinor: bigint;
  taxesMinor: bigint;
  preciseTaxesMinor: Exact;
}

export interface CreditableInvoice {
  /** Prepaid purchases are refunded or offset, never credited (semantics 11.2). */
  isPrepaid: boolean;
  isDraft: boolean;
  totalAmountMinor: bigint;
  /** Σ of recorded payments; a status set by hand does not count. */
  totalPaidMinor: bigint;
  totalDueMinor: bigint;
  fees: CreditableFee[];
  notes: EarlierNote[];
}

export interface NoteTax {
  tax: TaxFacts;
  baseAmountMinor: bigint;
  amountMinor: bigint;
}

export interface CreditNoteResult extends NoteAmounts {
  items: (NoteItem & { amountMinor: bigint })[];
  couponsAdjustmentMinor: bigint;
  preciseCouponsAdjustmentMinor: Exact;
  subTotalExcludingTaxesMinor: bigint;
  taxes: NoteTax[];
  taxesMinor: bigint;
  preciseTaxesMinor: Exact;
  taxesRate: Exact;
  totalMinor: bigint;
}

/** Amounts of notes are stored with this many decimals (semantics 1.1.4). */
export const NOTE_SCALE = 5;
