'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { formatInstant } from '@/components/format-date';
import { ChangePanel } from '@/components/panel/change-panel';
import type { PanelState } from '@/components/panel/types';
import { TextField } from '@/components/ui/field';
import { dayOf } from '@/lib/billing/periods/browser-zone';
import type { PreviewResult, UndoneAct } from '@/lib/commands/preview/types';
import { presentUndo } from './present-undo';
import { reasonWords } from './reasons';
import { askUndo, undoChange } from './undo';

type Asked =
  | { kind: 'asking' }
  | { kind: 'shown'; preview: PreviewResult; saw?: PreviewResult; moved?: string }
  | { kind: 'acting'; preview: PreviewResult }
  | { kind: 'failed'; text: string; reference: string; sent?: PreviewResult };

interface UndoPanelProps {
  auditRowId: string;
  act: string;
  onClose: () => void;
  onDone?: () => void;
}

/** One act taken back, asked for in the same panel as every act: what it was, what the undo means, and the button. */
export default function UndoPanel({ auditRowId, act, onClose, onDone }: UndoPanelProps) {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked>({ kind: 'asking' });
  const [note, setNote] = useState('');
  const [timezone, setTimezone] = useState('UTC');
  const key = useRef<string | null>(null);

  const ask = useCallback(async () => {
    setAsked({ kind: 'asking' });
    try {
      const { answer, timezone: own } = await askUndo(auditRowId);
      setTimezone(own);
      if (answer.ok) return setAsked({ kind: 'shown', preview: answer.preview });
      setAsked({ kind: 'failed', text: answer.message, reference: answer.kind });
    } catch {
      setAsked({
        kind: 'failed',
        text: 'The figures could not be worked out. Nothing was undone.',
        reference: 'no-figures',
      });
    }
  }, [auditRowId]);
  useEffect(() => void ask(), [ask]);

  const undo = async (preview: PreviewResult) => {
    key.current ??= crypto.randomUUID();
    setAsked({ kind: 'acting', preview });
    try {
      const answer = await undoChange(auditRowId, { token: preview.token, key: key.current, note });
      if (answer.ok) {
        onClose();
        onDone?.();
        return router.refresh();
      }
      if (answer.kind === 'moved' && 'preview' in answer) {
        key.current = null;
        return setAsked({ kind: 'shown', preview: answer.preview, saw: preview, moved: answer.message });
      }
      setAsked({ kind: 'failed', text: answer.message, reference: answer.kind });
    } catch {
      setAsked({
        kind: 'failed',
        text: 'No answer came, so we do not know yet whether it was undone. Try again: it happens once at most.',
        reference: 'no-answer',
        sent: preview,
      });
    }
  };
  const preview = 'preview' in asked ? asked.preview : null;
  return createPortal(
    <ChangePanel
      over
      title="Undo"
      subject={act}
      state={stateOf(asked, timezone)}
      onConfirm={() => asked.kind === 'shown' && void undo(asked.preview)}
      onRetry={() => void (asked.kind === 'failed' && asked.sent ? undo(asked.sent) : ask())}
      onClose={onClose}
      extra={
        preview && (
          <TextField
            label="Why it is undone"
            hint="Seen by staff only, beside the entry in the timeline."
            maxLength={280}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )
      }
    >
      {preview?.undoes ? (
        <WhatWasDone act={preview.undoes} asOf={preview.asOf} zone={timezone} />
      ) : (
        <p>{act}</p>
      )}
    </ChangePanel>,
    document.body,
  );
}

function stateOf(asked: Asked, timezone: string): PanelState {
  switch (asked.kind) {
    case 'asking':
      return { kind: 'working', preview: null };
    case 'acting':
      return { kind: 'acting', preview: presentUndo(asked.preview, timezone) };
    case 'failed':
      return { kind: 'failed', text: asked.text, reference: asked.reference };
    case 'shown':
      return asked.moved && asked.saw
        ? {
            kind: 'moved',
            preview: presentUndo(asked.preview, timezone, asked.saw),
            text: asked.moved,
            saw: 'other figures',
          }
        : { kind: 'ready', preview: presentUndo(asked.preview, timezone) };
  }
}

function WhatWasDone({ act, asOf, zone }: { act: UndoneAct; asOf: number; zone: string }) {
  const today = dayOf(act.at, zone) === dayOf(asOf, zone);
  const when = today
    ? `today at ${formatInstant(act.at, zone, 'time')}`
    : `on ${formatInstant(act.at, zone, 'moment', asOf)}`;
  const why = [reasonWords(act.reasonCode), act.note && `“${act.note}”`].filter(Boolean).join(': ');
  return (
    <>
      <p>
        Takes back <span className="font-medium">{act.title}</span>.
      </p>
      <p className="mt-1 text-pretty text-text-2">
        {act.own ? 'You did it' : <span className="text-text">{act.actorName} did it, not you,</span>}
        {` ${when}${why ? `. ${why}.` : '.'}`}
      </p>
    </>
  );
}
