import type { invoices } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { type Entry, type EntryLine, type LedgerContext, postEntries, postEntry } from './post';

/**
 * One function per money fact. Discounts reduce revenue directly; refunds leave cash when they are given; prepaid credits
 * that were bought are a liability from the day they are paid until they are used, and breakage when they lapse.
 */

/** An invoice row, or as much of one as its entries need. */
export type InvoiceFigures = Pick<
  typeof invoices.$inferSelect,
  'id' | 'customerId' | 'currency' | 'invoiceType' | 'subTotalExcludingTaxesMinor' | 'taxesAmountMinor'
> & { status?: string };

type Posted = Promise<string | null>;

/**
 * What was billed becomes owed: receivable against revenue and tax. The purchase of prepaid credits is no claim until it
 * is paid, so a credit invoice posts nothing here. Credit notes and credits spent on the invoice post on their own.
 */
export function invoicesFinalized(
  ctx: LedgerContext,
  invoices: InvoiceFigures[],
): Promise<(string | null)[]> {
  const entries = invoices
    .filter(({ invoiceType }) => invoiceType !== 'credit')
    .map(
      ({ id, customerId, subTotalExcludingTaxesMinor: net, taxesAmountMinor: tax, currency }): Entry => ({
        sourceType: 'invoice',
        sourceId: id,
        entry: 'finalized',
        customerId,
        occurredAt: ctx.now,
        lines: [
          { account: 'receivable', amountMinor: net + tax, currency },
          { account: 'revenue', amountMinor: -net, currency },
          { account: 'tax_payable', amountMinor: -tax, currency },
        ],
      }),
    );
  return postEntries(ctx, entries);
}

/**
 * What can no longer be collected leaves receivable, revenue and tax in proportion. Money, credit notes and offsets that
 * had paid the invoice stay earned: giving them back is a credit note's or a new grant's own entry. `uncollectedMinor`
 * is the amount due before the void, `restoredMinor` the credits given back to wallets (which come back as free ones).
 */
export function invoiceVoided(
  ctx: LedgerContext,
  invoice: InvoiceFigures & { uncollectedMinor: bigint; restoredMinor: bigint },
): Posted {
  if (invoice.invoiceType === 'credit') return Promise.resolve(null);
  const { currency, uncollectedMinor, restoredMinor } = invoice;
  const gross = invoice.subTotalExcludingTaxesMinor + invoice.taxesAmountMinor;
  const [net, tax] = splitTax(uncollectedMinor + restoredMinor, invoice.taxesAmountMinor, gross);
  return postEntry(ctx, {
    sourceType: 'invoice',
    sourceId: invoice.id,
    entry: 'voided',
    customerId: invoice.customerId,
    occurredAt: ctx.now,
    lines: [
      { account: 'revenue', amountMinor: net, currency },
      { account: 'tax_payable', amountMinor: tax, currency },
      { account: 'receivable', amountMinor: -uncollectedMinor, currency },
      { account: 'free_credit_liability', amountMinor: -restoredMinor, currency },
    ],
  });
}

/** The tax contained in a part of a gross amount, rounded once; the rest is net, so the two always add up. */
function splitTax(partMinor: bigint, taxMinor: bigint, grossMinor: bigint): [net: bigint, tax: bigint] {
  if (grossMinor === 0n) return [partMinor, 0n];
  const tax = Exact.ratio(partMinor * taxMinor, grossMinor).roundToBigInt();
  return [partMinor - tax, tax];
}

export interface PaymentFigures {
  paymentId: string;
  customerId: string;
  currency: string;
  amountMinor: bigint;
  /** Epoch milliseconds. */
  occurredAt: number;
}

