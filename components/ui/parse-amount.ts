/**
 * Reads an amount as a person types it, without floats: text in, minor units out.
 * Accepts 1,234.50 · 1 234,50 · 1'234.50 · $1,234 · 1.2k · 3m. Refuses what can be read in two ways, in words that
 * say how to write it. Lengths are minor-unit digits of the currency (USD 2, JPY 0, KWD 3).
 */

export type AmountReading =
  | { ok: true; minor: bigint; decimal: string }
  | {
      ok: false;
      reason: 'empty' | 'not-a-number' | 'ambiguous' | 'negative' | 'too-precise';
      message: string;
    };

export interface AmountCurrency {
  code: string;
  /** Digits of the minor unit. */
  digits: number;
}

type Refusal = Extract<AmountReading, { ok: false }>;
type Parts = { whole: string; fraction: string };

const SCALE: Record<string, number> = { '': 0, k: 3, m: 6 };
const refuse = (reason: Refusal['reason'], message: string): Refusal => ({ ok: false, reason, message });
const grouped = (whole: string) => whole.replace(/\B(?=(\d{3})+$)/g, ',');
const plain = (digits: string) => digits.replace(/^0+(?=\d)/, '');

export function parseAmount(text: string, currency: AmountCurrency): AmountReading {
  const cleaned = text.trim().replace(new RegExp(`^${currency.code}\\s*|\\s*${currency.code}$`, 'i'), '');
  const match = /^([-−–]?)\s*[$€£¥₹]?\s*([\d.,'’\s]*\d[\d.,]*)\s*[€£¥₹]?\s*([km]?)$/i.exec(cleaned);
  if (text.trim() === '') return refuse('empty', 'Write an amount.');
  if (!match) return refuse('not-a-number', 'Write it in digits, for example 1,234.50 or 1.2k.');
  const [, sign = '', body = '', suffix = ''] = match;
  if (sign) return refuse('negative', 'Write it without a minus sign.');
  const scale = SCALE[suffix.toLowerCase()] ?? 0;
  const parts = splitParts(body, currency, scale > 0);
  if ('ok' in parts) return parts;
  return toMinor(parts, currency, scale);
}

/** Decides which mark is the decimal one; the whole safety of the field is in here. */
function splitParts(body: string, currency: AmountCurrency, scaled: boolean): Parts | Refusal {
  const spaced = body.replace(/['’\s]+/g, ' ').trim();
  const [spaceWhole, badSpaces] = joinSpaces(spaced);
  if (badSpaces) return refuse('not-a-number', 'Group digits in threes, for example 1 234 567.50.');
  const marks = [...spaceWhole].filter((c) => c === '.' || c === ',');
  if (marks.length === 0) return { whole: spaceWhole, fraction: '' };

  const last = marks[marks.length - 1] as string;
  const at = spaceWhole.lastIndexOf(last);
  const before = spaceWhole.slice(0, at);
  const after = spaceWhole.slice(at + 1);
  const kinds = new Set(marks).size;

  if (kinds === 1 && marks.length > 1) return groupsOnly(spaceWhole, last);
  if (kinds === 2) {
    const group = last === '.' ? ',' : '.';
    if (marks.filter((m) => m === last).length > 1) return notGrouped();
    const whole = groupsOnly(before, group);
    if ('ok' in whole) return whole;
    if (after.length !== currency.digits && !scaled) {
      const run = `${whole.whole}${after}`;
      return twoReadings(written(whole.whole, after, currency), `${run.slice(0, 1)}.${run.slice(1)}`);
    }
    return { whole: whole.whole, fraction: after };
  }
  if (after.length === 3 && before !== '' && !/^0/.test(before) && !spaced.includes(' ')) {
    return threeAfterOneMark(before, after, last, currency, scaled);
  }
  return { whole: before || '0', fraction: after };
}

/** "1,234" or "1.234": groups of thousands, or three decimals? */
function threeAfterOneMark(
  before: string,
  after: string,
  mark: string,
  currency: AmountCurrency,
  scaled: boolean,
): Parts | Refusal {
  if (before.length > 3) return { whole: before, fraction: after };
  const asGroups = written(before + after, '', currency);
  if (scaled || currency.digits === 3) return twoReadings(asGroups, `${before}.${after}`);
  if (currency.digits === 0 || mark === ',') return { whole: before + after, fraction: '' };
  return twoReadings(asGroups, written(before, after, currency));
}

/** Asks which of two readings is meant; both are shown as the currency writes them. */
const twoReadings = (first: string, second: string) =>
  refuse('ambiguous', `Is this ${first} or ${second}? Write it once more.`);

/** Digits before and after the decimal mark, as this currency writes an amount. */
function written(whole: string, fraction: string, { digits }: AmountCurrency): string {
  return digits === 0 ? grouped(whole) : `${grouped(whole)}.${fraction.slice(0, digits).padEnd(digits, '0')}`;
}

const notGrouped = () => refuse('not-a-number', 'Group digits in threes, for example 1,234,567.50.');

function groupsOnly(text: string, mark: string): Parts | Refusal {
  const groups = text.split(mark);
  const [head = '', ...rest] = groups;
  const right = head.length >= 1 && head.length <= 3 && rest.every((g) => g.length === 3);
  return right ? { whole: groups.join(''), fraction: '' } : notGrouped();
}

/** Spaces only ever group; the part before any other mark must come in threes. */
function joinSpaces(text: string): [string, boolean] {
  if (!text.includes(' ')) return [text, false];
  const whole = text.split(/[.,]/)[0] ?? '';
  const groups = whole.split(' ');
  const ok =
    !text.slice(whole.length).includes(' ') &&
    (groups[0] ?? '').length <= 3 &&
    groups.slice(1).every((g) => g.length === 3);
  return [text.replaceAll(' ', ''), !ok];
}

function toMinor({ whole, fraction }: Parts, currency: AmountCurrency, scale: number): AmountReading {
  const shift = scale + currency.digits;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > shift || (scale === 0 && fraction.length > currency.digits)) {
    const has = currency.digits === 0 ? 'no decimals' : `${currency.digits} decimals`;
    return refuse('too-precise', `${currency.code} has ${has}. Write it with fewer.`);
  }
  const digits = plain(whole + significant.padEnd(shift, '0').slice(0, shift));
  if (digits.length > 18) return refuse('not-a-number', 'That is more than can be billed.');
  const padded = digits.padStart(currency.digits + 1, '0');
  const cut = padded.length - currency.digits;
  const decimal = currency.digits === 0 ? padded : `${padded.slice(0, cut)}.${padded.slice(cut)}`;
  return { ok: true, minor: BigInt(digits), decimal };
}
