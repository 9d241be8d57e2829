'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { ChangePanel } from '@/components/panel/change-panel';
import { reasonsFor } from '../../../_acts/reasons';
import { useChange } from '../../../_acts/use-change';
import { useActs } from './acts-context';
import { dropDraft, keepDraft, onceKeyOf, readDraft } from './draft';
import { ACT_NAMES, type Act } from './types';

interface ActFormProps<Values> {
  act: Act;
  /** The command it runs, or which one for what is chosen. */
  command: string | ((values: Values) => string);
  /** What the fields start with when there is no draft. */
  initial: Values;
  /** The command's input, or null with what is missing in words. */
  toInput: (values: Values) => { input: Record<string, unknown> | null; hint: string };
  /** The fields: "What changes". */
  fields: (values: Values, change: (patch: Partial<Values>) => void) => ReactNode;
}

/** One act as a panel: its fields, a reason, the figures and the stub. What is typed stays until it is applied. */
export function ActForm<Values extends object>(props: ActFormProps<Values>) {
  const { act, command, initial, toInput, fields } = props;
  const { facts, close, setPreview, setApplied } = useActs();
  const router = useRouter();
  const kept = useState(() => readDraft<Values>(facts.personId, facts.customerId, act))[0];
  const [values, setValues] = useState<Values>(kept ? { ...initial, ...kept.values } : initial);
  const [reason, setReason] = useState<string | null>(kept?.reason ?? null);
  const [note, setNote] = useState(kept?.note ?? '');
  const touched = reason !== null || note !== '' || values !== initial;

  useEffect(() => {
    if (touched) keepDraft(facts.personId, facts.customerId, act, { values, reason, note });
  }, [facts, act, values, reason, note, touched]);

  const { input, hint } = toInput(values);
  const change = useChange({
    command: typeof command === 'string' ? command : command(values),
    input,
    hint,
    name: ACT_NAMES[act],
    reason,
    note,
    shown: { today: facts.today, timezone: facts.personTimezone },
    onceKey: () => onceKeyOf(facts.customerId, act),
    onDone: (result, preview) => {
      dropDraft(facts.personId, facts.customerId, act);
      setApplied({
        auditRowId: result.ok ? result.auditRowId : null,
        title: result.ok ? result.title : preview.title,
        asked: result.ok ? null : result.message,
        preview,
        reason,
        note: note.trim() || null,
      });
      close();
      router.refresh();
    },
  });
  const { fresh } = change;
  useEffect(() => setPreview(fresh), [fresh, setPreview]);

  return (
    <ChangePanel
      title={ACT_NAMES[act]}
      subject={facts.name}
      subjectDetail={facts.domain ?? undefined}
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
      onClose={close}
    >
      {fields(values, (patch) => setValues((before) => ({ ...before, ...patch })))}
    </ChangePanel>
  );
}
