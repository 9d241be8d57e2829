import { unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';

/** Filters of lists. Each answers undefined when not given and throws 422 when unreadable. */

export function choice<const T extends string>(
  query: QueryFilters,
  name: string,
  known: readonly T[],
): T | undefined {
  const value = query.text(name);
  if (value === undefined) return undefined;
  return known.find((one) => one === value) ?? refuse(name, 'value_is_invalid');
}

/** A list of known words: `name[]=a&name[]=b`, or a plain `name=a`. */
export function choices<const T extends string>(
  query: QueryFilters,
  name: string,
  known: readonly T[],
): T[] | undefined {
  return query
    .list(name)
    ?.map((value) => known.find((one) => one === value) ?? refuse(name, 'value_is_invalid'));
}

export function minorFilter(query: QueryFilters, name: string): bigint | undefined {
  const text = query.text(name);
  if (text === undefined) return undefined;
  return /^-?\d{1,18}$/.test(text) ? BigInt(text) : refuse(name, 'value_is_invalid');
}

/** A calendar date as `YYYY-MM-DD`. */
export function dayFilter(query: QueryFilters, name: string): string | undefined {
  const date = query.instant(name);
  return date === null ? refuse(name, 'invalid_date') : date?.toISOString().slice(0, 10);
}

function refuse(name: string, code: string): never {
  throw unprocessable({ [name]: [code] });
}
