import { formatAmount } from '@/components/format-amount';
import type { WorkingRow as ShownRow } from '@/components/invoice/why-panel';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity, formatUnitPrice } from '@/lib/billing/money/format';
import type { InvoiceFee } from '@/lib/queries/console/invoice';

/** A row of the stored working, as the engine writes it. */
interface StoredRow {
  kind: string;
  label?: string;
  units?: string;
  rate?: string;
  from?: string;
  to?: string | null;
  days?: number;
  ofDays?: number;
  amount: string;
}

export function storedRows(fee: Pick<InvoiceFee, 'working'>): StoredRow[] {
  const rows = (fee.working as { rows?: unknown } | null)?.rows;
  return Array.isArray(rows) ? (rows as StoredRow[]) : [];
}

const text = (value: string) => formatQuantity(Exact.of(value).round(6));

function exactAmount(major: string, currency: string): string {
  const minor = Exact.of(major).pow10(exponentOf(currency));
  return minor.isInteger()
    ? formatAmount(minor.toBigInt(), currency)
    : `${formatUnitPrice(Exact.of(major).round(8), currency)}`;
}

function whatOf(row: StoredRow): string {
  const free = row.rate !== undefined && Exact.of(row.rate).isZero();
  switch (row.kind) {
    case 'tier':
      if (free && row.from && Exact.of(row.from).lte(1)) return 'Included';
      return row.from && Exact.of(row.from).gt(1)
        ? `Above ${text(Exact.of(row.from).sub(1).toString())}`
        : 'First';
    case 'flat':
      return 'For the step';
    case 'free':
      return 'Included';
    case 'package':
      return 'Packs';
    case 'fixed':
      return 'For each';
    case 'clamp':
      return 'Least or most';
    case 'days':
      return 'Days';
    case 'minimum':
      return 'Minimum';
    case 'billed_before':
      return 'Billed before';
    default:
      return row.label ?? 'Units';
  }
}

function howOf(row: StoredRow, fee: InvoiceFee): string | undefined {
  if (row.days !== undefined && row.ofDays !== undefined) return `${row.days} of ${row.ofDays} days`;
  if (row.rate === undefined) return undefined;
  const rate = Exact.of(row.rate);
  if (row.kind === 'rate') return `${formatQuantity(rate)}%`;
  if (rate.isZero()) return 'free';
  return `at ${formatUnitPrice(rate, fee.currency)}`;
}

/** The working as the panel prints it: parts first, then the line with what rounding did. */
export function shownWorking(fee: InvoiceFee): { rows: ShownRow[]; result: ShownRow } {
  const rows = storedRows(fee).map((row) => ({
    what: whatOf(row),
    units: row.units === undefined ? undefined : text(row.units),
    how: howOf(row, fee),
    amount: exactAmount(row.amount, fee.currency),
  }));
  const precise = Exact.of(fee.preciseAmountMinor);
  const rounded = precise.eq(BigInt(fee.amountMinor));
  return {
    rows,
    result: {
      what: 'Line',
      units: fee.feeType === 'charge' ? text(fee.units) : undefined,
      how: rounded ? 'nothing rounded' : 'rounded to the cent',
      amount: formatAmount(BigInt(fee.amountMinor), fee.currency),
    },
  };
}
