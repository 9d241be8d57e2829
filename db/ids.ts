import { randomFillSync } from 'node:crypto';

const DRAWN = Buffer.alloc(8_192);
let at = DRAWN.length;
let last = 0;
let counter = 0;

/**
 * A new time-ordered id (UUID version 7), so that keys arrive in index order: milliseconds, a counter that keeps the ids of
 * one process in the order they were made, and 62 random bits. Random bytes are drawn in bulk: a batch of usage makes
 * thousands of ids.
 */
export function newId(): string {
  if (at === DRAWN.length) {
    randomFillSync(DRAWN);
    at = 0;
  }
  const now = Date.now();
  if (now > last) {
    last = now;
    counter = DRAWN.readUInt16BE(at) & 0x7ff;
  } else if (++counter > 0xfff) {
    last++;
    counter = 0;
  }
  const time = last.toString(16).padStart(12, '0');
  const tail = DRAWN.toString('hex', at, at + 8);
  const variant = (8 | (DRAWN[at]! & 3)).toString(16);
  at += 8;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}
