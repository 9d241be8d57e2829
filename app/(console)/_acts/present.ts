import { formatAmount } from '@/components/format-amount';
import { formatDay, formatInstant, zonePlace } from '@/components/format-date';
import type { DeltaRow, PanelPreview, Receipt, ReceiptRow, UndoPromise } from '@/components/panel/types';
import { addDays, daysBetween, localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { ForecastBill, Outlook, PreviewResult } from '@/lib/commands/preview/types';
import { billsInTrial, billsToCome } from './bills';
import { reasonWords } from './reasons';

export interface Shown {
  /** Today in the customer's zone, so that the year is said only when it is another. */
  today: string;
  /** The reader's zone, for times of day. */
  timezone: string;
}

interface MoneyValue {
  minor: bigint;
  exact: boolean;
}

const sumOf = (bills: readonly ForecastBill[]): MoneyValue => ({
  minor: bills.reduce((sum, bill) => sum + BigInt(bill.totalMinor), 0n),
  exact: bills.every((bill) => bill.exact),
});

const billOf = (bill: ForecastBill | undefined): MoneyValue | null =>
  bill ? { minor: BigInt(bill.totalMinor), exact: bill.exact } : null;

const about = (exact: boolean) => (exact ? '' : 'about ');

function words(value: MoneyValue | null, currency: string): string {
  return value === null ? '—' : `${about(value.exact)}${formatAmount(value.minor, currency)}`;
}

function moneyRow(
  label: string,
  now: MoneyValue | null,
  after: MoneyValue | null,
  currency: string,
): DeltaRow {
  const change = (after?.minor ?? 0n) - (now?.minor ?? 0n);
  const exact = (now?.exact ?? true) && (after?.exact ?? true);
  return {
    label,
    now: words(now, currency),
    after: words(after, currency),
    difference:
      change === 0n ? 'no change' : `${about(exact)}${formatAmount(change, currency, { sign: true })}`,
    changed: change !== 0n,
  };
}

function dayRow(label: string, now: string | undefined, after: string | undefined, today: string): DeltaRow {
  const days = now && after ? daysBetween(now, after) : 0;
  const count = Math.abs(days);
  return {
    label,
    now: now ? formatDay(now, today) : '—',
    after: after ? formatDay(after, today) : '—',
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
  return [
    dayRow('Last free day', before.trial?.lastFreeDay, after.trial?.lastFreeDay, today),
    dayRow('First paid day', before.trial?.firstPaidDay, after.trial?.firstPaidDay, today),
  ];
}

function billRows({ before, after }: PreviewResult, today: string): DeltaRow[] {
  const currency = after.currency;
  const [nowBills, thenBills] = [billsToCome(before), billsToCome(after)];
  const [now, then] = [nowBills[0], thenBills[0]];
  const name = before.trial ? 'First bill' : 'Next bill';
  const sameDay = now && then && now.date === then.date;
  const rows = [
    moneyRow(sameDay ? `${name}, ${formatDay(now.date, today)}` : name, billOf(now), billOf(then), currency),
  ];
  if (!sameDay && (now || then) && !before.trial)
    rows.push(dayRow(`${name} on`, now?.date, then?.date, today));
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
      : (outlook.plan?.name ?? '—');
  const [now, then] = [said(before), said(after)];
  if (now === then) return [];
  return [{ label: 'Plan', now: before.plan?.name ?? '—', after: then, difference: '', changed: true }];
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
      now: ended.join('; ') || 'none of this',
      after: begun.join('; ') || 'ends',
      difference: '',
      changed: true,
    },
  ];
}

/** The rows every act answers: due now, next bill, next three bills, given away, and what this act moves besides. */
export function deltaRows(preview: PreviewResult, today: string): DeltaRow[] {
  const { before, after, dueNow } = preview;
  const { currency } = after;
  const exact = (minor: string): MoneyValue => ({ minor: BigInt(minor), exact: true });
  const due = moneyRow('Due now', exact('0'), exact(dueNow.totalMinor), currency);
  const rows = [
    ...planRow(preview, today),
    ...trialRows(preview, today),
    due.changed ? due : { ...due, difference: dueNow.lines.length === 0 ? 'no invoice made' : 'nothing due' },
    ...billRows(preview, today),
    ...discountRow(preview),
  ];
  if (before.creditsMinor !== after.creditsMinor) {
    rows.push(moneyRow('Credits', exact(before.creditsMinor), exact(after.creditsMinor), currency));
  }
  if (preview.postponedMinor !== '0') {
    rows.push({
      ...moneyRow('Postponed', exact('0'), exact(preview.postponedMinor), currency),
      difference: 'comes later, not lost',
      why: 'What these days would have cost. The customer pays it later; nothing is given away.',
    });
  }
  if (preview.givenAwayMinor !== '0') {
    rows.push({
      ...moneyRow('Given away', exact('0'), exact(preview.givenAwayMinor), currency),
      why: 'What this act costs you in total, held against your limit.',
    });
  }
  return rows;
}

