import type { Working, WorkingRow } from '../invoice/result.ts';
import { Exact } from '../money/exact.ts';
import { amountText, isFree, percentText, priceText, quantityText, type Reader } from './words.ts';

/** One printed row of the working; texts are empty where a row has none. */
export interface ExplainedRow {
  label: string;
  quantity: string;
  rate: string;
  amount: string;
}

type Cells = Partial<Omit<ExplainedRow, 'amount'>> & { label: string };

const shareText = ({ days, ofDays }: WorkingRow): string => `${days} of ${ofDays} days`;

/** Where a tier begins: the end of the one before it. */
function tierStart(row: WorkingRow, above: string | null): string | null {
  if (above !== null) return above;
  const from = Exact.of(row.from ?? '0');
  return from.isPositive() ? from.sub(1).toString() : null;
}

/** Units that were there for a part of the period cost that part: the row is less than units times price. */
function byDays(row: WorkingRow, working: Working): boolean {
  const whole = Exact.of(row.rate ?? '0').mul(Exact.of(row.units ?? '0'));
  return working.prorated && !whole.eq(Exact.of(row.amount));
}

function tierCells(row: WorkingRow, above: string | null, working: Working, reader: Reader): Cells {
  const units = Exact.of(row.units ?? '0');
  const quantity = quantityText(units, reader);
  const start = tierStart(row, above);
  if (isFree(row.rate) && start === null) return { label: 'Included', quantity, rate: 'free' };
  const label =
    start !== null
      ? `Above ${quantityText(start, reader)}`
      : row.to
        ? `First ${quantityText(row.to, reader)}`
        : 'Units';
  const rate =
    working.model === 'graduated_percentage'
      ? `at ${percentText(row.rate ?? '0', reader)}`
      : isFree(row.rate)
        ? 'free'
        : `at ${priceText(Exact.of(row.rate ?? '0'), units, reader)}${byDays(row, working) ? ', by their days' : ''}`;
  return { label, quantity, rate };
}

function cellsOf(row: WorkingRow, working: Working, reader: Reader): Cells {
  const quantity = row.units === undefined ? '' : quantityText(row.units, reader);
  const at = (units: string): string => `at ${priceText(Exact.of(row.rate ?? '0'), Exact.of(units), reader)}`;
  switch (row.kind) {
    case 'units':
      return { label: 'Units', quantity, rate: isFree(row.rate) ? 'free' : at(row.units ?? '0') };
    case 'flat':
      return { label: 'Flat fee' };
    case 'free':
      return { label: 'Included', quantity, rate: 'free' };
    case 'package':
      return {
        label: `Packages of ${quantityText(String(working.properties?.package_size ?? 1), reader)}`,
        quantity,
        rate: at('1'),
      };
    case 'rate':
      return { label: 'Share of the volume', quantity, rate: `at ${percentText(row.rate ?? '0', reader)}` };
    case 'fixed':
      return { label: 'For each event', quantity, rate: at('1') };
    case 'clamp':
      return { label: working.model === 'percentage' ? 'Limits for each event' : 'Not below zero' };
    case 'floor':
      return { label: 'Not below zero' };
    case 'events':
      return { label: 'Prices the events carry', quantity };
    case 'billed_before':
      return { label: 'Billed before this event' };
    case 'days':
      return { label: 'Days', quantity: shareText(row), rate: `of ${amountText(row.rate ?? '0', reader)}` };
    case 'minimum':
      return {
        label: 'Minimum',
        quantity: shareText(row),
        rate: `of ${amountText(row.rate ?? '0', reader)}`,
      };
    case 'used':
      return { label: 'Reached already' };
    case 'in_force':
      return { label: 'In force', quantity, rate: shareText(row) };
    case 'share':
      return { label: 'Days left', quantity: shareText(row) };
    case 'paid_before':
      return { label: 'Paid before for these days', quantity: shareText(row) };
    case 'unit_rounding':
      return { label: 'Rounded to the pricing unit' };
    case 'conversion':
      return { label: 'Converted', quantity: row.units ?? '', rate: `at ${row.rate ?? '1'} each` };
    case 'rounding':
      return { label: 'Rounded to the currency' };
    default:
      return { label: row.label ?? row.kind };
  }
}

/** No package was filled: the row of what is included says it all. */
const isEmptyPackage = ({ kind, units }: WorkingRow): boolean =>
  kind === 'package' && Exact.of(units ?? '0').isZero();

/** The working as it is printed. */
export function explainedRows(working: Working, reader: Reader): ExplainedRow[] {
  let above: string | null = null;
  return working.rows
    .filter((row) => !isEmptyPackage(row))
    .map((row) => {
      const cells =
        row.kind === 'tier' ? tierCells(row, above, working, reader) : cellsOf(row, working, reader);
      if (row.kind === 'tier') above = row.to ?? null;
      const amount = row.kind === 'in_force' ? '' : amountText(row.amount, reader);
      return { quantity: '', rate: '', ...cells, amount };
    });
}
