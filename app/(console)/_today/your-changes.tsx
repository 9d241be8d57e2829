import Link from 'next/link';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { UndoRow, type UndoRowProps } from '@/components/panel/undo-row';
import { localDate } from '@/lib/billing/periods/zone';
import { type ActivityRow, activity } from '@/lib/queries/console/activity';
import { reasonWords } from '../_acts/reasons';
import { UndoButton } from '../_acts/undo-button';
import { reading } from '../_reading/tenant';

const SHOWN = 5;

function whenWords(at: number, now: number, timezone: string): string {
  if (localDate(at, timezone) === localDate(now, timezone)) return formatInstant(at, timezone, 'time');
  if (localDate(at, timezone) === localDate(now - 86_400_000, timezone)) return 'Yesterday';
  return formatInstant(at, timezone, 'day', now);
}

/** Whether a row of the activity can still be taken back whole or in part. */
export function stillReversible(row: ActivityRow, now: number): boolean {
  return (
    row.hasInverse &&
    row.undoneAt === null &&
    !row.undoes &&
    row.undoClass !== null &&
    row.undoClass !== 'fix_forward' &&
    (row.undoUntil === null || row.undoUntil > now)
  );
}

export function undoState(row: ActivityRow, now: number, timezone: string): UndoRowProps['state'] {
  if (row.undoneAt !== null) {
    return { kind: 'undone', text: `Undone ${formatInstant(row.undoneAt, timezone, 'time')}` };
  }
  if (!stillReversible(row, now))
    return { kind: 'forward', text: row.undoes ? 'Took something back' : 'Cannot be undone' };
  if (row.undoClass === 'held' && row.undoUntil !== null) {
    return { kind: 'held', leavesAt: row.undoUntil, now, holdFor: Math.max(1, row.undoUntil - row.at) };
  }
  return {
    kind: 'reversible',
    text:
      row.undoUntil === null
        ? row.command === 'limits/change'
          ? 'Can be undone'
          : 'Undo what is unused'
        : `Undo until ${formatInstant(row.undoUntil, timezone, 'moment', now)}`,
  };
}

/** What you did last, with what can still be done about it. */
export async function YourChanges() {
  const { rows, person, now } = await reading(async (read) => ({
    ...(await activity(read.tx, read.organizationId, { actorId: read.person.userId }, undefined, SHOWN)),
    person: read.person,
    now: read.now,
  }));
  return (
    <>
      <div className="flex items-baseline">
        <h2 className="flex-1 font-semibold tracking-normal">Your changes</h2>
        <Link href="/activity" className="text-xs text-text-2 hover:text-text">
          All activity
        </Link>
      </div>
      <ul className="mt-2">
        {rows.map((row) => (
          <UndoRow
            key={row.id}
            act={row.title}
            at={whenWords(row.at, now, person.timezone)}
            subject={[
              row.customerName,
              row.amountMinor && row.amountMinor !== '0' && row.currency
                ? formatAmount(BigInt(row.amountMinor), row.currency)
                : reasonWords(row.reasonCode),
            ]
              .filter(Boolean)
              .join(', ')}
            state={undoState(row, now, person.timezone)}
            actions={stillReversible(row, now) && <UndoButton auditRowId={row.id} act={row.title} />}
          />
        ))}
        {rows.length === 0 && (
          <li className="border-t border-hair py-2.5 text-pretty text-text-2">
            Nothing yet. What you change stands here, with its way back.
          </li>
        )}
      </ul>
    </>
  );
}