/** "Can be undone until Fri 16 Oct" and the rest of the sentence. */
export function undoPromise({
  undo,
  after,
  asOf,
}: Pick<PreviewResult, 'undo' | 'after' | 'asOf'>): UndoPromise {
  if (undo.class === 'reversible' && undo.until !== null) {
    const { timezone } = after;
    const day = localDate(undo.until - 1, timezone);
    if (startOfDay(addDays(day, 1), timezone) !== undo.until) {
      return {
        kind: 'reversible',
        headline: `Can be undone until ${formatInstant(undo.until, timezone, 'moment', asOf)}`,
        detail: ` in ${zonePlace(timezone)}. Puts everything back as it was.`,
      };
    }
    return {
      kind: 'reversible',
      headline: `Can be undone until ${formatInstant(undo.until - 1, timezone, 'weekday', asOf)}`,
      detail: `, end of day in ${zonePlace(timezone)}. Puts everything back as it was.`,
    };
  }
  const cut = /[,.;:]\s/.exec(undo.sentence)?.index ?? undo.sentence.length;
  const kind = undo.class === 'held' ? 'held' : undo.class === 'reversible' ? 'reversible' : 'forward';
  return { kind, headline: undo.sentence.slice(0, cut), detail: undo.sentence.slice(cut) || undefined };
}

/** Over the limit nothing is done yet, so there is nothing to undo. */
const waitPromise = ({ limit }: PreviewResult): UndoPromise => ({
  kind: 'held',
  headline: 'Nothing changes yet',
  detail: `: it waits until ${limit.approver ?? 'somebody who may'} has decided.`,
});

/** The button: the act with its amount, or to whom it goes when it is over the limit. */
export function actWords(preview: PreviewResult): string {
  const { limit, title, dueNow, givenAwayMinor, after } = preview;
  if (!limit.within) {
    const amount =
      BigInt(givenAwayMinor) > 0n ? `, ${formatAmount(BigInt(givenAwayMinor), after.currency)}` : '';
    return `Send to ${limit.approver ?? 'someone who may'}${amount}`;
  }
  const due = BigInt(dueNow.totalMinor);
  const charge = formatAmount(due, after.currency);
  return due > 0n && !title.includes(charge) ? `${title}, charge ${charge}` : title;
}

/** A preview in words. `saw` is what the person looked at before it moved; its changed figures are tinted. */
export function presentPreview(
  preview: PreviewResult,
  { today, timezone }: Shown,
  saw?: PreviewResult,
): PanelPreview {
  const rows = deltaRows(preview, today);
  const old = saw ? new Map(deltaRows(saw, today).map((row) => [row.label, row.after])) : null;
  const exact = [...preview.before.nextBills, ...preview.after.nextBills].every((bill) => bill.exact);
  const time = formatInstant(preview.asOf, timezone, 'seconds');
  const { currency } = preview.after;
  const oldDue = new Map(saw?.dueNow.lines.map((line) => [line.label, line.amountMinor]));
  return {
    rows: rows.map((row) => ({ ...row, moved: old !== null && old.get(row.label) !== row.after })),
    exactness: { exact, text: exact ? `Exact, worked out ${time}` : `At the last 30 days’ use, ${time}` },
    due:
      preview.dueNow.lines.length === 0
        ? undefined
        : {
            lines: preview.dueNow.lines.map((line) => ({
              what: line.label,
              working: line.working ?? '',
              amount: `${about(line.exact)}${formatAmount(BigInt(line.amountMinor), currency)}`,
              moved: saw !== undefined && oldDue.get(line.label) !== line.amountMinor,
            })),
            total: {
              what: 'Due today',
              working: '',
              amount: formatAmount(BigInt(preview.dueNow.totalMinor), currency),
              moved: saw !== undefined && saw.dueNow.totalMinor !== preview.dueNow.totalMinor,
            },
          },
    act: actWords(preview),
    limit: { over: !preview.limit.within, text: preview.limit.sentence },
    undo: preview.limit.within ? undoPromise(preview) : waitPromise(preview),
    twin: preview.twin
      ? {
          text: `${preview.twin.actorName} did the same at ${formatInstant(preview.twin.at, timezone, 'time')}: ${preview.twin.title}${
            preview.twin.reasonCode ? `, ${reasonWords(preview.twin.reasonCode)}` : ''
          }.`,
          acknowledge: 'I know. Do it as well.',
        }
      : undefined,
    conflicts: preview.warnings.map((warning) => warning.text),
  };
}

/** What was seen before, in a few words: the amount due, else the next bill. */
export function sawWords(preview: PreviewResult, timezone: string): string {
  const { dueNow, after } = preview;
  const next = billsToCome(after)[0];
  const amount =
    dueNow.totalMinor !== '0' || !next
      ? formatAmount(BigInt(dueNow.totalMinor), after.currency)
      : `a next bill of ${words(billOf(next), after.currency)}`;
  return `${amount} at ${formatInstant(preview.asOf, timezone, 'time')}`;
}

/** What is kept after the act: bills before and now, by whom and why. */
export function receiptOf(
  preview: PreviewResult,
  told: { reason: string | null; note: string | null },
  { today, timezone }: Shown,
): Receipt {
  const rows: ReceiptRow[] = deltaRows(preview, today)
    .filter((row) => row.changed || /bill/i.test(row.label))
    .slice(0, 6)
    .map((row) => ({ label: row.label, before: row.now, now: row.after, changed: row.changed }));
  const why = [reasonWords(told.reason), told.note && `“${told.note}”`].filter(Boolean).join(': ');
  return {
    title: preview.title,
    at: formatInstant(preview.asOf, timezone, 'seconds'),
    rows,
    story: why ? `By you, ${why}.` : 'By you.',
    undo: undoPromise(preview),
  };
}
