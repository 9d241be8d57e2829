import { formatAmount } from '@/components/format-amount';
import { formatInstant, zonePlace } from '@/components/format-date';
import type { PanelPreview, Receipt, ReceiptRow, UndoPromise } from '@/components/panel/types';
import { dayOf, startOf } from '@/lib/billing/periods/browser-zone';
import { addDays } from '@/lib/billing/periods/calendar';
import type { PreviewResult } from '@/lib/commands/preview/types';
import { billsToCome } from './bills';
import { billOf, deltaRows } from './delta-rows';
import { dueOf } from './due-lines';
import { words } from './money-row';
import { reasonWords } from './reasons';

export interface Shown {
  /** Today in the customer's zone, so that the year is said only when it is another. */
  today: string;
  /** The reader's zone, for times of day. */
  timezone: string;
}

/** "Can be undone until Fri 16 Oct" and the rest of the sentence. */
export function undoPromise({
  undo,
  after,
  asOf,
}: Pick<PreviewResult, 'undo' | 'after' | 'asOf'>): UndoPromise {
  if (undo.class === 'reversible' && undo.until !== null) {
    const { timezone } = after;
    const day = dayOf(undo.until - 1, timezone);
    if (startOf(addDays(day, 1), timezone) !== undo.until) {
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
  return {
    rows: rows.map((row) => ({ ...row, moved: old !== null && old.get(row.label) !== row.after })),
    exactness: { exact, text: exact ? `Exact, worked out ${time}` : `At the last 30 days’ use, ${time}` },
    due: dueOf(preview, today, saw),
    act: actWords(preview),
    limit: { over: !preview.limit.within, text: preview.limit.sentence },
    undo: preview.limit.within ? undoPromise(preview) : waitPromise(preview),
    twin: preview.twin
      ? {
          text: `${preview.twin.own ? 'You' : preview.twin.actorName} did the same at ${formatInstant(preview.twin.at, timezone, 'time')}: ${preview.twin.title}${
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
