const SPECIAL = /["\\]/;

/** A text as an element of an array in Postgres's own writing. */
export const elementText = (text: string): string =>
  SPECIAL.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
