const SPECIAL = /["\\]/;
/** Without control characters and surrogates, which JSON may write otherwise than an array does. */
const AS_IN_JSON = /^[ -\ud7ff\ue000-\uffff]*$/;

/** A text as an element of an array in Postgres's own writing. */
export function elementText(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  // Long documents are quoted several times quicker as JSON, which escapes the same two characters the same way.
  return AS_IN_JSON.test(text) ? JSON.stringify(text) : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
