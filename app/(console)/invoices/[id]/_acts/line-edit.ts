import type { ActLine } from './types';

/** What is typed for a line; text as typed. */
export interface LineEdit {
  units: string;
  /** Price of one in the currency's main unit; empty is "as its plan says". */
  price: string;
  name: string;
}

export const editOf = ({ units, name, changed }: ActLine): LineEdit => ({
  units: changed?.units ?? units,
  price: changed?.unitPrice ?? '',
  name,
});

const DECIMAL = /^(\d{1,3}(,\d{3})+|\d+)(\.\d{1,15})?$/;

/** Text as a plain decimal, thousands with commas allowed; null when it cannot be read without doubt. */
export function readDecimal(text: string): string | null {
  const tidy = text.trim();
  return DECIMAL.test(tidy) ? tidy.replaceAll(',', '') : null;
}

export const NOT_A_NUMBER = 'Write it like 1234.5, without a sign.';

export interface EditedLine {
  units?: string;
  unit_precise_amount?: string;
  invoice_display_name?: string;
}

/**
 * What an edit asks for, against the line as it stands: only what differs, and whatever a person changed before, which
 * would be lost otherwise. A hint in words when something cannot be read; an empty answer when nothing differs.
 */
export function readEdit(line: ActLine, edit: LineEdit): { change: EditedLine } | { hint: string } {
  const start = editOf(line);
  const units = readDecimal(edit.units);
  if (units === null) return { hint: `How many: ${NOT_A_NUMBER}` };
  const price = edit.price.trim() === '' ? null : readDecimal(edit.price);
  if (price === null && edit.price.trim() !== '') return { hint: `Price of one: ${NOT_A_NUMBER}` };
  const name = edit.name.trim();
  if (name === '') return { hint: 'Give the line a name.' };
  const same = units === readDecimal(start.units) && (price ?? '') === start.price && name === start.name;
  if (same) return { change: {} };
  const counts = units !== readDecimal(line.units) || price !== null || line.changed?.units != null;
  return {
    change: {
      ...(counts && { units }),
      ...(price !== null && { unit_precise_amount: price }),
      ...((name !== start.name || line.changed?.name != null) && { invoice_display_name: name }),
    },
  };
}
