import { Exact } from '../money/exact.ts';
import type { ChargeModel, ChargeProperties, PriceInput, PriceResult, PropertyErrors } from './model.ts';
import { dec, optional, priced, required } from './properties.ts';

/** A percentage of the units plus a fixed amount per paying event, with allowances and limits (semantics 6.5). */

interface Terms {
  rate: Exact;
  fixed: Exact;
  /** N: events free of charge. */
  freeEvents: number | null;
  /** V: volume free of charge. */
  freeVolume: Exact | null;
  min: Exact | null;
  max: Exact | null;
}

function termsOf(properties: ChargeProperties): Terms {
  const freeEvents = optional(properties, 'free_units_per_events');
  const freeVolume = optional(properties, 'free_units_per_total_aggregation');
  return {
    rate: required(properties, 'rate'),
    fixed: optional(properties, 'fixed_amount') ?? Exact.ZERO,
    freeEvents: freeEvents?.isPositive() ? Number(freeEvents.toBigInt()) : null,
    freeVolume: freeVolume?.isPositive() ? freeVolume : null,
    min: optional(properties, 'per_transaction_min_amount'),
    max: optional(properties, 'per_transaction_max_amount'),
  };
}

/**
 * The increments that allowances still look at, with one more: the first N and one beyond, or their sum until it has
 * passed V. Once they are used up an event costs the same whatever came before it, so nothing more is kept.
 */
export function walkOn(properties: ChargeProperties, walked: readonly Exact[], increment: Exact): Exact[] {
  const { freeEvents, freeVolume, min, max } = termsOf(properties);
  const volumeGoverns = freeVolume !== null && (freeEvents === null || min !== null || max !== null);
  if (volumeGoverns) {
    const sum = Exact.sum(walked);
    return sum.gt(freeVolume) ? [...walked] : [sum.add(increment)];
  }
  if (freeEvents === null || walked.length > freeEvents) return [...walked];
  return [...walked, increment];
}

/** What is charged and what is free, before any working is written. */
interface Split {
  freeUnits: Exact;
  freeEvents: number;
  paidUnits: Exact;
  paidEvents: number;
  /** What the limits per event added or took away. */
  adjustment: Exact;
}

const isCount = ({ aggregationType }: PriceInput): boolean =>
  aggregationType === 'count_agg' || aggregationType === 'unique_count_agg';

/** Values of the events in time order; counts may be told by their number alone. */
function valuesOf(input: PriceInput): Exact[] {
  if (input.perEvent) return input.perEvent.map(({ units }) => units);
  if (isCount(input)) return Array.from({ length: input.eventsCount }, () => Exact.ONE);
  throw new RangeError('A percentage with allowances or limits needs its events one by one');
}

/**
 * Cumulative values, as far as the allowances look: the first N events where N is set, else until V is first
 * exceeded; counts keep them all.
 */
function runningTotals(input: PriceInput, { freeEvents, freeVolume }: Terms): Exact[] {
  const totals: Exact[] = [];
  let total = Exact.ZERO;
  for (const value of valuesOf(input)) {
    if (!isCount(input) && freeEvents !== null && totals.length >= freeEvents) break;
    total = total.add(value);
    totals.push(total);
    if (!isCount(input) && freeEvents === null && freeVolume && total.gt(freeVolume)) break;
  }
  return totals;
}

function freeUnitsOf(input: PriceInput, { freeEvents, freeVolume }: Terms, totals: readonly Exact[]): Exact {
  const total = totals.at(-1) ?? Exact.ZERO;
  if (isCount(input) && freeEvents !== null && totals.length > freeEvents) return totals[freeEvents - 1]!;
  return freeVolume ? total.min(freeVolume) : total;
}

/** The smaller of both allowances in events; one that grants nothing is disregarded. */
function freeEventsOf({ freeEvents, freeVolume }: Terms, totals: readonly Exact[]): number {
  const below = freeVolume ? totals.filter((total) => total.lt(freeVolume)).length : 0;
  const granted = [freeEvents ?? 0, below].filter((count) => count > 0);
  return granted.length === 0 ? 0 : Math.min(...granted);
}

function splitByTotals(input: PriceInput, terms: Terms): Split {
  const { units, eventsCount } = input;
  const hasAllowance = terms.freeEvents !== null || terms.freeVolume !== null;
  const totals = hasAllowance ? runningTotals(input, terms) : [];
  const freeUnits = hasAllowance ? freeUnitsOf(input, terms, totals).min(units) : Exact.ZERO;
  const freeEvents = Math.min(hasAllowance ? freeEventsOf(terms, totals) : 0, eventsCount);
  return {
    freeUnits,
    freeEvents,
    paidUnits: units.sub(freeUnits).max(0),
    paidEvents: units.isZero() ? 0 : eventsCount - freeEvents,
    adjustment: Exact.ZERO,
  };
}

