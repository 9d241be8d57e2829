import type { Working } from '../invoice/result.ts';
import { exponentOf } from '../money/currency.ts';
import { Exact } from '../money/exact.ts';
import { type ExplainedRow, explainedRows } from './rows.ts';
import { sentencesOf } from './sentences.ts';
import { amountText, quantityText, type Reader } from './words.ts';

/** A line as it was computed or stored. */
export interface ExplainableFee {
  displayName: string;
  amountMinor: bigint;
  preciseAmountMinor: Exact | string;
  filterDisplayName?: string | null;
  filterValues?: Record<string, string[]> | null;
  groupedBy?: Record<string, string | null>;
  working: Working;
}

export interface ExplainedFee {
  sentence: string;
  /** The same, sentence by sentence; the first of usage and plans says who used what and when. */
  sentences: string[];
  rows: ExplainedRow[];
  /** The line itself, under its rows. */
  result: ExplainedRow;
}

const COUNTED = new Set<Working['kind']>(['charge', 'fixed_charge', 'add_on', 'credit']);

/** Which part of the usage the line is about: its filter's name or values, its group's values. */
function partOf({ filterDisplayName, filterValues, groupedBy }: ExplainableFee): string | null {
  const filter =
    filterDisplayName ??
    Object.values(filterValues ?? {})
      .flat()
      .join(', ');
  const group = Object.entries(groupedBy ?? {}).map(([key, value]) => `${key} ${value ?? 'not given'}`);
  const parts = [filter, ...group].filter((text) => text !== '');
  return parts.length === 0 ? null : parts.join(', ');
}

/**
 * Says why a line costs what it costs: a sentence, the rows of its working and the line they add up to. In English, with
 * numbers and dates as the locale writes them.
 */
export function explainFee(fee: ExplainableFee, reader: Reader): ExplainedFee {
  const { working, displayName, amountMinor } = fee;
  const exponent = exponentOf(reader.currency);
  const precise = Exact.of(fee.preciseAmountMinor);
  const rounded = precise.eq(amountMinor)
    ? 'nothing rounded'
    : `rounded from ${amountText(precise.pow10(-exponent), reader)}`;
  const sentences = sentencesOf(working, { displayName, part: partOf(fee) }, reader);
  return {
    sentence: sentences.join(' '),
    sentences,
    rows: explainedRows(working, reader),
    result: {
      label: 'Line',
      // A plan's price and a minimum are one thing, not a count.
      quantity: COUNTED.has(working.kind) ? quantityText(working.units, reader) : '',
      rate: rounded,
      amount: amountText(Exact.of(amountMinor).pow10(-exponent), reader),
    },
  };
}
