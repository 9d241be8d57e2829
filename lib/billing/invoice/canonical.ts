import { Exact } from '../money/exact.ts';
import type { InvoiceFacts } from './facts.ts';
import type { RegroupFacts } from './regroup.ts';

/** One text for one meaning: the form that is hashed, stored and read back. */

/** Printable ASCII without the two characters that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;
const INDEX = /^(0|[1-9][0-9]*)$/;
/** Longer texts of digits are no index to JavaScript. */
const INDEX_DIGITS = 10;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

function written(value: unknown, known: ReadonlyMap<object, string> | undefined): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint' || value instanceof Exact) return `"${value}"`;
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  const before = known?.get(value);
  if (before !== undefined) return before;
  if (Array.isArray(value)) return `[${value.map((item) => written(item, known)).join(',')}]`;
  let text = '';
  for (const key of keysOf(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) text += `${text && ','}${quoted(key)}:${written(item, known)}`;
  }
  return `{${text}}`;
}

/** Sorted; integer-like keys keep the place before all others, and the order, that JavaScript gives them. */
function keysOf(value: object): string[] {
  const keys = Object.keys(value);
  const isIndex = (key: string) => INDEX.test(key) && key.length <= INDEX_DIGITS && Number(key) < 2 ** 32 - 1;
  if (!isIndex(keys[0] ?? '')) return keys.sort();
  const named = keys.findIndex((key) => !isIndex(key));
  return named < 0 ? keys : [...keys.slice(0, named), ...keys.slice(named).sort()];
}

/**
 * JSON with keys in order; bigints and exact numbers as texts; absent members left out. Integer-like keys keep the
 * order JavaScript gives them, which is the same every time. `known` holds the texts of parts that many values share.
 */
export function canonicalJson(value: unknown, known?: ReadonlyMap<object, string>): string {
  return written(value, known);
}

const byId = <T extends { id: string }>(a: T, b: T): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * The facts without what cannot change the bill: the order in which sets were read, and usage of charges the plan does
 * not have. Two loads of the same state give the same text.
 */
export function hashableFacts(facts: InvoiceFacts): InvoiceFacts {
  return {
    ...facts,
    coupons: [...facts.coupons].sort(byId),
    creditNotes: [...facts.creditNotes].sort(byId),
    wallets: [...facts.wallets].sort(byId).map((wallet) => ({
      ...wallet,
      allowedFeeTypes: [...wallet.allowedFeeTypes].sort(),
      allowedMetricIds: [...wallet.allowedMetricIds].sort(),
      lots: [...wallet.lots].sort((a, b) => (a.transactionId < b.transactionId ? -1 : 1)),
    })),
    ...(facts.adjustments
      ? { adjustments: [...facts.adjustments].sort((a, b) => (a.lineKey < b.lineKey ? -1 : 1)) }
      : {}),
    subscriptions: facts.subscriptions.map((bill) => ({
      ...bill,
      successorMetricIds: [...bill.successorMetricIds].sort(),
      usage: Object.fromEntries(
        bill.plan.charges.flatMap(({ id }) => (bill.usage[id] ? [[id, bill.usage[id]]] : [])),
      ),
    })),
  };
}

/** Members whose content belongs to others and is left exactly as it was written. */
const FOREIGN = new Set(['properties', 'values', 'filters', 'filterValues', 'amountDetails', 'working']);

/** Members of given lines that are exact numbers, not whole minor units. */
const EXACT = new Set([
  'units',
  'totalAggregatedUnits',
  'preciseAmountMinor',
  'preciseUnitAmount',
  'preciseCouponsAmountMinor',
  'preciseCreditNotesAmountMinor',
  'taxesPreciseAmountMinor',
  'taxesRate',
]);

function revivedFee(fee: Record<string, unknown>): unknown {
  return Object.fromEntries(
    Object.entries(fee).map(([name, item]) => [
      name,
      EXACT.has(name) && typeof item === 'string' ? Exact.of(item) : revived(item, name, false),
    ]),
  );
}

function revived(value: unknown, key: string, list: boolean): unknown {
  if (Array.isArray(value) && key === 'given') return value.map(revivedFee);
  if (Array.isArray(value)) return value.map((item) => revived(item, key, true));
  if (value !== null && typeof value === 'object') {
    if (FOREIGN.has(key) && !list) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, revived(item, name, false)]),
    );
  }
  if (typeof value !== 'string') return value;
  // Events carry the one, taxes of a given line the other.
  if (key === 'preciseTotalAmountMinor' || key === 'preciseAmountMinor') return Exact.of(value);
  if (key === 'paidBeforeMinor') return value;
  return key === 'sequence' || key.endsWith('Minor') ? BigInt(value) : value;
}

/** Facts back from their canonical text, ready for `computeInvoice`. */
export function factsFromCanonical(text: string): InvoiceFacts {
  return revived(JSON.parse(text), '', false) as InvoiceFacts;
}

/** Facts back from their canonical text, of whichever kind of invoice: for `computeInvoice` or `regroup`. */
export function anyFactsFromCanonical(text: string): InvoiceFacts | RegroupFacts {
  return revived(JSON.parse(text), '', false) as InvoiceFacts | RegroupFacts;
}
