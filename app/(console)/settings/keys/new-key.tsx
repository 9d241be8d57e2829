'use client';

import { TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';

/** A key that was just made: it can be read and copied here and nowhere else. */
export function NewKey({ label, value, words }: { label: string; value: string; words: string }) {
  return (
    <>
      <TextField
        label={label}
        className="[&_input]:font-mono"
        readOnly
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Note warn>{words}</Note>
    </>
  );
}
