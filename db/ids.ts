import { randomFillSync } from 'node:crypto';

const DRAWN = Buffer.alloc(8_192);
let at = DRAWN.length;
let last = 0;
let counter = 0;
/** Text of the milliseconds of `last`. */
let time = '';

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

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
    tick(now);
    counter = DRAWN.readUInt16BE(at) & 0x7ff;
  } else if (++counter > 0xfff) {
    tick(last + 1);
    counter = 0;
  }
  const count = `${BYTES[0x70 | (counter >> 8)]}${BYTES[counter & 0xff]}`;
  const variant = `${BYTES[0x80 | (DRAWN[at]! & 0x3f)]}${BYTES[DRAWN[at + 1]!]}`;
  const end = at + 8;
  let tail = '';
  for (let byte = at + 2; byte < end; byte++) tail += BYTES[DRAWN[byte]!];
  at = end;
  return `${time}-${count}-${variant}-${tail}`;
}

function tick(to: number): void {
  last = to;
  const text = to.toString(16).padStart(12, '0');
  time = `${text.slice(0, 8)}-${text.slice(8)}`;
}
