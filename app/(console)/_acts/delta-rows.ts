import { formatDay } from '@/components/format-date';
import type { DeltaRow } from '@/components/panel/types';
import { addDays, daysBetween } from '@/lib/billing/periods/calendar';
import type { ForecastBill, Outlook, PreviewResult } from '@/lib/commands/preview/types';
import { billsInTrial, billsToCome } from './bills';
import { discountCost } from './discount-cost';
import { invoiceRows } from './invoice-rows';
import { type MoneyValue, moneyRow } from './money-row';

const sumOf = (bills: readonly ForecastBill[]): MoneyValue => ({
  minor: bills.reduce((sum, bill) => sum + BigInt(bill.totalMinor), 0n),
  exact: bills.every((bill) => bill.exact),
});

/** A bill's total; null where there is none. */
export const billOf = (bill: ForecastBill | undefined): MoneyValue | null =>
  bill ? { minor: BigInt(bill.totalMinor), exact: bill.exact } : null;

function dayRow(label: string, now: string | undefined, after: string | undefined, today: string): DeltaRow {
  const days = now && after ? daysBetween(now, after) : 0;
  const count = Math.abs(days);
  return {
    label,
    now: now ? formatDay(now, today) : 'none',
    after: after ? formatDay(after, today) : 'none',
    difference:
      now === after
        ? 'no change'
        : days === 0
          ? ''
          : `${count} ${count === 1 ? 'day' : 'days'} ${days > 0 ? 'later' : 'earlier'}`,
    changed: now !== after,
  };
}

function trialRows({ before, after }: PreviewResult, today: string): DeltaRow[] {
  if (!before.trial && !after.trial) return [];
  // A trial that an act ends is over at once, as long as something is paid for at all.
  const over = after.plan ? { lastFreeDay: addDays(today, -1), firstPaidDay: today } : undefined;
  const then = after.trial ?? over;
  return [
    dayRow('Last free day', before.trial?.lastFreeDay, then?.lastFreeDay, today),
    dayRow('First paid day', before.trial?.firstPaidDay, then?.firstPaidDay, today),
  ];
}

function billRows({ before, after }: PreviewResult, today: string): DeltaRow[] {
  const currency = after.currency;
  const [nowBills, thenBills] = [billsToCome(before), billsToCome(after)];
  const [now, then] = [nowBills[0], thenBills[0]];
  const name = before.trial ? 'First bill' : 'Next bill';
  if (!now && !then) {
    return [
      { label: name, now: 'none', after: 'none', difference: 'nothing runs that bills', changed: false },
    ];
  }
  const sameDay = now && then && now.date === then.date;
  const rows = [
    moneyRow(sameDay ? `${name}, ${formatDay(now.date, today)}` : name, billOf(now), billOf(then), currency),
  ];
  if (!sameDay && then && !before.trial) rows.push(dayRow(`${name} on`, now?.date, then.date, today));
  const [nowUse, thenUse] = [sumOf(billsInTrial(before)), sumOf(billsInTrial(after))];
  if (nowUse.minor !== 0n || thenUse.minor !== 0n) {
    rows.push(moneyRow('Use billed in the trial', nowUse, thenUse, currency));
  }
  if (nowBills.length > 1 || thenBills.length > 1) {
    rows.push(
      moneyRow('Next three bills', sumOf(nowBills.slice(0, 3)), sumOf(thenBills.slice(0, 3)), currency),
    );
  }
  return rows;
}

function planRow({ before, after }: PreviewResult, today: string): DeltaRow[] {
  const said = (outlook: Outlook) =>
    outlook.pendingPlan
      ? `${outlook.pendingPlan.name} from ${formatDay(outlook.pendingPlan.from, today)}`
      : (outlook.plan?.name ?? 'none');
  const [now, then] = [said(before), said(after)];
  if (now === then) return [];
  return [{ label: 'Plan', now, after: then, difference: '', changed: true }];
}

