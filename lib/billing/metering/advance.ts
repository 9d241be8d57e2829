import { Exact } from '../money/exact.ts';
import { datesInclusive } from '../periods/days.ts';
import { sortEvents } from './aggregate.ts';
import type { AggregationInput, EventQuantity, UsageEvent } from './metric.ts';
import { fieldValue } from './numeric.ts';
import type { AggregatedMetric } from './registry.ts';
import { amountsCarried, prorate } from './sum-agg.ts';
import { countedValue, isRemoval } from './unique-count-agg.ts';

/**
 * What each event adds to a pay-in-advance charge: its units above the period's high-water mark. Falling below the
 * mark and coming back is free; the metric's rounding is skipped (semantics 6.11).
 */
export interface AdvanceIncrement {
  event: UsageEvent;
  /** New units above the mark, never negative. */
  increment: Exact;
  /** The increment for the days left to the end of the window, rounded up at 5 decimals; equals it if not prorated. */
  prorated: Exact;
  /** The mark after this event. */
  total: Exact;
}

/** Change of the level by each event in turn; null where the event does not contribute. */
function levels(metric: AggregatedMetric): (event: UsageEvent) => Exact | null {
  if (metric.aggregationType === 'count_agg') return () => Exact.ONE;
  if (metric.aggregationType === 'sum_agg') return (event) => fieldValue(event, metric);
  if (metric.aggregationType !== 'unique_count_agg') {
    throw new RangeError(`${metric.aggregationType} cannot be billed in advance`);
  }
  const present = new Set<string>();
  return (event) => {
    const value = countedValue(event, metric);
    if (value === null) return null;
    if (isRemoval(event)) return present.delete(value) ? Exact.of(-1) : Exact.ZERO;
    if (present.has(value)) return Exact.ZERO;
    present.add(value);
    return Exact.ONE;
  };
}

/** Increments of all contributing events in the window, in order. Throws RangeError for aggregations never billed in advance. */
export function advanceIncrements(metric: AggregatedMetric, input: AggregationInput): AdvanceIncrement[] {
  const { windowFrom, windowTo, timezone, periodDays } = input;
  const change = levels(metric);
  let level = metric.recurring ? (input.carriedOver?.units ?? Exact.ZERO) : Exact.ZERO;
  let mark = level;
  const increments: AdvanceIncrement[] = [];
  for (const event of sortEvents([...(input.history ?? []), ...input.events])) {
    const before = event.timestamp < windowFrom;
    if (event.timestamp > windowTo || (before && !metric.recurring)) continue;
    const by = change(event);
    if (!by) continue;
    level = level.add(by);
    if (before) {
      mark = level.max(0);
      continue;
    }
    const increment = level.sub(mark).max(0);
    mark = mark.max(level);
    const prorated = input.prorated
      ? prorate(increment, datesInclusive(event.timestamp, windowTo, timezone), periodDays).ceil(5)
      : increment;
    increments.push({ event, increment, prorated, total: mark });
  }
  return increments;
}

/** Where one bucket of a charge stands after the events billed so far. */
export interface AdvanceState {
  level: Exact;
  /** The highest level billed. */
  mark: Exact;
  /** Events that raised it. */
  billed: number;
  /** Σ of the amounts they brought along. */
  carried: Exact | null;
  /** Increments that a percentage's allowances still look at; empty for other models. */
  walked: readonly Exact[];
}

export const NOTHING_BILLED: AdvanceState = {
  level: Exact.ZERO,
  mark: Exact.ZERO,
  billed: 0,
  carried: null,
  walked: [],
};

/** Lays an event before the window into the level carried over (recurring metrics). */
export function carriedInto(state: AdvanceState, by: Exact): AdvanceState {
  const level = state.level.add(by);
  return { ...state, level, mark: level.max(0) };
}

/**
 * What the event changes: plus or minus its value, one value more or less (`present`: whether its value is counted
 * already), or one. Null when it does not count.
 */
export function changeOfLevel(metric: AggregatedMetric, event: UsageEvent, present: boolean): Exact | null {
  if (metric.aggregationType === 'count_agg') return Exact.ONE;
  if (metric.aggregationType === 'sum_agg') return fieldValue(event, metric);
  if (metric.aggregationType !== 'unique_count_agg') {
    throw new RangeError(`${metric.aggregationType} cannot be billed in advance`);
  }
  if (countedValue(event, metric) === null) return null;
  if (isRemoval(event)) return present ? Exact.of(-1) : Exact.ZERO;
  return present ? Exact.ZERO : Exact.ONE;
}

/** The state after one more event of the window, and what it adds above the mark. `walkOn` keeps what allowances need. */
export function advanced(
  state: AdvanceState,
  event: UsageEvent,
  by: Exact,
  walkOn: (walked: readonly Exact[], increment: Exact) => readonly Exact[],
): { after: AdvanceState; increment: Exact } {
  const level = state.level.add(by);
  const increment = level.sub(state.mark).max(0);
  if (!increment.isPositive()) return { after: { ...state, level }, increment };
  const amount = amountsCarried([event]);
  return {
    increment,
    after: {
      level,
      mark: level,
      billed: state.billed + 1,
      carried: amount ? amount.add(state.carried ?? 0) : state.carried,
      walked: walkOn(state.walked, increment),
    },
  };
}

export interface AdvanceQuantities {
  units: Exact;
  eventsCount: number;
  perEvent: EventQuantity[];
  preciseTotalAmountMinor?: Exact;
}

/** Cumulated quantities before and after the increment at `index`, as `priceInAdvance` compares them. */
export function advanceQuantities(
  increments: readonly AdvanceIncrement[],
  index: number,
): { before: AdvanceQuantities; after: AdvanceQuantities } {
  const billed = increments.slice(0, index + 1).filter(({ increment }) => increment.isPositive());
  const upTo = (list: readonly AdvanceIncrement[], units: Exact): AdvanceQuantities => ({
    units,
    eventsCount: list.length,
    perEvent: list.map(({ event, increment, prorated }) => ({
      timestamp: event.timestamp,
      units: increment,
      prorated,
    })),
    preciseTotalAmountMinor: amountsCarried(list.map(({ event }) => event)),
  });
  const current = increments[index]!;
  const after = upTo(billed, current.total);
  if (!current.increment.isPositive()) return { before: after, after };
  return { before: upTo(billed.slice(0, -1), current.total.sub(current.increment)), after };
}
