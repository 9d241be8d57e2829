'use client';

import { useActionState, useState } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { newRecoveryCodes, type RecoveryState } from './actions';

/** Makes recovery codes after the password, and shows them this once. */
export function RecoveryCodes({ made }: { made: boolean }) {
  const [asked, setAsked] = useState(false);
  const [state, act, pending] = useActionState<RecoveryState, FormData>(newRecoveryCodes, {});
  if (state.codes) return <Codes codes={state.codes} />;
  const words = made ? 'Make new recovery codes' : 'Make recovery codes';
  if (!asked) return <Button onClick={() => setAsked(true)}>{words}</Button>;
  return (
    <form action={act} className="max-w-72 space-y-4" noValidate>
      <TextField
        name="current"
        type="password"
        label="Your password"
        required
        autoFocus
        autoComplete="current-password"
        hint={made ? 'The codes you have now stop working.' : undefined}
        error={state.errors?.current}
      />
      {state.message && (
        <Note warn role="alert">
          {state.message}
        </Note>
      )}
      <Button type="submit" running={pending ? 'Making them' : undefined}>
        {words}
      </Button>
    </form>
  );
}

function Codes({ codes }: { codes: readonly string[] }) {
  return (
    <div role="status" className="max-w-100">
      <p className="text-pretty text-text-2">
        Keep these where your phone is not. Each works once; they are shown only now.
      </p>
      <ul aria-label="Recovery codes" className="card mt-3 grid grid-cols-2 gap-x-6 gap-y-1.5 bg-canvas p-4">
        {codes.map((code) => (
          <li key={code} className="code">
            {code}
          </li>
        ))}
      </ul>
      <CopyButton size="sm" className="mt-3" text={codes.join('\n')}>
        Copy all
      </CopyButton>
    </div>
  );
}
