import type { credits, fees, invoices } from '@/db/schema';
import type { Working } from '@/lib/billing/invoice/result';
import { formatMoney } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
import type { BillLine } from './types';

type FeeRow = typeof fees.$inferSelect;
type InvoiceRow = typeof invoices.$inferSelect;
type CreditRow = typeof credits.$inferSelect;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayAndMonth(date: string): string {
  return `${Number(date.slice(8, 10))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`;
}

/** "13 to 31 Oct": a window's local days in words. */
export function periodInWords(from: number, to: number, timezone: string): string {
  const [first, last] = [localDate(from, timezone), localDate(to, timezone)];
  if (first >= last) return dayAndMonth(first);
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  return `${sameMonth ? Number(first.slice(8, 10)) : dayAndMonth(first)} to ${dayAndMonth(last)}`;
}

/** A line of a bill for the panel: what it is for, how it was worked out, and whether it rests on usage still to come. */
export function describeLine(fee: FeeRow, timezone: string, now: number): BillLine {
  const name = fee.invoiceDisplayName || fee.itemName;
  const window = fee.fromDatetime && fee.toDatetime;
  const period = window
    ? periodInWords(fee.fromDatetime?.getTime() ?? 0, fee.toDatetime?.getTime() ?? 0, timezone)
    : null;
  const usage = fee.feeType === 'charge' || fee.feeType === 'commitment';
  return {
    label: period ? `${name}, ${period}` : name,
    working: workingInWords(fee),
    amountMinor: fee.amountMinor.toString(),
    exact: !usage || (fee.toDatetime?.getTime() ?? 0) < now,
  };
}

function workingInWords(fee: FeeRow): string | null {
  const working = fee.working as Working | null;
  const days = working?.rows.find((row) => row.days !== undefined && row.ofDays !== undefined);
  const full = fee.amountDetails.plan_amount_cents;
  if (days && full !== undefined && days.days !== days.ofDays) {
    return `${days.days} of ${days.ofDays} days of ${formatMoney(BigInt(String(full)), fee.currency)}`;
  }
  return null;
}

/** The rows under a bill's lines: discounts, tax, earlier credit and credits used. */
export function summarise(invoice: InvoiceRow, creditRows: CreditRow[], exact: boolean): BillLine[] {
  const lines: BillLine[] = [];
  const add = (label: string, amountMinor: bigint) => {
    if (amountMinor !== 0n) lines.push({ label, working: null, amountMinor: amountMinor.toString(), exact });
  };
  add('Already billed early', -invoice.progressiveBillingCreditAmountMinor);
  add('Discount', -invoice.couponsAmountMinor);
  add('Tax', invoice.taxesAmountMinor);
  const notes = creditRows.filter((credit) => credit.kind === 'credit_note');
  add('Credit for unused days', -notes.reduce((total, credit) => total + credit.amountMinor, 0n));
  add('Credits used', -invoice.prepaidCreditAmountMinor);
  return lines;
}
