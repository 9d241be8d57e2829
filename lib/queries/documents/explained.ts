import { type ExplainedRow, explainFee, reproduces } from '@/lib/billing/explain';
import type { Working } from '@/lib/billing/invoice/result';
import { currencySymbol, formatAmount } from '@/lib/billing/money/amount-text';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import type { InvoiceCredit, InvoiceDocument, InvoiceFee } from '../console/invoice.ts';
import { feeName } from './lines.ts';

/** One row of a line's working in words. */
export interface ShownRow {
  /** "Above 3,000". */
  what: string;
  /** "11,260". */
  units?: string;
  /** "at $20.00 per 1,000". */
  how?: string;
  amount: string;
}

export interface Explained {
  sentence: string;
  /** Sentence by sentence. */
  sentences: string[];
  rows: ShownRow[];
  result: ShownRow;
  /** What the rest of the bill does to the line: its share of discounts, its taxes. */
  onBill: ShownRow[];
  /** Worked out again from the stored working and compared; null where there is nothing to work out. */
  reproduces: boolean | null;
  /** The unrounded amount, where rounding changed it. */
  stored?: string;
}

const shown = (row: ExplainedRow): ShownRow => ({
  what: row.label,
  units: row.quantity || undefined,
  how: row.rate || undefined,
  amount: row.amount,
});

/** The stored working, where it is one: lines of other makes have none. */
export function workingOf(fee: InvoiceFee): Working | null {
  const working = fee.working as Working | null;
  return working && Array.isArray(working.rows) && typeof working.units === 'string' ? working : null;
}

/** Why a line is what it is, worked out again by the engine. A working that cannot be read counts as not reproduced. */
export function explainLine(fee: InvoiceFee, { head }: InvoiceDocument): Explained {
  const working = workingOf(fee);
  const plain: Explained = {
    sentence: `${feeName(fee)} was billed as it stands.`,
    sentences: [],
    rows: [],
    result: { what: 'Line', amount: formatAmount(BigInt(fee.amountMinor), fee.currency) },
    onBill: onBillOf(fee),
    reproduces: null,
  };
  if (!working) return plain;
  const line = {
    amountMinor: BigInt(fee.amountMinor),
    preciseAmountMinor: fee.preciseAmountMinor,
    working,
  };
  try {
    const explained = explainFee(
      {
        ...line,
        displayName: feeName(fee),
        filterDisplayName: fee.filterName,
        groupedBy: fee.groupedBy ?? {},
      },
      { currency: fee.currency, timezone: head.timezone, locale: 'en-US', customerName: head.customerName },
    );
    return {
      sentence: explained.sentence,
      sentences: explained.sentences,
      rows: explained.rows.map(shown),
      result: shown(explained.result),
      onBill: onBillOf(fee),
      reproduces: reproduces(line),
      stored: storedText(fee),
    };
  } catch (failure) {
    if (failure instanceof RangeError) return { ...plain, reproduces: false };
    throw failure;
  }
}

/** The amount as it is kept, with every decimal it has; nothing where it is whole. */
function storedText({ preciseAmountMinor, currency }: InvoiceFee): string | undefined {
  const precise = Exact.of(preciseAmountMinor);
  if (precise.isInteger()) return undefined;
  const major = precise.pow10(-exponentOf(currency)).toDecimalString(17);
  return `${currencySymbol(currency)}${major.replace(/0+$/, '')}`;
}

/** A discount is spread over the lines it lowers; tax is worked out on what is left of each. */
function onBillOf({ amountMinor, currency, discountShare, taxes }: InvoiceFee): ShownRow[] {
  const exponent = exponentOf(currency);
  const money = (minor: Exact) => formatExact(minor.pow10(-exponent), currency);
  const share = Exact.of(discountShare);
  const base = Exact.of(BigInt(amountMinor)).sub(share);
  const rows: ShownRow[] = [];
  if (!share.isZero()) {
    rows.push({ what: 'Discount', how: 'its share', amount: money(share.mul(-1)) });
    rows.push({ what: 'After it', amount: money(base) });
  }
  for (const { name, rate, amountMinor: tax } of taxes) {
    rows.push({
      what: name,
      how: `${formatQuantity(rate)}% of ${money(base)}`,
      amount: formatAmount(BigInt(tax), currency),
    });
  }
  return rows;
}

/** An exact amount in major units, with the decimals it has. */
function formatExact(major: Exact, currency: string): string {
  const digits = exponentOf(currency);
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: Math.max(5, digits),
  })
    .format(major.toDecimalString(5) as Intl.StringNumericLiteral)
    .replace('-', '\u2212');
}

function creditSentence(credit: InvoiceCredit, { head, fees }: InvoiceDocument): string {
  const amount = formatAmount(BigInt(credit.amountMinor), head.currency);
  switch (credit.kind) {
    case 'coupon': {
      const base = formatAmount(BigInt(head.feesMinor), head.currency);
      const of = credit.percent && fees.length > 0 ? ` of ${base}` : '';
      const what = credit.percent ? `${formatQuantity(credit.percent)}%${of}` : `“${credit.name}”`;
      const which =
        credit.bills !== null && credit.ordinal !== null
          ? ` This is bill ${credit.ordinal} of ${credit.bills} it lowers.`
          : '';
      return `The discount takes ${what}, ${amount}, off this bill, before tax.${which}`;
    }
    case 'credit_note':
      return `Credit note ${credit.name} pays ${amount} of this bill.`;
    case 'wallet':
      return `${head.customerName} had credits. ${amount} of them paid a part of this bill.`;
    case 'invoice':
      return `A bill made early, when use reached its threshold, already took ${amount} of this use. It is not taken twice.`;
  }
}

/** Why a credit lowered the bill. */
export function explainCredit(credit: InvoiceCredit, document: InvoiceDocument): Explained {
  const { currency } = document.head;
  const amount = formatAmount(-BigInt(credit.amountMinor), currency);
  const base = formatAmount(BigInt(document.head.feesMinor), currency);
  const rows =
    credit.kind === 'coupon' && credit.percent
      ? [
          { what: 'Lines', amount: base },
          { what: 'Discount', how: `${formatQuantity(credit.percent)}%`, amount },
        ]
      : [];
  const sentence = creditSentence(credit, document);
  return {
    sentence,
    sentences: [sentence],
    rows,
    result: { what: 'Line', amount },
    onBill: [],
    reproduces: null,
  };
}
