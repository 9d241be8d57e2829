import { Exact } from '@/lib/billing/money/exact';

/**
 * The wire's number and date formats (API contract, section 0). Money goes out as bigint and becomes a JSON integer;
 * decimals go out as strings, except `float`, which the contract fixes as a JSON number.
 */
type DecimalInput = string | bigint | number | Exact;

/** `dec`: plain notation, at least one decimal place, no trailing zeros beyond it: "10.0", "0.25". */
export function dec(value: DecimalInput): string {
  return Exact.of(value).toDecimalString(30, { minOne: true });
}

export function decOrNull(value: DecimalInput | null | undefined): string | null {
  return value === null || value === undefined ? null : dec(value);
}

/** `float`: a JSON number, where the contract asks for one (tax rates, trial days). Never used to compute with. */
export function float(value: string | Exact): number {
  return Number(typeof value === 'string' ? value : value.toDecimalString(15));
}

/** `ts`: ISO 8601 in UTC, whole seconds. */
export function ts(value: Date | number): string {
  const date = typeof value === 'number' ? new Date(value) : value;
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function tsOrNull(value: Date | number | null | undefined): string | null {
  return value === null || value === undefined ? null : ts(value);
}

/** `ts3`: ISO 8601 in UTC with milliseconds. */
export function ts3(value: Date | number): string {
  if (typeof value !== 'number') return value.toISOString();
  if (!Number.isInteger(value)) return new Date(value).toISOString();
  const day = Math.floor(value / DAY_MS);
  const ms = value - day * DAY_MS;
  const [seconds, minutes] = [Math.floor(ms / 1_000), Math.floor(ms / 60_000)];
  return `${dayText(day)}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${THREE[ms % 1_000]}Z`;
}

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const THREE = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));

/** Texts of days, up to the "T": a batch of events answers a thousand times of few days. */
const days = new Map<number, string>();
const MOST_DAYS = 1_000;

function dayText(day: number): string {
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, -'00:00:00.000Z'.length);
    if (days.size >= MOST_DAYS) days.clear();
    days.set(day, text);
  }
  return text;
}

export function ts3OrNull(value: Date | number | null | undefined): string | null {
  return value === null || value === undefined ? null : ts3(value);
}
