import type { credits, fees, invoices } from '@/db/schema';
import { shortWorking } from '@/lib/billing/explain';
import type { Working } from '@/lib/billing/invoice/result';
import { localDate } from '@/lib/billing/periods/zone';
import { dayAndMonth } from '../core/day-words';
import type { BillLine, ForecastBill } from './types';

type FeeRow = typeof fees.$inferSelect;
type InvoiceRow = typeof invoices.$inferSelect;
type CreditRow = typeof credits.$inferSelect;

/** "13 to 31 Oct": a window's local days in words. */
export function periodInWords(from: number, to: number, timezone: string): string {
  const [first, last] = [localDate(from, timezone), localDate(to, timezone)];
  if (first >= last) return dayAndMonth(first);
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  return `${sameMonth ? Number(first.slice(8, 10)) : dayAndMonth(first)} to ${dayAndMonth(last)}`;
}

/** The stored working, where it is one: lines of other makes have none. */
function workingOf({ working }: FeeRow): Working | null {
  const stored = working as Working | null;
  return stored && Array.isArray(stored.rows) && typeof stored.units === 'string' ? stored : null;
}

/** The days a line is for: those that are paid, where a trial leaves out the first of its period. */
function windowOf(fee: FeeRow, working: Working | null): { from: number; to: number } | null {
  if (!fee.fromDatetime || !fee.toDatetime) return null;
  const period = working?.kind === 'subscription' ? working.period : null;
  return period ?? { from: fee.fromDatetime.getTime(), to: fee.toDatetime.getTime() };
}

/** A line of a bill for the panel: what it is for, how it was worked out, and whether it rests on usage still to come. */
export function describeLine(fee: FeeRow, timezone: string, now: number): BillLine {
  const working = workingOf(fee);
  const window = windowOf(fee, working);
  const usage = fee.feeType === 'charge' || fee.feeType === 'commitment';
  const name = fee.invoiceDisplayName || fee.itemName;
  return {
    label: window ? `${name}, ${periodInWords(window.from, window.to, timezone)}` : name,
    name,
    working: working && shortWorking(working, { currency: fee.currency, locale: 'en-US' }),
    amountMinor: fee.amountMinor.toString(),
    exact: !usage || (fee.toDatetime?.getTime() ?? 0) < now,
    kind: fee.feeType === 'subscription' ? 'plan' : usage ? 'use' : 'other',
  };
}

interface Said {
  label: string;
  working: string | null;
}

/** What is said of credits and discounts on bills. */
export interface CreditWords {
  /** By the id of the credit row. */
  of: ReadonlyMap<string, Said>;
  /** Of a bill that is held: its credits are taken when it leaves, so it has no rows of them yet. */
  heldDiscount?: Said;
  heldCredit?: Said;
}

/** The rows under a bill's lines: discounts, tax, earlier credit and credits used. */
export function summarise(
  invoice: InvoiceRow,
  creditRows: readonly CreditRow[],
  exact: boolean,
  said: CreditWords,
): BillLine[] {
  const lines: BillLine[] = [];
  const add = (kind: BillLine['kind'], { label, working }: Said, amountMinor: bigint) => {
    if (amountMinor === 0n) return;
    lines.push({ label, name: label, working, amountMinor: amountMinor.toString(), exact, kind });
  };
  const plain = (label: string): Said => ({ label, working: null });
  const addEach = (kind: 'coupon' | 'credit_note', total: bigint, rest: Said) => {
    const own = creditRows.filter((credit) => credit.kind === kind);
    const named = own.reduce((sum, credit) => sum + credit.amountMinor, 0n);
    const as = kind === 'coupon' ? 'discount' : 'credit';
    for (const credit of own) add(as, said.of.get(credit.id) ?? rest, -credit.amountMinor);
    if (total > named) add(as, rest, named - total);
  };
  add('credit', plain('Already billed early'), -invoice.progressiveBillingCreditAmountMinor);
  addEach('coupon', invoice.couponsAmountMinor, said.heldDiscount ?? plain('Discount'));
  add('tax', plain('Tax'), invoice.taxesAmountMinor);
  addEach('credit_note', invoice.creditNotesAmountMinor, said.heldCredit ?? plain('Credit from before'));
  add('credit', plain('Credits used'), -invoice.prepaidCreditAmountMinor);
  return lines;
}

/**
 * Marks what rests on an estimate at one remove: what is left of credits for a bill depends on the bills before it, so
 * behind an estimated one the credits used are a guess, and the bill with them.
 */
export function markGuesses(bills: ForecastBill[]): ForecastBill[] {
  let guessed = false;
  return bills.map((bill) => {
    const leans = guessed && bill.lines.some(({ kind }) => kind === 'credit');
    guessed ||= !bill.exact;
    if (!leans) return bill;
    const lines = bill.lines.map((line) => (line.kind === 'credit' ? { ...line, exact: false } : line));
    return { ...bill, exact: false, lines };
  });
}
