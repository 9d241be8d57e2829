import { formatInstant } from '@/components/format-date';
import { addMonths } from '@/lib/billing/periods/zone';

/** A month by its first day, with the first day of the next one: half-open, in the reporting zone. */
export interface Month {
  from: string;
  to: string;
  /** "September 2026". */
  name: string;
  /** The month is not over. */
  partial: boolean;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
export const monthName = (day: string) => formatInstant(at(day), 'UTC', 'month');
/** "Sep", with the year in January. */
export function shortMonth(day: string): string {
  const name = formatInstant(at(day), 'UTC', 'month').slice(0, 3);
  return day.slice(5, 7) === '01' ? `${name} ${day.slice(0, 4)}` : name;
}

/** The month asked for, else the last whole one; never one to come. `today` is the reporting zone's day. */
export function monthOf(word: string | undefined, today: string): Month {
  const present = `${today.slice(0, 7)}-01`;
  const asked = word && MONTH.test(word) ? `${word}-01` : addMonths(present, -1);
  const from = asked > present ? present : asked;
  return { from, to: addMonths(from, 1), name: monthName(from), partial: from === present };
}

export const monthWord = (day: string) => day.slice(0, 7);
