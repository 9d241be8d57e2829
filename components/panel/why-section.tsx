'use client';

import { useId } from 'react';
import { Picks } from '../ui/choice';
import { PanelSection } from './panel-frame';
import type { Reason } from './types';

const NOTE_LENGTH = 280;

export interface WhySectionProps {
  reasons: readonly Reason[];
  reason: string | null;
  onReason: (code: string) => void;
  note: string;
  onNote: (note: string) => void;
  children?: React.ReactNode;
}

/** Why: a reason from the house's list, and a note seen by staff only. */
export function WhySection({ reasons, reason, onReason, note, onNote, children }: WhySectionProps) {
  const noteId = useId();
  const left = NOTE_LENGTH - note.length;
  return (
    <PanelSection title="Why" last>
      <Picks
        label="Why"
        className="mt-3"
        options={reasons.map(({ code, label }) => ({ value: code, label }))}
        value={reason}
        onChange={onReason}
      />
      <div className="field mt-2 h-9">
        <input
          id={noteId}
          type="text"
          aria-label="Note, seen by staff only"
          placeholder="Note, or the number of a ticket"
          maxLength={NOTE_LENGTH}
          value={note}
          onChange={(event) => onNote(event.target.value)}
        />
        <span className="num flex-none text-xs text-text-3 max-md:hidden">
          {left <= 60 ? `${left} left` : 'seen by staff only'}
        </span>
      </div>
      {children}
    </PanelSection>
  );
}
