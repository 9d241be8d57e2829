'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { ChangePanel } from '@/components/panel/change-panel';
import type { PreviewResult } from '@/lib/commands/preview/types';
import type { AppliedAct } from './applied';
import { dropDraft, keepDraft, onceKeyOf, readDraft } from './draft';
import { loadReceipt } from './load';
import type { Shown } from './present';
import { type ReasonedAct, reasonsFor } from './reasons';
import { useChange } from './use-change';

/** What the act is about, and who looks. */
export interface ActSubject {
  id: string;
  name: string;
  detail: string | null;
  personId: string;
  shown: Shown;
}

export interface ActFields<Values> {
  /** The command it runs, or which one for what is chosen. */
  command: string | ((values: Values) => string);
  /** What the fields start with when there is no draft. */
  initial: Values;
  /** The command's input, or null with what is missing in words. */
  toInput: (values: Values) => { input: Record<string, unknown> | null; hint: string };
  /** The fields: "What changes". */
  fields: (values: Values, change: (patch: Partial<Values>) => void) => ReactNode;
}

interface ActFormProps<Values> extends ActFields<Values> {
  act: ReasonedAct;
  name: string;
  subject: ActSubject;
  /** Stands over the page instead of beside it. */
  over?: boolean;
  /** Figures fresh enough to show on the page; null while there is nothing proposed. */
  onPreview: (preview: PreviewResult | null) => void;
  onApplied: (applied: AppliedAct) => void;
  onClose: () => void;
}

/** One act as a panel: its fields, a reason, the figures and the stub. What is typed stays until it is applied. */
export function ActForm<Values extends object>(props: ActFormProps<Values>) {
  const { act, name, subject, command, initial, toInput, fields, onPreview, onApplied, onClose } = props;
  const { id, personId } = subject;
  const router = useRouter();
  const kept = useState(() => readDraft<Values>(personId, id, act))[0];
  const start = useState(initial)[0];
  const [values, setValues] = useState<Values>(kept ? { ...start, ...kept.values } : start);
  const [reason, setReason] = useState<string | null>(kept?.reason ?? null);
  const [note, setNote] = useState(kept?.note ?? '');
  const touched = reason !== null || note !== '' || values !== start;

  useEffect(() => {
    if (touched) keepDraft(personId, id, act, { values, reason, note });
  }, [personId, id, act, values, reason, note, touched]);

  // What is shown once it is done arrives meanwhile.
  useEffect(() => void loadReceipt(), []);

  const { input, hint } = toInput(values);
  const change = useChange({
    command: typeof command === 'string' ? command : command(values),
    input,
    hint,
    name,
    reason,
    note,
    shown: subject.shown,
    onceKey: () => onceKeyOf(id, act),
    onDone: (result, preview) => {
      dropDraft(personId, id, act);
      onApplied({
        auditRowId: result.ok ? result.auditRowId : null,
        title: result.ok ? result.title : preview.title,
        asked: result.ok ? null : result.message,
        preview,
        reason,
        note: note.trim() || null,
      });
      onClose();
      router.refresh();
    },
  });
  const { fresh } = change;
  useEffect(() => onPreview(fresh), [fresh, onPreview]);

  return (
    <ChangePanel
      title={name}
      subject={subject.name}
      subjectDetail={subject.detail ?? undefined}
      over={props.over}
      state={change.state}
      why={{ reasons: reasonsFor(act), reason, onReason: setReason, note, onNote: setNote }}
      missing={
        reason === null
          ? 'Choose a reason first.'
          : reason === 'other' && note.trim() === ''
            ? 'Say why in a few words.'
            : undefined
      }
      onConfirm={change.confirm}
      onRetry={change.retry}
      onClose={onClose}
    >
      {fields(values, (patch) => setValues((before) => ({ ...before, ...patch })))}
    </ChangePanel>
  );
}
