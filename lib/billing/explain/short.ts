import type { Working, WorkingRow } from '../invoice/result.ts';
import { Exact } from '../money/exact.ts';
import { amountText, countText, isFree, percentText, priceText, quantityText, type Reader } from './words.ts';

/** How a line came about, in a few words beside its amount: "17 of 31 days of $140.00", "2,480 minutes over 3,000, at $20.00 per 1,000". */

type Money = Pick<Reader, 'currency' | 'locale'>;

const rowsOf = (working: Working, kind: string): WorkingRow[] =>
  working.rows.filter((row) => row.kind === kind);

const readerOf = (money: Money): Reader => ({ ...money, timezone: 'UTC', customerName: '' });

/** "2,480 minutes", "86 GB"; the bare figure where the metric names no unit. */
const counted = (units: string, { unitName }: Working, reader: Reader): string =>
  unitName ? countText(Exact.of(units), unitName, null, reader) : quantityText(units, reader);

function priced(row: WorkingRow, working: Working, reader: Reader): string {
  if (working.model === 'graduated_percentage') return percentText(row.rate ?? '0', reader);
  return priceText(Exact.of(row.rate ?? '0'), Exact.of(row.units ?? '0'), reader);
}

function tierWords(working: Working, reader: Reader): string | null {
  const tiers = rowsOf(working, 'tier');
  const used = tiers.filter((row) => !Exact.of(row.units ?? '0').isZero());
  const paid = used.filter((row) => !isFree(row.rate));
  const [free] = tiers.filter((row) => isFree(row.rate));
  if (paid.length === 0) {
    if (!free?.to) return null;
    return `${quantityText(working.units, reader)} of ${counted(free.to, working, reader)} included`;
  }
  const say = (row: WorkingRow) =>
    `${counted(row.units ?? '0', working, reader)} at ${priced(row, working, reader)}`;
  const [first] = paid;
  if (first && paid.length === 1 && free?.to && working.model !== 'volume') {
    return `${counted(first.units ?? '0', working, reader)} over ${quantityText(free.to, reader)}, at ${priced(first, working, reader)}`;
  }
  return paid.map(say).join(', ');
}

function packageWords(working: Working, reader: Reader): string | null {
  const [packages] = rowsOf(working, 'package');
  const count = Exact.of(packages?.units ?? '0');
  if (count.isZero()) return null;
  const size = counted(String(working.properties?.package_size ?? 1), working, reader);
  const word = count.eq(1) ? 'package' : 'packages';
  return `${quantityText(count, reader)} ${word} of ${size} at ${amountText(packages?.rate ?? '0', reader)}`;
}

function percentageWords(working: Working, reader: Reader): string | null {
  const [rate] = rowsOf(working, 'rate');
  const [fixed] = rowsOf(working, 'fixed');
  const parts: string[] = [];
  if (rate && !Exact.of(rate.units ?? '0').isZero()) {
    parts.push(`${percentText(rate.rate ?? '0', reader)} of ${counted(rate.units ?? '0', working, reader)}`);
  }
  if (fixed) {
    parts.push(
      `${quantityText(fixed.units ?? '0', reader)} at ${amountText(fixed.rate ?? '0', reader)} each`,
    );
  }
  return parts.length === 0 ? null : parts.join(', ');
}

function modelWords(working: Working, reader: Reader): string | null {
  const [units] = rowsOf(working, 'units');
  switch (working.model) {
    case 'graduated':
    case 'graduated_percentage':
    case 'volume':
      return tierWords(working, reader);
    case 'package':
      return packageWords(working, reader);
    case 'percentage':
      return percentageWords(working, reader);
    default: {
      const count = Exact.of(units?.units ?? '0');
      if (!units || count.isZero() || isFree(units.rate)) return null;
      return `${counted(count.round(5).toString(), working, reader)} at ${priceText(Exact.of(units.rate ?? '0'), count, reader)}`;
    }
  }
}

/** A line's working in a few words; null where the amount says all there is. */
export function shortWorking(working: Working, money: Money): string | null {
  const reader = readerOf(money);
  const [days] = rowsOf(working, 'days');
  const [minimum] = rowsOf(working, 'minimum');
  if (days) {
    return days.days === days.ofDays
      ? null
      : `${days.days} of ${days.ofDays} days of ${amountText(days.rate ?? '0', reader)}`;
  }
  if (minimum) return `up to ${amountText(Exact.of(minimum.amount).round(6), reader)}`;
  return modelWords(working, reader);
}
