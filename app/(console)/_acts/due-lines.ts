import { formatAmount } from '@/components/format-amount';
import { formatDay, zonePlace } from '@/components/format-date';
import type { PanelPreview, WorkingLine } from '@/components/panel/types';
import { dayOf } from '@/lib/billing/periods/browser-zone';
import type { BillLine, ForecastBill, PreviewResult } from '@/lib/commands/preview/types';
import { billsToCome } from './bills';
import { about } from './money-row';

const sameBill = (a: ForecastBill, b: ForecastBill) => a.date === b.date && a.totalMinor === b.totalMinor;

/** The first bill that an act brings, later than today: one with something to pay before one at nothing. */
function firstNewBill({ before, after }: PreviewResult): ForecastBill | undefined {
  const known = before.nextBills;
  const brought = billsToCome(after).filter((bill) => !known.some((one) => sameBill(one, bill)));
  return brought.find(({ totalMinor }) => totalMinor !== '0') ?? brought[0];
}

/**
 * What an act makes due, line by line with its working; of a start the first bill, also when that comes later. `saw` is
 * what was looked at before it moved.
 */
export function dueOf(preview: PreviewResult, today: string, saw?: PreviewResult): PanelPreview['due'] {
  const { dueNow, after, command } = preview;
  const { currency, timezone } = after;
  const starts = command === 'subscriptions/start';
  const old = new Map(saw?.dueNow.lines.map((line) => [line.label, line.amountMinor]));
  const shown = (line: BillLine): WorkingLine => ({
    what: line.label,
    working: line.working ?? '',
    amount: `${about(line.exact)}${formatAmount(BigInt(line.amountMinor), currency)}`,
    zero: line.amountMinor === '0',
    moved: saw !== undefined && old.get(line.label) !== line.amountMinor,
  });
  if (dueNow.lines.length > 0) {
    const day = formatDay(dayOf(preview.asOf, timezone), today);
    return {
      title: starts ? `First invoice, ${day} in ${zonePlace(timezone)}` : undefined,
      lines: dueNow.lines.map(shown),
      total: {
        what: 'Due today',
        working: '',
        amount: formatAmount(BigInt(dueNow.totalMinor), currency),
        moved: saw !== undefined && saw.dueNow.totalMinor !== dueNow.totalMinor,
      },
    };
  }
  const bill = starts ? firstNewBill(preview) : undefined;
  if (!bill) return undefined;
  return {
    title: `First invoice, ${formatDay(bill.date, today)} in ${zonePlace(timezone)}`,
    lines: bill.lines.map((line) => ({ ...shown(line), moved: false })),
    total: {
      what: `Due on ${formatDay(bill.date, today)}`,
      working: '',
      amount: `${about(bill.exact)}${formatAmount(BigInt(bill.totalMinor), currency)}`,
    },
  };
}
