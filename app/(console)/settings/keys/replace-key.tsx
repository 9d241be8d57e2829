'use client';

import { useActionState } from 'react';
import { RowButton } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { type KeyState, replaceKey } from './actions';

/** Makes another key in place of this one, which works on for a day, and shows it, once. */
export function ReplaceKey({ id, name }: { id: string; name: string }) {
  const [state, act, pending] = useActionState<KeyState, FormData>(replaceKey, {});
  return (
    <form action={act} className="contents">
      <input type="hidden" name="key" value={id} />
      <RowButton type="submit" disabled={pending} aria-label={`Replace ${name}`}>
        Replace
      </RowButton>
      <div aria-live="polite" className="order-last basis-full space-y-2 empty:hidden">
        {state.message && <Note warn>{state.message}</Note>}
        {state.key && (
          <>
            <TextField
              label="The new key"
              className="[&_input]:font-mono"
              readOnly
              value={state.key}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Note warn>Copy it now: it is shown only this once. The old one ends by itself in 24 hours.</Note>
          </>
        )}
      </div>
    </form>
  );
}
