/**
 * Reads a day as a person types it: "30 Oct", "30 October 2026", "2026-10-30", "+14", "tomorrow", "end of month".
 * Days are ISO text (2026-10-30) without a zone; which zone the day belongs to is the field's to say.
 */

export type DayReading = { ok: true; day: string } | { ok: false; message: string };

export interface DayContext {
  /** Today in the zone of the field. */
  today: string;
  /** What "+14" counts from; today if left out. */
  base?: string;
  /** Words of this place, lower case: { 'next bill': '2026-10-31' }. */
  words?: Record<string, string>;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = 86_400_000;

const toNumber = (day: string) => Date.parse(`${day}T00:00:00Z`);
const toDay = (time: number) => new Date(time).toISOString().slice(0, 10);
const refuse = (message: string): DayReading => ({ ok: false, message });

/** The day `count` days after `day`. */
export const addDays = (day: string, count: number): string => toDay(toNumber(day) + count * DAY);

function lastOfMonth(day: string, monthsOn = 0): string {
  return toDay(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) + monthsOn, 0));
}

function build(year: number, month: number, date: number): DayReading {
  const day = toDay(Date.UTC(year, month - 1, date));
  const same = Number(day.slice(5, 7)) === month && Number(day.slice(8)) === date;
  return same ? { ok: true, day } : refuse('That month has no such day.');
}

export function parseDay(text: string, context: DayContext): DayReading {
  const { today, base = today, words = {} } = context;
  const said = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /, '');
  if (said === '') return refuse('Write a day, for example 30 Oct.');
  const word = words[said];
  if (word) return { ok: true, day: word };
  if (said === 'today') return { ok: true, day: today };
  if (said === 'tomorrow') return { ok: true, day: addDays(today, 1) };
  if (said === 'end of month') return { ok: true, day: lastOfMonth(base) };
  if (said === 'end of next month') return { ok: true, day: lastOfMonth(base, 1) };

  const plus = /^\+\s?(\d{1,3})\s?(d|days?|w|weeks?)?$/.exec(said);
  if (plus) return { ok: true, day: addDays(base, Number(plus[1]) * (plus[2]?.startsWith('w') ? 7 : 1)) };

  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(said);
  if (iso) return build(Number(iso[1]), Number(iso[2]), Number(iso[3]));

  const named =
    /^(\d{1,2})\.? ([a-z]{3,9})\.?,?(?: (\d{4}))?$/.exec(said) ??
    /^([a-z]{3,9})\.? (\d{1,2}),?(?: (\d{4}))?$/.exec(said);
  if (named) return fromName(named, today);
  if (/^\d{1,2}[./-]\d{1,2}([./-]\d{2,4})?$/.test(said)) {
    return refuse('Day or month first? Write the month as a word: 4 Oct.');
  }
  return refuse('Write it like 30 Oct, +14 or end of month.');
}

/** A day and a month by name; without a year it is the next such day. */
function fromName(match: RegExpExecArray, today: string): DayReading {
  const [, first = '', second = '', year] = match;
  const [date, name] = /^\d/.test(first) ? [first, second] : [second, first];
  const month = MONTHS.indexOf(name.slice(0, 3)) + 1;
  if (month === 0) return refuse('Write the month as a word: 30 Oct.');
  if (year) return build(Number(year), month, Number(date));
  const thisYear = build(Number(today.slice(0, 4)), month, Number(date));
  if (!thisYear.ok || thisYear.day >= today) return thisYear;
  return build(Number(today.slice(0, 4)) + 1, month, Number(date));
}
