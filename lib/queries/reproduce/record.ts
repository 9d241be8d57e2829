import type { credits, fees, feeTaxes, invoices, invoiceTaxes } from '@/db/schema';
import type { RegroupFacts, RegroupResult } from '@/lib/billing/invoice/regroup';
import type { InvoiceResult } from '@/lib/billing/invoice/result';
import { Exact } from '@/lib/billing/money/exact';
import { feeRow, feeTaxRows, invoiceTaxRow, totalsOf } from '@/lib/invoicing/write-invoice';

/**
 * What an issued invoice says, in one form for both sides of a comparison: figures as texts, rows in their order, no ids
 * of rows. Every figure the engine wrote is in it.
 */
export interface IssuedRecord {
  totals: Record<string, unknown>;
  lines: Record<string, unknown>[];
  taxes: Record<string, unknown>[];
  /** What paid before or after tax: kind, source and minor units. */
  credits: { kind: string; source: string; amountMinor: string }[];
}

type FeeRow = typeof fees.$inferSelect;
type FeeTaxRow = typeof feeTaxes.$inferSelect;

/** Columns a line has besides what the engine worked out. */
const OF_THE_ROW = new Set([
  'organizationId',
  'id',
  'invoiceId',
  'customerId',
  'trueUpParentFeeId',
  'originalFeeId',
  'lineKey',
  'eventTransactionId',
  'paymentStatus',
  'succeededAt',
  'failedAt',
  'refundedAt',
  'createdAt',
  'deletedAt',
  'feeId',
]);

/** Numeric columns, whose trailing zeros say nothing. */
const EXACT = /^(units|totalAggregatedUnits|precise\w+|taxesPreciseAmountMinor|taxesRate|taxRate)$/;

function figures(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row)
      // A column that holds nothing says nothing, whether the engine knows it or not.
      .filter(([name, value]) => !OF_THE_ROW.has(name) && value !== null && value !== undefined)
      .map(([name, value]) => [
        name,
        typeof value === 'string' && EXACT.test(name)
          ? Exact.of(value).toString()
          : value instanceof Date
            ? value.toISOString()
            : value,
      ]),
  );
}

const byCode = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a.taxCode) < String(b.taxCode) ? -1 : 1;

function line(row: Record<string, unknown>, taxes: Record<string, unknown>[]): Record<string, unknown> {
  return { ...figures(row), taxes: taxes.map(figures).sort(byCode) };
}

const bySource = (a: IssuedRecord['credits'][number], b: IssuedRecord['credits'][number]) =>
  `${a.kind} ${a.source}` < `${b.kind} ${b.source}` ? -1 : 1;

/** The record as the engine works it out now. */
export function recordOf(
  result: InvoiceResult,
  { organizationId, currency }: { organizationId: string; currency: string },
): IssuedRecord {
  const write = { invoiceId: '', customerId: '', currency, timezone: '', createdAt: 0 };
  const used = (kind: string, source: string, amountMinor: bigint) => ({
    kind,
    source,
    amountMinor: amountMinor.toString(),
  });
  return {
    totals: figures(totalsOf(result)),
    lines: result.fees.map((fee, position) =>
      line(
        { ...feeRow(fee, position, new Map(), organizationId, write) },
        feeTaxRows(fee, '', organizationId, write),
      ),
    ),
    taxes: result.taxes.map((tax) => figures(invoiceTaxRow(tax, organizationId, write))).sort(byCode),
    credits: [
      ...result.progressiveCredits.map((use) => used('invoice', use.invoiceId, use.amountMinor)),
      ...result.coupons.map((use) => used('coupon', use.appliedCouponId, use.amountMinor)),
      ...result.creditNotes.map((use) => used('credit_note', use.creditNoteId, use.amountMinor)),
      ...result.walletUses.map((use) => used('wallet', use.walletId, use.amountMinor)),
    ]
      .filter((use) => use.amountMinor !== '0')
      .sort(bySource),
  };
}

/** The record of lines that were only gathered: their sums and the amounts of the lines themselves. */
export function regroupedRecordOf(
  result: RegroupResult,
  facts: RegroupFacts,
  organizationId: string,
): IssuedRecord {
  const write = { invoiceId: '', currency: facts.currency, createdAt: 0 };
  return {
    totals: {
      feesAmountMinor: result.feesAmountMinor,
      taxesAmountMinor: result.taxesAmountMinor,
      taxesRate: Exact.of(result.taxesRate.toDecimalString(5)).toString(),
      totalAmountMinor: result.totalAmountMinor,
    },
    lines: facts.lines.map(({ id, amountMinor }) => ({ id, amountMinor })),
    taxes: result.taxes.map((tax) => figures(invoiceTaxRow(tax, organizationId, write))).sort(byCode),
    credits: [],
  };
}

/** What the database holds of one invoice. */
export interface StoredInvoice {
  invoice: typeof invoices.$inferSelect;
  fees: FeeRow[];
  feeTaxes: FeeTaxRow[];
  taxes: (typeof invoiceTaxes.$inferSelect)[];
  credits: (typeof credits.$inferSelect)[];
  walletUses: { walletId: string; amountMinor: bigint }[];
}

/** The record as it was stored, with the members that `like` has. */
export function storedRecord(stored: StoredInvoice, like: IssuedRecord): IssuedRecord {
  const totals = figures(stored.invoice);
  const gathered = stored.invoice.invoiceType === 'advance_charges';
  return {
    totals: Object.fromEntries(Object.keys(like.totals).map((name) => [name, totals[name] ?? null])),
    lines: stored.fees.map((fee) =>
      gathered
        ? { id: fee.id, amountMinor: fee.amountMinor }
        : line(
            fee,
            stored.feeTaxes.filter(({ feeId }) => feeId === fee.id),
          ),
    ),
    taxes: stored.taxes.map(figures).sort(byCode),
    credits: [
      ...stored.credits.map((credit) => ({
        kind: credit.kind,
        source: credit.appliedCouponId ?? credit.creditNoteId ?? credit.progressiveInvoiceId ?? '',
        amountMinor: credit.amountMinor.toString(),
      })),
      ...stored.walletUses.map(({ walletId, amountMinor }) => ({
        kind: 'wallet',
        source: walletId,
        amountMinor: amountMinor.toString(),
      })),
    ].sort(bySource),
  };
}