function discountRow({ before, after }: PreviewResult): DeltaRow[] {
  const said = ({ discounts }: Outlook) =>
    discounts.map(({ title, billsLeft }) => (billsLeft === null ? title : `${title}, ${billsLeft} left`));
  const [now, then] = [said(before), said(after)];
  const ended = now.filter((discount) => !then.includes(discount));
  const begun = then.filter((discount) => !now.includes(discount));
  if (ended.length === 0 && begun.length === 0) return [];
  return [
    {
      label: 'Discount',
      now: ended.join('; ') || 'not yet',
      after: begun.join('; ') || 'ends',
      difference: '',
      changed: true,
    },
  ];
}

/**
 * The rows every act answers: due now, next bill, next three bills, given away, and what this act moves besides. An act
 * about no customer has only what it moves.
 */
export function deltaRows(preview: PreviewResult, today: string): DeltaRow[] {
  if (preview.nobody) {
    return (preview.moves ?? []).map(({ what, from, to }) => ({
      label: what,
      now: from,
      after: to,
      difference: '',
      changed: from !== to,
    }));
  }
  const { before, after, dueNow } = preview;
  const { currency } = after;
  const exact = (minor: string): MoneyValue => ({ minor: BigInt(minor), exact: true });
  const due = moneyRow('Due now', exact('0'), exact(dueNow.totalMinor), currency);
  const rows = [
    ...invoiceRows(preview),
    ...planRow(preview, today),
    ...trialRows(preview, today),
    due.changed ? due : { ...due, difference: dueNow.lines.length === 0 ? 'no invoice made' : 'nothing due' },
    ...billRows(preview, today),
    ...discountRow(preview),
  ];
  if (before.creditsMinor !== after.creditsMinor) {
    rows.push(moneyRow('Credits', exact(before.creditsMinor), exact(after.creditsMinor), currency));
  }
  const [noteNow, noteThen] = [before.noteCreditMinor ?? '0', after.noteCreditMinor ?? '0'];
  if (noteNow !== noteThen) {
    rows.push(moneyRow('Credit for later bills', exact(noteNow), exact(noteThen), currency));
  }
  if (!preview.invoice && before.owesMinor !== after.owesMinor) {
    rows.push(moneyRow('Owes', exact(before.owesMinor), exact(after.owesMinor), currency));
  }
  if (preview.postponedMinor !== '0') {
    rows.push({
      ...moneyRow('Postponed', exact('0'), exact(preview.postponedMinor), currency),
      difference: 'comes later, not lost',
      why: 'What these days would have cost. The customer pays it later; nothing is given away.',
    });
  }
  return [...rows, ...givenRow(preview)];
}

/** What the act gives away in all: credits as they are, a discount over its whole life. */
function givenRow(preview: PreviewResult): DeltaRow[] {
  const { currency } = preview.after;
  const cost = preview.command === 'discounts/apply-discount' ? discountCost(preview) : null;
  if (cost) {
    const { minor, exact, bills, known } = cost;
    const beyond = bills === null ? 'The year’s other bills' : 'The bills after them';
    return [
      {
        ...moneyRow('Given away', { minor: 0n, exact: true }, { minor, exact }, currency),
        difference: bills === null ? 'each year' : `over ${bills} ${bills === 1 ? 'bill' : 'bills'}`,
        why:
          bills !== null && bills <= known
            ? 'What the discount takes off its bills in all.'
            : `What the discount takes off in all. The next ${known} bills are worked out. ${beyond} are taken to be like the last of these.`,
      },
    ];
  }
  if (preview.givenAwayMinor === '0') return [];
  const given = { minor: BigInt(preview.givenAwayMinor), exact: true };
  return [
    {
      ...moneyRow('Given away', { minor: 0n, exact: true }, given, currency),
      why: 'What this act costs you in total, held against your limit.',
    },
  ];
}
