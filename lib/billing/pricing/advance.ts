import type { AdvanceQuantities } from '../metering/advance.ts';
import type { AggregationType } from '../metering/registry.ts';
import { Exact } from '../money/exact.ts';
import type { ChargeProperties, PriceResult } from './model.ts';
import { dec } from './properties.ts';
import { type ChargeModelName, price } from './registry.ts';

export interface AdvancePriceInput {
  model: ChargeModelName;
  properties: ChargeProperties;
  currencyExponent: number;
  aggregationType: AggregationType;
  /** Cumulated quantities without and with the event. */
  before: AdvanceQuantities;
  after: AdvanceQuantities;
  /** The event's increment for the days left, on prorated charges. */
  proratedIncrement?: Exact;
}

/** What `amount_details` cumulates; its other figures are prices and stay as they are. */
const CUMULATIVE = new Set([
  'units',
  'free_units',
  'free_events',
  'paid_units',
  'paid_events',
  'per_unit_total_amount',
  'fixed_fee_total_amount',
  'min_max_adjustment_total_amount',
  'total_with_flat_amount',
]);

type Details = Record<string, unknown>;

function detailsBetween(before: Details, after: Details, inTier = false): Details {
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => {
      const earlier = before[key];
      if (Array.isArray(value) && Array.isArray(earlier)) {
        return [key, value.map((tier, i) => (earlier[i] ? detailsBetween(earlier[i], tier, true) : tier))];
      }
      const cumulative = CUMULATIVE.has(key) || (inTier && key === 'flat_unit_amount');
      if (!cumulative || typeof value !== 'string' || typeof earlier !== 'string') return [key, value];
      return [key, dec(Exact.of(value).sub(earlier))];
    }),
  );
}

const NOTHING: Omit<PriceResult, 'details'> = {
  amountMajor: Exact.ZERO,
  unitAmountMajor: Exact.ZERO,
  working: [],
};

/**
 * The price of one in-advance event: the model with it minus the model without it, never below zero. While nothing was
 * billed yet the first tier's flat fee counts as not yet charged, so the first event pays it (semantics 6.11).
 */
export function priceInAdvance(input: AdvancePriceInput): PriceResult {
  const { model, before, after, proratedIncrement, ...terms } = input;
  const increment = after.units.sub(before.units);
  if (proratedIncrement) {
    return price(model, {
      ...terms,
      ...after,
      eventsCount: 1,
      units: proratedIncrement,
      fullUnits: increment,
      perEvent: undefined,
    });
  }
  const withEvent = price(model, { ...terms, ...after });
  if (!increment.isPositive())
    return { ...NOTHING, details: detailsBetween(withEvent.details, withEvent.details) };
  if (before.units.isZero()) return withEvent;

  const without = price(model, { ...terms, ...before });
  const change = withEvent.amountMajor.sub(without.amountMajor);
  // Both allowances of a counted percentage together give more away once more events have come (semantics 6.5).
  const amountMajor = change.max(0);
  return {
    amountMajor,
    unitAmountMajor: amountMajor.div(increment),
    details: detailsBetween(without.details, withEvent.details),
    working: [
      ...withEvent.working,
      { kind: 'billed_before', amount: without.amountMajor.neg().toString() },
      ...(change.isNegative() ? [{ kind: 'floor', amount: change.neg().toString() }] : []),
    ],
  };
}