export function paymentReceived(ctx: LedgerContext, payment: PaymentFigures): Posted {
  const { currency, amountMinor } = payment;
  return postEntry(ctx, {
    sourceType: 'payment',
    sourceId: payment.paymentId,
    entry: 'received',
    customerId: payment.customerId,
    occurredAt: payment.occurredAt,
    lines: [
      { account: 'cash', amountMinor, currency },
      { account: 'receivable', amountMinor: -amountMinor, currency },
    ],
  });
}

/** Money that came back out after it had been counted as received (a charge that failed late). */
export function paymentReversed(ctx: LedgerContext, payment: PaymentFigures): Posted {
  const { currency, amountMinor } = payment;
  return postEntry(ctx, {
    sourceType: 'payment',
    sourceId: payment.paymentId,
    entry: 'reversed',
    customerId: payment.customerId,
    occurredAt: payment.occurredAt,
    lines: [
      { account: 'receivable', amountMinor, currency },
      { account: 'cash', amountMinor: -amountMinor, currency },
    ],
  });
}

export interface CreditFigures {
  transactionId: string;
  customerId: string;
  currency: string;
  amountMinor: bigint;
  occurredAt: number;
}

function creditsEntry(entry: string, figures: Omit<CreditFigures, 'amountMinor'>, lines: EntryLine[]): Entry {
  return {
    sourceType: 'wallet_transaction',
    sourceId: figures.transactionId,
    entry,
    customerId: figures.customerId,
    occurredAt: figures.occurredAt,
    lines,
  };
}

function credits(ctx: LedgerContext, entry: string, figures: CreditFigures, lines: EntryLine[]): Posted {
  return postEntry(ctx, creditsEntry(entry, figures, lines));
}

/** Free credits cost us what the customer may now take for nothing. */
export function creditsGranted(ctx: LedgerContext, figures: CreditFigures): Posted {
  const { currency, amountMinor } = figures;
  return credits(ctx, 'granted', figures, [
    { account: 'free_credit_cost', amountMinor, currency },
    { account: 'free_credit_liability', amountMinor: -amountMinor, currency },
  ]);
}

/** The paid purchase: what the payment took off receivable becomes a liability. */
export function creditsPurchased(ctx: LedgerContext, figures: CreditFigures): Posted {
  const { currency, amountMinor } = figures;
  return credits(ctx, 'purchased', figures, [
    { account: 'receivable', amountMinor, currency },
    { account: 'paid_credit_liability', amountMinor: -amountMinor, currency },
  ]);
}

export type CreditSplit = Omit<CreditFigures, 'amountMinor'> & {
  grantedMinor: bigint;
  purchasedMinor: bigint;
};

/** Credits pay an invoice. */
export function creditsUsed(figures: CreditSplit): Entry {
  const { currency, grantedMinor, purchasedMinor } = figures;
  return creditsEntry('used', figures, [
    { account: 'free_credit_liability', amountMinor: grantedMinor, currency },
    { account: 'paid_credit_liability', amountMinor: purchasedMinor, currency },
    { account: 'receivable', amountMinor: -(grantedMinor + purchasedMinor), currency },
  ]);
}

/** Credits end unused: free ones no longer cost anything, bought ones are breakage. */
export function creditsLapsed(entry: 'voided' | 'expired', figures: CreditSplit): Entry {
  const { currency, grantedMinor, purchasedMinor } = figures;
  return creditsEntry(entry, figures, [
    { account: 'free_credit_liability', amountMinor: grantedMinor, currency },
    { account: 'free_credit_cost', amountMinor: -grantedMinor, currency },
    { account: 'paid_credit_liability', amountMinor: purchasedMinor, currency },
    { account: 'breakage', amountMinor: -purchasedMinor, currency },
  ]);
}

