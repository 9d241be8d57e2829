import { Exact } from '../money/exact.ts';
import {
  type AggregationInput,
  type AggregationResult,
  compareEvents,
  type PreparedInput,
  type UnitRounding,
  type UsageEvent,
} from './metric.ts';
import { type AggregatedMetric, aggregations } from './registry.ts';

export function sortEvents(events: readonly UsageEvent[]): readonly UsageEvent[] {
  for (let i = 1; i < events.length; i++) {
    if (compareEvents(events[i - 1]!, events[i]!) > 0) return [...events].sort(compareEvents);
  }
  return events;
}

function prepare(input: AggregationInput): PreparedInput {
  const { windowFrom, windowTo } = input;
  const events = sortEvents(input.history?.length ? [...input.history, ...input.events] : input.events);
  const inside = events.filter(({ timestamp }) => timestamp >= windowFrom && timestamp <= windowTo);
  return {
    ...input,
    window: inside.length === events.length ? events : inside,
    history: events.filter(({ timestamp }) => timestamp < windowFrom),
  };
}

/** The metric's rounding of aggregated units; a negative value counts as zero (semantics 5.3, 5.6). */
export function roundUnits(units: Exact, rounding: UnitRounding | null | undefined): Exact {
  const rounded = rounding ? units[rounding.fn](rounding.precision) : units;
  return rounded.isNegative() ? Exact.ZERO : rounded;
}

/**
 * Folds the events of one bucket into the units a charge prices (semantics 5.2 to 5.9). Prorated quantities are
 * rounded up at 5 decimals and not by the metric's own rounding, which applies to the full units shown.
 */
export function aggregate(metric: AggregatedMetric, input: AggregationInput): AggregationResult {
  const { prorated, closingLevel, units, ...measured } = aggregations[metric.aggregationType].measure(
    metric,
    prepare(input),
  );
  const fullUnits = roundUnits(units, input.skipRounding ? null : metric.rounding);
  return {
    ...measured,
    units: prorated?.max(0) ?? fullUnits,
    fullUnits,
    totalAggregatedUnits: closingLevel ?? fullUnits,
  };
}

/** Units that were aggregated elsewhere (a rollup), finished as `aggregate` would. */
export function aggregated(
  metric: AggregatedMetric,
  { units, eventsCount }: { units: Exact; eventsCount: number },
): AggregationResult {
  const rounded = roundUnits(units, metric.rounding);
  return { units: rounded, fullUnits: rounded, totalAggregatedUnits: rounded, eventsCount };
}
