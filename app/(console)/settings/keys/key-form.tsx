'use client';

import { useActionState, useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { type KeyState, makeKey } from './actions';
import { KeyEnd } from './key-end';
import { NewKey } from './new-key';
import { type PermissionGroup, Permissions, type Reach, ReachChoice } from './permissions';

interface KeyFormProps {
  groups: readonly PermissionGroup[];
  today: string;
  zone: string;
  /** Calls a minute the server allows every key; 0 is no limit. */
  callsAllowed: number;
}

/** Makes a key and shows it, once. Nothing typed is lost when something is to be mended. */
export function KeyForm({ groups, today, zone, callsAllowed }: KeyFormProps) {
  const [state, act, pending] = useActionState<KeyState, FormData>(makeKey, {});
  const [reach, setReach] = useState<Reach>('everything');
  const [boxes, setBoxes] = useState<readonly string[]>([]);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.errors) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [state]);
  return (
    <form ref={form} action={act} className="space-y-5" noValidate>
      <TextField
        name="name"
        label="What will use it"
        hint="A name for the list, such as “Usage from production”."
        required
        autoComplete="off"
        maxLength={80}
        error={state.errors?.name}
        defaultValue={state.values?.name}
      />
      <ReachChoice reach={reach} onReach={setReach} error={state.errors?.reach} />
      {reach === 'chosen' && <Permissions groups={groups} boxes={boxes} onBoxes={setBoxes} />}
      <KeyEnd label="It ends" today={today} zone={zone} errors={state.errors} />
      <TextField
        name="calls"
        label="Calls a minute"
        inputMode="numeric"
        autoComplete="off"
        error={state.errors?.calls}
        hint={
          callsAllowed === 0
            ? 'Left empty, it may call as often as it likes. Usage events are counted apart.'
            : `Left empty, ${callsAllowed.toLocaleString('en-US')}, as the server allows. Usage events are counted apart.`
        }
        defaultValue={state.values?.calls}
      />
      <div aria-live="polite" className="space-y-3 empty:hidden">
        {state.message && <Note warn>{state.message}</Note>}
        {state.key && (
          <NewKey
            label={`The key. ${state.done ?? ''}`}
            value={state.key}
            words="Copy it now. It is shown only this once; only a fingerprint of it is kept."
          />
        )}
      </div>
      <Button type="submit" tone="act" running={pending ? 'Making it' : undefined}>
        Make a key
      </Button>
    </form>
  );
}
