'use client';

import { currencySymbol } from '@/components/format-amount';
import { TextField } from '@/components/ui/field';
import { editOf, type LineEdit, NOT_A_NUMBER, readDecimal } from './line-edit';
import type { ActLine } from './types';

/** How many, the price of one and the name of one line; what differs from the line is in ink. */
export function LineFields({
  line,
  edit,
  currency,
  onEdit,
}: {
  line: ActLine;
  edit: LineEdit;
  currency: string;
  onEdit: (edit: LineEdit) => void;
}) {
  const start = editOf({ ...line, changed: null });
  const unread = (text: string) => text.trim() !== '' && readDecimal(text) === null;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <TextField
        label="How many"
        inputMode="decimal"
        autoComplete="off"
        value={edit.units}
        written={edit.units !== start.units}
        error={unread(edit.units) ? NOT_A_NUMBER : undefined}
        hint={`It counted ${line.units}.`}
        onChange={(event) => onEdit({ ...edit, units: event.target.value })}
      />
      <TextField
        label="Price of one"
        inputMode="decimal"
        autoComplete="off"
        before={currencySymbol(currency)}
        value={edit.price}
        written={edit.price !== ''}
        error={unread(edit.price) ? NOT_A_NUMBER : undefined}
        hint="Left empty, the plan’s own price."
        onChange={(event) => onEdit({ ...edit, price: event.target.value })}
      />
      <TextField
        label="Name on the invoice"
        className="md:col-span-2"
        autoComplete="off"
        maxLength={255}
        value={edit.name}
        written={edit.name !== start.name}
        onChange={(event) => onEdit({ ...edit, name: event.target.value })}
      />
    </div>
  );
}
