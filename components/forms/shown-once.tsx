'use client';

import { CopyButton } from '../ui/copy-button';
import { TextField } from '../ui/field';
import { Note } from '../ui/surface';

/** A key or a secret that was just made: it can be read and copied here and nowhere else. */
export function ShownOnce({ label, value, words }: { label: string; value: string; words: string }) {
  return (
    <>
      <TextField
        label={label}
        className="[&_input]:font-mono"
        readOnly
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton text={value}>{`Copy ${label.toLowerCase()}`}</CopyButton>
      <Note warn>{words}</Note>
    </>
  );
}
