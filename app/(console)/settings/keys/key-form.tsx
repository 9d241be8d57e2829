'use client';

import { startTransition, useActionState, useEffect, useRef, useState } from 'react';
import { ShownOnce } from '@/components/forms/shown-once';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { type KeyState, makeKey } from './actions';
import { KeyEnd } from './key-end';
import { type PermissionGroup, Permissions, type Reach, ReachChoice } from './permissions';

interface KeyFormProps {
  groups: readonly PermissionGroup[];
  today: string;
  zone: string;
  /** Calls a minute the server allows every key; 0 is no limit. */
  callsAllowed: number;
}

/** Makes a key and shows it, once. Nothing typed is lost when something is to be mended. */
export function KeyForm(props: KeyFormProps) {
  const [state, act, pending] = useActionState<KeyState, FormData>(makeKey, {});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.errors) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [state]);
  return (
    <form
      ref={form}
      action={act}
      // A form that runs its action by itself is emptied after it: what was ticked would silently be "Everything" again.
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        if (!pending) startTransition(() => act(data));
      }}
      className="space-y-5"
      noValidate
    >
      <KeyFields key={state.key ?? 'first'} {...props} state={state} />
      <div aria-live="polite" className="space-y-3 empty:hidden">
        {state.message && <Note warn>{state.message}</Note>}
        {state.key && (
          <ShownOnce
            label="The key"
            value={state.key}
            words={`Copy it now: it is shown only this once, and only a fingerprint of it is kept. What it may do: ${(state.done ?? '').toLowerCase()}.`}
          />
        )}
      </div>
      <Button type="submit" tone="act" running={pending ? 'Making it' : undefined}>
        Make a key
      </Button>
    </form>
  );
}

/** The fields; new ones, as they begin, for every key that is made. */
function KeyFields({ groups, today, zone, callsAllowed, state }: KeyFormProps & { state: KeyState }) {
  const [reach, setReach] = useState<Reach>('everything');
  const [boxes, setBoxes] = useState<readonly string[]>([]);
  const { errors } = state;
  return (
    <>
      <TextField
        name="name"
        label="What will use it"
        hint="A name for the list, such as “Usage from production”."
        required
        autoComplete="off"
        maxLength={80}
        error={errors?.name}
      />
      <ReachChoice reach={reach} onReach={setReach} error={errors?.reach} />
      {reach === 'chosen' && <Permissions groups={groups} boxes={boxes} onBoxes={setBoxes} />}
      <KeyEnd label="It ends" today={today} zone={zone} errors={errors} />
      <TextField
        name="calls"
        label="Calls a minute"
        inputMode="numeric"
        autoComplete="off"
        error={errors?.calls}
        hint={`Left empty, ${callsAllowed === 0 ? 'as many as it likes' : `${callsAllowed.toLocaleString('en-US')}, as the server allows`}. Usage events are counted apart.`}
      />
    </>
  );
}
