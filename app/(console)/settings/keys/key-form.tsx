'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { type KeyState, makeKey } from './actions';

/** Makes a key and shows it, once. */
export function KeyForm() {
  const [state, act, pending] = useActionState<KeyState, FormData>(makeKey, {});
  return (
    <form action={act} className="space-y-4" noValidate>
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
      <div aria-live="polite" className="space-y-3 empty:hidden">
        {state.message && <Note warn>{state.message}</Note>}
        {state.key && (
          <>
            <TextField
              label="The key"
              className="[&_input]:font-mono"
              readOnly
              value={state.key}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Note warn>Copy it now. It is shown only this once; only a fingerprint of it is kept.</Note>
          </>
        )}
      </div>
      <Button type="submit" tone="act" running={pending ? 'Making it' : undefined}>
        Make a key
      </Button>
    </form>
  );
}
