import type { Working } from '@/lib/billing/invoice/result';
import { formatAmount } from '@/lib/billing/money/amount-text';
import { formatQuantity } from '@/lib/billing/money/format';
import { formatInstant } from '@/lib/billing/periods/date-words';
import { localDate } from '@/lib/billing/periods/zone';
import type { InvoiceCredit, InvoiceDocument, InvoiceFee } from '../console/invoice.ts';

/** One line of an invoice in words, the same on the page and in the PDF. */
export interface DocumentLine {
  id: string;
  what: string;
  /** Period, group, which bill of how many. */
  detail?: string;
  quantity?: string;
  amount: string;
}

/** "1 to 30 September": a window's local days as a page says them; with `year`, as a document that is kept does. */
function spanWords(
  from: number | null,
  to: number | null,
  timezone: string,
  { year }: LineStyle,
): string | null {
  if (from === null || to === null) return null;
  const [first, last] = [localDate(from, timezone), localDate(to, timezone)];
  const day = (instant: number, said: boolean) =>
    formatInstant(instant, timezone, 'day', said ? undefined : from);
  if (first === last) return day(from, year);
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  if (first.slice(0, 7) === last.slice(0, 7)) {
    const month = formatInstant(to, timezone, 'month');
    return `${Number(first.slice(8))} to ${Number(last.slice(8))} ${year ? month : month.split(' ')[0]}`;
  }
  return `${day(from, year && !sameYear)} to ${day(to, year || !sameYear)}`;
}

export interface LineStyle {
  /** Says the year of every period. */
  year: boolean;
}

export function feeName(fee: InvoiceFee): string {
  if (fee.trueUpOf) return `${fee.name}, up to the minimum`;
  if (fee.feeType === 'commitment') return 'Up to the minimum';
  return fee.name || fee.planName || 'Line';
}

/** The days a line is for: of a plan's price only those that are paid, where a trial leaves out the first. */
function paidSpan(fee: InvoiceFee, timezone: string, style: LineStyle): string | null {
  const working = fee.working as Working | null;
  const paid = fee.feeType === 'subscription' ? working?.period : null;
  return spanWords(paid?.from ?? fee.from, paid?.to ?? fee.to, timezone, style);
}

function groupWords(fee: InvoiceFee): string | null {
  const groups = Object.values(fee.groupedBy ?? {}).filter(Boolean);
  return [fee.filterName, ...groups].filter(Boolean).join(', ') || null;
}

function feeQuantity(fee: InvoiceFee): string | undefined {
  if (fee.feeType === 'commitment' || fee.trueUpOf) return undefined;
  const units = formatQuantity(fee.units);
  return fee.feeType === 'charge' && fee.unitName && /^[A-Z]+$/.test(fee.unitName)
    ? `${units} ${fee.unitName}`
    : units;
}

const discountName = ({ name, percent }: InvoiceCredit) =>
  percent === null ? name : `${formatQuantity(percent)}% off`;

const creditAmount = (minor: string, currency: string) => formatAmount(-BigInt(minor), currency);

/** The line of a fee. */
export function feeLine(fee: InvoiceFee, timezone: string, style: LineStyle): DocumentLine {
  return {
    id: fee.id,
    what: feeName(fee),
    detail: [paidSpan(fee, timezone, style), groupWords(fee)].filter(Boolean).join(', ') || undefined,
    quantity: feeQuantity(fee),
    amount: formatAmount(BigInt(fee.amountMinor), fee.currency),
  };
}

function creditName(credit: InvoiceCredit): string {
  switch (credit.kind) {
    case 'wallet':
      return 'Credits used';
    case 'coupon':
      return discountName(credit);
    case 'credit_note':
      return `Credit note ${credit.name}`;
    case 'invoice':
      return 'Already billed';
  }
}

/** The line of what lowers a bill. */
export function creditLine(credit: InvoiceCredit, currency: string): DocumentLine {
  const { kind, bills, ordinal } = credit;
  return {
    id: credit.id,
    what: creditName(credit),
    detail:
      kind === 'coupon' && bills !== null && ordinal !== null ? `Bill ${ordinal} of ${bills}` : undefined,
    amount: creditAmount(credit.amountMinor, currency),
  };
}

/** Every line as a page shows them: what is billed, then what lowers it. */
export function documentLines({ head, fees, credits }: InvoiceDocument): DocumentLine[] {
  return [
    ...fees.map((fee) => feeLine(fee, head.timezone, { year: false })),
    ...credits.map((credit) => creditLine(credit, head.currency)),
  ];
}
