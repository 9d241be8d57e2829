/** Where a keyset page goes on: the sort value and the id of the last row shown, as one opaque word of the address. */
export interface Cursor {
  value: string;
  id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function writeCursor({ value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/** Null for anything that is not a cursor of ours, so that a torn address shows the first page. */
export function readCursor(text: string | undefined): Cursor | null {
  if (!text) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parsed)) return null;
    const [value, id] = parsed;
    return typeof value === 'string' && typeof id === 'string' && UUID.test(id) ? { value, id } : null;
  } catch {
    return null;
  }
}

/** A cursor whose sort value must be an instant in epoch milliseconds. */
export function readTimeCursor(text: string | undefined): { at: number; id: string } | null {
  const cursor = readCursor(text);
  const at = Number(cursor?.value);
  return cursor && Number.isSafeInteger(at) ? { at, id: cursor.id } : null;
}

export interface Page<T> {
  rows: T[];
  /** Cursor of the next page; null at the end. */
  next: string | null;
}

/** Cuts a list that was read with one row too many into a page. */
export function page<T>(rows: T[], size: number, cursorOf: (row: T) => Cursor): Page<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > size && last ? writeCursor(cursorOf(last)) : null };
}
