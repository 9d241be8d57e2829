const MARKS = /["\\]/g;
const MARKED = /["\\]/;

/** Postgres's text of an array, to be cast (`::text[]`, `::jsonb[]`): one parameter for a whole column. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (at > 0) text += ',';
    if (value === null || value === undefined) text += 'null';
    else text += MARKED.test(value) ? `"${value.replace(MARKS, '\\$&')}"` : `"${value}"`;
  }
  return `${text}}`;
}

/** The same for numbers. */
export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => (value === null ? 'null' : value)).join(',')}}`;
}