/** With limits per event: walk the events; V governs where it is set, and only the excess over it is charged. */
function splitByEvents(input: PriceInput, terms: Terms): Split {
  let volumeLeft = terms.freeVolume ?? Exact.ZERO;
  let eventsLeft = terms.freeVolume ? 0 : (terms.freeEvents ?? 0);
  const split: Split = {
    freeUnits: Exact.ZERO,
    freeEvents: 0,
    paidUnits: Exact.ZERO,
    paidEvents: 0,
    adjustment: Exact.ZERO,
  };
  for (const value of valuesOf(input)) {
    const covered = eventsLeft > 0 || (volumeLeft.isPositive() && value.lte(volumeLeft));
    const free = covered ? value : value.min(volumeLeft).max(0);
    const charged = value.sub(free);
    split.freeUnits = split.freeUnits.add(free);
    volumeLeft = volumeLeft.sub(free).max(0);
    if (covered) {
      eventsLeft = Math.max(0, eventsLeft - 1);
      split.freeEvents++;
      continue;
    }
    const price = charged.mul(terms.rate).pow10(-2).add(terms.fixed);
    const raised = terms.min ? price.max(terms.min) : price;
    const limited = terms.max ? raised.min(terms.max) : raised;
    split.paidUnits = split.paidUnits.add(charged);
    split.paidEvents++;
    split.adjustment = split.adjustment.add(limited.sub(price));
  }
  return split;
}

function write(input: PriceInput, { rate, fixed }: Terms, split: Split): PriceResult {
  const { freeUnits, freeEvents, paidUnits, paidEvents, adjustment } = split;
  const perUnit = paidUnits.mul(rate).pow10(-2);
  const perEvent = fixed.mul(paidEvents);
  return priced(
    input,
    {
      units: dec(input.units),
      free_units: dec(freeUnits),
      free_events: dec(Exact.of(freeEvents)),
      paid_units: dec(paidUnits),
      rate: dec(rate),
      per_unit_total_amount: dec(perUnit),
      paid_events: dec(Exact.of(paidEvents)),
      fixed_fee_unit_amount: dec(fixed),
      fixed_fee_total_amount: dec(perEvent),
      min_max_adjustment_total_amount: dec(adjustment),
    },
    [
      ...(freeUnits.isZero() ? [] : [{ kind: 'free', units: freeUnits.toString(), amount: Exact.ZERO }]),
      { kind: 'rate', units: paidUnits.toString(), rate: rate.toString(), amount: perUnit },
      ...(perEvent.isZero()
        ? []
        : [{ kind: 'fixed', units: String(paidEvents), rate: fixed.toString(), amount: perEvent }]),
      ...(adjustment.isZero() ? [] : [{ kind: 'clamp', amount: adjustment }]),
    ],
  );
}

export const percentage: ChargeModel = {
  label: 'Percentage',
  about: 'A share of the amount that passes through, with an optional fee per event.',
  fields: [
    { kind: 'percent', name: 'rate', label: 'Percentage', about: 'Share of the units, in percent.' },
    {
      kind: 'amount',
      name: 'fixed_amount',
      label: 'Fee per event',
      about: 'Added for every event that is charged.',
      optional: true,
    },
    {
      kind: 'count',
      name: 'free_units_per_events',
      label: 'Events included',
      about: 'The first events of a period that cost nothing.',
      optional: true,
    },
    {
      kind: 'quantity',
      name: 'free_units_per_total_aggregation',
      label: 'Units included',
      about: 'Units of a period that cost nothing.',
      optional: true,
    },
    {
      kind: 'amount',
      name: 'per_transaction_min_amount',
      label: 'Least per event',
      about: 'A charged event costs at least this.',
      optional: true,
      code: 'invalid_amount',
    },
    {
      kind: 'amount',
      name: 'per_transaction_max_amount',
      label: 'Most per event',
      about: 'A charged event costs at most this.',
      optional: true,
      code: 'invalid_amount',
    },
  ],
  pricedBy: 'events',
  refuses: (aggregation) => aggregation === 'latest_agg',
  mayPayInAdvance: true,
  mayProrate: 'never',
  check(properties) {
    const max = optional(properties, 'per_transaction_max_amount');
    const below = max?.lt(optional(properties, 'per_transaction_min_amount') ?? 0);
    const errors: PropertyErrors = {};
    if (below) {
      errors.per_transaction_max_amount = ['per_transaction_max_lower_than_per_transaction_min'];
    }
    return errors;
  },
  price(input) {
    const terms = termsOf(input.properties);
    const limited = terms.min !== null || terms.max !== null;
    return write(input, terms, limited ? splitByEvents(input, terms) : splitByTotals(input, terms));
  },
};
