import { isAscii } from 'node:buffer';
import { Exact } from '@/lib/billing/money/exact';
import { decimalText } from '@/lib/commands/core/fields';
import { badRequest } from './errors.ts';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const DEEPEST = 64;

/** A body, read. */
export interface JsonBody {
  value: JsonObject;
  /** Its length in bytes. */
  length: number;
  /** It is ASCII without a backslash: all its texts are as they stand there. */
  plain: boolean;
}

/**
 * A body's text as an object; an empty body is an empty object. Throws 400 on anything that is not a JSON object, on nests
 * deeper than 64, and on numbers that a JSON reader would change in silence (1e400, or more digits than it keeps).
 */
export function readJson(text: string): JsonObject {
  return readJsonBytes(Buffer.from(text)).value;
}

/** The same for a body's bytes, which are UTF-8. */
export function readJsonBytes(bytes: Buffer): JsonBody {
  const ascii = isAscii(bytes);
  const text = bytes.toString(ascii ? 'latin1' : 'utf8');
  const { length } = bytes;
  if (text.trim() === '') return { value: {}, length, plain: ascii };
  const found = glance(bytes);
  if (found.tooDeep) throw badRequest(`the body is nested deeper than ${DEEPEST} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('the body is not valid JSON');
  }
  if (!isObject(value)) throw badRequest('the body must be a JSON object');
  if (found.longNumbers) refuseChangedNumbers(text);
  return { value, length, plain: ascii && !found.escapes };
}

const [QUOTE, BACKSLASH] = [34, 92];

/** What a byte outside of texts may be part of. */
const Sign = { other: 0, quote: 1, open: 2, close: 3, digit: 4, point: 5, power: 6 } as const;
const SIGNS = new Uint8Array(256);
for (const [signs, sign] of [
  ['"', Sign.quote],
  ['[{', Sign.open],
  [']}', Sign.close],
  ['0123456789', Sign.digit],
  ['.', Sign.point],
  ['eE', Sign.power],
] as const) {
  for (const one of signs) SIGNS[one.charCodeAt(0)] = sign;
}

interface Glance {
  tooDeep: boolean;
  /** Something may be a number with too many digits or too high a power. */
  longNumbers: boolean;
  /** A backslash stands in a text. */
  escapes: boolean;
}

/** So many digits a double keeps, whichever they are. */
const KEPT_DIGITS = 15;

/** One look at every byte before it is parsed: a parser spends seconds on a body of nothing but brackets. */
function glance(bytes: Buffer): Glance {
  const found = { tooDeep: false, longNumbers: false, escapes: false };
  let [depth, digits] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const sign = SIGNS[bytes[at]!];
    if (sign === Sign.digit) {
      if (++digits > KEPT_DIGITS) found.longNumbers = true;
      continue;
    }
    if (sign === Sign.point) continue;
    if (sign === Sign.quote) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) {
        if (bytes[at] !== BACKSLASH) continue;
        found.escapes = true;
        at++;
      }
    } else if (sign === Sign.open) {
      if (++depth > DEEPEST) return { ...found, tooDeep: true };
    } else if (sign === Sign.close) depth--;
    else if (sign === Sign.power && digits > 0) found.longNumbers = true;
    digits = 0;
  }
  return found;
}

/** Where the text that begins here ends; -1 when it does not. */
function endOfText(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const POWER = /^(.*?)[eE]\+?(-?\d+)$/;
const HIGHEST_POWER = 400;

function refuseChangedNumbers(text: string): void {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === QUOTE) {
      at = endOfText(text, at);
      continue;
    }
    NUMBER.lastIndex = at;
    const token = NUMBER.exec(text)?.[0];
    if (token === undefined) continue;
    at += token.length - 1;
    if (isKept(token)) continue;
    const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token;
    throw badRequest(`the number ${shown} cannot be kept exactly; send it as text`);
  }
}

/** Whether a reader of doubles gives the number back as it was sent. */
function isKept(token: string): boolean {
  if (token.length < 16 && !POWER.test(token)) return true;
  const read = decimalText(Number(token));
  const sent = exactOf(token);
  return read !== null && sent?.eq(Exact.of(read)) === true;
}

function exactOf(token: string): Exact | null {
  const power = POWER.exec(token);
  if (!power) return Exact.parse(token);
  const digits = Exact.parse(power[1] ?? '');
  const by = Number(power[2]);
  return digits && Math.abs(by) <= HIGHEST_POWER ? digits.pow10(by) : null;
}