/** A wallet ends with something in it: forfeited in place (semantics 10.6), so the wallet itself is the source. */
export function walletForfeited(
  ctx: LedgerContext,
  figures: Omit<CreditSplit, 'transactionId'> & { walletId: string },
): Posted {
  const { currency, grantedMinor, purchasedMinor } = figures;
  return postEntry(ctx, {
    sourceType: 'wallet',
    sourceId: figures.walletId,
    entry: 'forfeited',
    customerId: figures.customerId,
    occurredAt: figures.occurredAt,
    lines: [
      { account: 'free_credit_liability', amountMinor: grantedMinor, currency },
      { account: 'free_credit_cost', amountMinor: -grantedMinor, currency },
      { account: 'paid_credit_liability', amountMinor: purchasedMinor, currency },
      { account: 'breakage', amountMinor: -purchasedMinor, currency },
    ],
  });
}

export interface CreditNoteFigures {
  creditNoteId: string;
  customerId: string;
  currency: string;
  invoiceType: string;
  taxesAmountMinor: bigint;
  creditMinor: bigint;
  refundMinor: bigint;
  offsetMinor: bigint;
  occurredAt: number;
}

/**
 * A credit note takes back revenue and tax: as credit for later bills, money refunded, or less owed. Against a credit
 * invoice it takes back bought credits instead: a refund of what was paid, or nothing at all while it was unpaid.
 */
export function creditNoteIssued(ctx: LedgerContext, note: CreditNoteFigures): Posted {
  const { currency, creditMinor, refundMinor, offsetMinor, taxesAmountMinor } = note;
  const common = {
    sourceType: 'credit_note',
    sourceId: note.creditNoteId,
    entry: 'issued',
    customerId: note.customerId,
    occurredAt: note.occurredAt,
  };
  if (note.invoiceType === 'credit') {
    return postEntry(ctx, {
      ...common,
      lines: [
        { account: 'paid_credit_liability', amountMinor: refundMinor, currency },
        { account: 'cash', amountMinor: -refundMinor, currency },
      ],
    });
  }
  const total = creditMinor + refundMinor + offsetMinor;
  return postEntry(ctx, {
    ...common,
    lines: [
      { account: 'revenue', amountMinor: total - taxesAmountMinor, currency },
      { account: 'tax_payable', amountMinor: taxesAmountMinor, currency },
      { account: 'credit_note_liability', amountMinor: -creditMinor, currency },
      { account: 'cash', amountMinor: -refundMinor, currency },
      { account: 'receivable', amountMinor: -offsetMinor, currency },
    ],
  });
}

/** A credit note pays (part of) an invoice. `creditId` is the credit line, because one note may pay many invoices. */
export function creditNoteUsed(
  ctx: LedgerContext,
  use: { creditId: string; customerId: string; currency: string; amountMinor: bigint; occurredAt: number },
): Posted {
  const { currency, amountMinor } = use;
  return postEntry(ctx, {
    sourceType: 'credit',
    sourceId: use.creditId,
    entry: 'credit_note_used',
    customerId: use.customerId,
    occurredAt: use.occurredAt,
    lines: [
      { account: 'credit_note_liability', amountMinor, currency },
      { account: 'receivable', amountMinor: -amountMinor, currency },
    ],
  });
}

/** The rest of a note is cancelled: what it had taken back from revenue and tax returns in the note's own proportion. */
export function creditNoteVoided(
  ctx: LedgerContext,
  note: {
    creditNoteId: string;
    customerId: string;
    currency: string;
    totalMinor: bigint;
    taxesAmountMinor: bigint;
    balanceMinor: bigint;
    occurredAt: number;
  },
): Posted {
  const { currency, balanceMinor } = note;
  const [net, tax] = splitTax(balanceMinor, note.taxesAmountMinor, note.totalMinor);
  return postEntry(ctx, {
    sourceType: 'credit_note',
    sourceId: note.creditNoteId,
    entry: 'voided',
    customerId: note.customerId,
    occurredAt: note.occurredAt,
    lines: [
      { account: 'credit_note_liability', amountMinor: balanceMinor, currency },
      { account: 'revenue', amountMinor: -net, currency },
      { account: 'tax_payable', amountMinor: -tax, currency },
    ],
  });
}
