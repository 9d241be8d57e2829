import type { ReactNode } from 'react';
import { cx } from '../ui/cx';
import { Countdown } from './countdown';

export interface UndoRowProps {
  /** The act, in the words of its button. */
  act: string;
  /** When, in words: "10:18", "Yesterday". */
  at: string;
  /** Whom and how much: "Moth & Lantern, $318.20". */
  subject: ReactNode;
  state:
    | { kind: 'held'; leavesAt: number; now: number; holdFor: number }
    /** "Undo until 23:59, before the first bill", "$41.30 unused". */
    | { kind: 'reversible'; text: string }
    /** "Settled: fix forward only". */
    | { kind: 'forward'; text: string }
    /** "Undone 08:49, wrong customer". */
    | { kind: 'undone'; text: string };
  /** `RowButton`s: Send now, Undo, Take back $41.30, Fix this. */
  actions?: ReactNode;
}

/** One of your changes, with what can still be done about it. */
export function UndoRow({ act, at, subject, state, actions }: UndoRowProps) {
  const undone = state.kind === 'undone';
  return (
    <li className="border-t border-hair py-2.5">
      <p className="flex items-baseline gap-2">
        <span className={cx('flex-1 font-medium', undone && 'text-text-3 line-through')}>{act}</span>
        <span className="num text-xs text-text-3">{at}</span>
      </p>
      <p className="mt-0.5 truncate text-text-2">{subject}</p>
      <div
        className={cx(
          'mt-1.5 flex min-h-6 items-center gap-2 text-xs',
          state.kind === 'held' ? 'text-ink' : 'text-text-3',
        )}
      >
        {state.kind === 'held' ? (
          <Countdown leavesAt={state.leavesAt} now={state.now} holdFor={state.holdFor} />
        ) : (
          <span className="num flex-1">{state.text}</span>
        )}
        {actions}
      </div>
    </li>
  );
}
