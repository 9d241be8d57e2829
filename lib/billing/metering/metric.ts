import type { Exact } from '../money/exact.ts';
import type { Instant } from '../periods/zone.ts';
import type { UsageEvent } from '../usage-facts.ts';

export type { UsageEvent };

export interface UnitRounding {
  fn: 'round' | 'ceil' | 'floor';
  precision: number;
}

export interface MetricFacts {
  code: string;
  name: string;
  fieldName?: string | null;
  /** The value carries over from period to period instead of starting at zero (semantics 5.7). */
  recurring: boolean;
  rounding?: UnitRounding | null;
}

export interface AggregationInput {
  /** Events of one bucket, in any order. Those before `windowFrom` count as history, those after `windowTo` not at all. */
  events: readonly UsageEvent[];
  /** Earlier events, for recurring metrics. */
  history?: readonly UsageEvent[];
  /** Stands in for history that was aggregated before: a recurring sum, or the level of a weighted sum. */
  carriedOver?: { units: Exact; eventsCount?: number };
  /** Inclusive at both ends. */
  windowFrom: Instant;
  windowTo: Instant;
  /** Nominal length of the whole period, never of a truncated window. */
  periodDays: number;
  timezone: string;
  prorated?: boolean;
  /** The window was closed by an upgrade: its last day belongs to the new plan. */
  upgraded?: boolean;
  /** Pay-in-advance pricing skips the metric's rounding (semantics 5.6). */
  skipRounding?: boolean;
  /** Leaves out `perEvent` where the charge model has no use for it. */
  totalsOnly?: boolean;
}

export interface EventQuantity {
  timestamp: Instant;
  /** The event's own change. */
  units: Exact;
  /** Its share for the days left; the same as `units` where nothing is prorated. */
  prorated: Exact;
}

export interface AggregationResult {
  /** What is priced: the prorated quantity of a prorated charge, else the full one. Never negative. */
  units: Exact;
  /** What is shown, and what `unit_amount` divides by. */
  fullUnits: Exact;
  /** Closing level of a weighted sum, else `fullUnits`. */
  totalAggregatedUnits: Exact;
  eventsCount: number;
  /** In time order; a first entry stands for everything carried over, where quantities are prorated. */
  perEvent?: EventQuantity[];
  /** Σ of the amounts the events bring along, for the dynamic model. */
  preciseTotalAmountMinor?: Exact;
}

/** Input with its events sorted and divided into history and window. */
export interface PreparedInput extends Omit<AggregationInput, 'events' | 'history'> {
  history: readonly UsageEvent[];
  window: readonly UsageEvent[];
}

export interface Measurement {
  units: Exact;
  /** Set on prorated charges. */
  prorated?: Exact;
  closingLevel?: Exact;
  eventsCount: number;
  perEvent?: EventQuantity[];
  preciseTotalAmountMinor?: Exact;
}

/**
 * An aggregation that can be built from parts in any order: `result` of merged partials equals `result` of one
 * partial fed with all events, whatever the split. `add` may grow the partial it is given; `merge` leaves both alone.
 */
export interface Mergeable<P> {
  empty(): P;
  add(partial: P, event: UsageEvent, metric: MetricFacts): P;
  merge(a: P, b: P): P;
  result(partial: P): { units: Exact; eventsCount: number };
}

export interface Aggregation<P = unknown> {
  /** What people call it. */
  label: string;
  /** One sentence on what it does with events. */
  about: string;
  needsField: boolean;
  mayRecur: boolean;
  mayPayInAdvance: boolean;
  measure(metric: MetricFacts, input: PreparedInput): Measurement;
  /** Absent where the value depends on more than a fold of the events. */
  mergeable?: Mergeable<P>;
}

/** Time order; equal timestamps by ingestion. */
export function compareEvents(a: UsageEvent, b: UsageEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  return a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0;
}
