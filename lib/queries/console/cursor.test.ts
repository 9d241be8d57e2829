import { describe, expect, it } from 'vitest';
import { page, readCursor, readTimeCursor, writeCursor } from './cursor';

const id = '018f2f5e-8a00-7000-8000-000000000001';

describe('cursors', () => {
  it('come back as they were written, whatever the name holds', () => {
    const cursor = { value: 'Łódź & "sons" 🎟', id };
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  });

  it('that are torn, foreign or forged are no cursors', () => {
    for (const text of [undefined, '', 'x', 'bnVsbA', writeCursor({ value: 'a', id: "' or 1=1" })]) {
      expect(readCursor(text)).toBeNull();
    }
    expect(readTimeCursor(writeCursor({ value: 'soon', id }))).toBeNull();
    expect(readTimeCursor(writeCursor({ value: '1760340000000', id }))).toEqual({ at: 1760340000000, id });
  });

  it('are given only when there is more', () => {
    const cursorOf = (row: string) => ({ value: row, id });
    expect(page(['a', 'b'], 2, cursorOf).next).toBeNull();
    const first = page(['a', 'b', 'c'], 2, cursorOf);
    expect(first.rows).toEqual(['a', 'b']);
    expect(readCursor(first.next ?? undefined)).toEqual({ value: 'b', id });
  });
});
