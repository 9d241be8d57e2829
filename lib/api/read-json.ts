import { Exact } from '@/lib/billing/money/exact';
import { decimalText } from '@/lib/commands/core/fields';
import { badRequest } from './errors.ts';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const DEEPEST = 64;

/**
 * A body's text as an object; an empty body is an empty object. Throws 400 on anything that is not a JSON object, on nests
 * deeper than 64, and on numbers that a JSON reader would change in silence (1e400, or more digits than it keeps).
 */
export function readJson(text: string): JsonObject {
  if (text.trim() === '') return {};
  if (isTooDeep(text)) throw badRequest(`the body is nested deeper than ${DEEPEST} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('the body is not valid JSON');
  }
  if (!isObject(value)) throw badRequest('the body must be a JSON object');
  if (LONG_NUMBER.test(text)) refuseChangedNumbers(text);
  return value;
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [34, 92, 91, 93, 123, 125];

/** Looked at before it is parsed: a parser spends seconds on a body of nothing but brackets. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) inText = !inText;
    else if (inText) {
      if (sign === BACKSLASH) at++;
    } else if (sign === OPEN_MAP || sign === OPEN_LIST) {
      if (++depth > DEEPEST) return true;
    } else if (sign === CLOSE_MAP || sign === CLOSE_LIST) depth--;
  }
  return false;
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

/**
 * Something in the text may be a number with too many digits or too high a power; most texts end here. What stands before
 * a number keeps ids out of it, which are full of digits and often look like powers.
 */
const LONG_NUMBER = /[:,[\s]-?(?:[\d.]{17}|[\d.]+[eE][+-]?\d{2})/;
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
