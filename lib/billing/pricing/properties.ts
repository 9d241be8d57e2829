import { Exact } from '../money/exact.ts';
import type { ChargeProperties, PriceInput, PriceResult, PropertyErrors, WorkingRow } from './model.ts';

/** Reading, checking and writing what charge models have in common. */

/** The wire's decimal text: "10.0". */
export const dec = (value: Exact): string => value.toDecimalString(15, { minOne: true });

/** A decimal given as text or as a JSON number; null when absent, blank or malformed. */
export function decimalOf(value: unknown): Exact | null {
  if (typeof value === 'string') return Exact.parse(value.trim());
  if (typeof value === 'number' && Number.isFinite(value)) return Exact.parse(String(value));
  return null;
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

/** A required number. Throws RangeError when it is missing or malformed. */
export function required(properties: ChargeProperties, field: string): Exact {
  const value = decimalOf(properties[field]);
  if (!value) throw new RangeError(`Charge property ${field} is not a decimal`);
  return value;
}

/** An optional number; null when blank. Throws RangeError when malformed. */
export function optional(properties: ChargeProperties, field: string): Exact | null {
  return isBlank(properties[field]) ? null : required(properties, field);
}

type Check = 'required' | 'optional';

/** Adds `code` to the field's errors unless its value is a decimal of at least zero. */
export function checkDecimal(
  errors: PropertyErrors,
  properties: ChargeProperties,
  field: string,
  code: string,
  check: Check = 'required',
): void {
  if (check === 'optional' && isBlank(properties[field])) return;
  const value = decimalOf(properties[field]);
  if (!value || value.isNegative()) addError(errors, field, code);
}

/** As `checkDecimal`, for whole numbers of at least `atLeast`. */
export function checkInteger(
  errors: PropertyErrors,
  properties: ChargeProperties,
  field: string,
  code: string,
  { atLeast = 0, check = 'required' }: { atLeast?: number; check?: Check } = {},
): void {
  if (check === 'optional' && isBlank(properties[field])) return;
  const value = decimalOf(properties[field]);
  if (!value?.isInteger() || value.lt(atLeast)) addError(errors, field, code);
}

export function addError(errors: PropertyErrors, field: string, code: string): void {
  const codes = errors[field] ?? [];
  errors[field] = codes.includes(code) ? codes : [...codes, code];
}

/** The result of rows whose amounts sum to the price; rows that say nothing are left out. */
export function priced(
  { units, fullUnits = units }: Pick<PriceInput, 'units' | 'fullUnits'>,
  details: Record<string, unknown>,
  rows: (Omit<WorkingRow, 'amount'> & { amount: Exact })[],
): PriceResult {
  const amountMajor = Exact.sum(rows.map(({ amount }) => amount));
  return {
    amountMajor,
    unitAmountMajor: fullUnits.isZero() ? Exact.ZERO : amountMajor.div(fullUnits),
    details,
    working: rows.map((row) => ({ ...row, amount: row.amount.toString() })),
  };
}
