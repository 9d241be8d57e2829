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
  return (typeof value === 'number' ? new Date(value) : value).toISOString();
}

export function ts3OrNull(value: Date | number | null | undefined): string | null {
  return value === null || value === undefined ? null : ts3(value);
}
