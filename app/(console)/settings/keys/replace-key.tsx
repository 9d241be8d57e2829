'use client';

import { startTransition, useActionState, useState } from 'react';
import { formatInstant } from '@/components/format-date';
import { ShownOnce } from '@/components/forms/shown-once';
import { Button, RowButton } from '@/components/ui/button';
import { SelectField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { type KeyState, replaceKey } from './actions';
import { KeyEnd } from './key-end';
import { OVERLAPS } from './lives';

interface ReplaceKeyProps {
  id: string;
  name: string;
  today: string;
  zone: string;
  timezone: string;
}

/** Makes another key that may do the same in place of this one, which works on as long as is chosen; shows it, once. */
export function ReplaceKey({ id, name, today, zone, timezone }: ReplaceKeyProps) {
  const [state, act, pending] = useActionState<KeyState, FormData>(replaceKey, {});
  const [open, setOpen] = useState(false);
  return (
    <>
      {!state.key && (
        <RowButton onClick={() => setOpen(!open)} aria-expanded={open} aria-label={`Replace ${name}`}>
          Replace
        </RowButton>
      )}
      <div aria-live="polite" className="order-last basis-full space-y-3 empty:hidden">
        {state.key && (
          <ShownOnce
            label="The new key"
            value={state.key}
            words={`Copy it now: it is shown only this once. The old one ${oldWords(state.oldEndsAt, timezone)}.`}
          />
        )}
        {open && !state.key && (
          <form
            action={act}
            // Kept as it is chosen when something is to be mended, as in the form of a new key.
            onSubmit={(event) => {
              event.preventDefault();
              const data = new FormData(event.currentTarget);
              if (!pending) startTransition(() => act(data));
            }}
            className="card max-w-90 space-y-4 p-4"
            noValidate
          >
            <input type="hidden" name="key" value={id} />
            <SelectField label="The old one works on" name="overlap" error={state.errors?.overlap}>
              {OVERLAPS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </SelectField>
            <KeyEnd label="The new one ends" today={today} zone={zone} errors={state.errors} />
            {state.message && <Note warn>{state.message}</Note>}
            <Button type="submit" running={pending ? 'Making it' : undefined}>
              Make its replacement
            </Button>
          </form>
        )}
      </div>
    </>
  );
}

const oldWords = (at: number | undefined, timezone: string) =>
  at === undefined || at <= Date.now()
    ? 'has ended'
    : `ends by itself on ${formatInstant(at, timezone, 'moment')}`;
