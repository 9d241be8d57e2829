import { Exact } from '../money/exact.ts';
import { type Instant, localEpochDay } from '../periods/zone.ts';
import {
  type Aggregation,
  compareEvents,
  type EventQuantity,
  type Mergeable,
  type MetricFacts,
  type PreparedInput,
  type UsageEvent,
} from './metric.ts';
import { amountsCarried, prorate } from './sum-agg.ts';

/** Last operation on each distinct value: it alone decides whether the value is counted. */
export type UniquePartial = Map<string, UsageEvent>;

export const isRemoval = (event: UsageEvent): boolean => event.properties.operation_type === 'remove';

/** The distinct value an event is about; null where the property is absent. */
export function countedValue(event: UsageEvent, metric: MetricFacts): string | null {
  const value = metric.fieldName ? event.properties[metric.fieldName] : undefined;
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function keepLatest(into: Map<string, UsageEvent>, value: string, event: UsageEvent): void {
  const known = into.get(value);
  if (!known || compareEvents(known, event) < 0) into.set(value, event);
}

/**
 * An operation equal to the preceding one and a leading removal are void (semantics 5.4), so a value is present
 * exactly when its last operation is an addition. That makes the count mergeable.
 */
const mergeable: Mergeable<UniquePartial> = {
  empty: () => new Map(),
  add(partial, event, metric) {
    const value = countedValue(event, metric);
    if (value !== null) keepLatest(partial, value, event);
    return partial;
  },
  merge(a, b) {
    const merged = new Map(a);
    for (const [value, event] of b) keepLatest(merged, value, event);
    return merged;
  },
  result(partial) {
    let count = 0;
    for (const event of partial.values()) if (!isRemoval(event)) count++;
    return { units: Exact.of(count), eventsCount: count };
  },
};

/** One stay of a value: from its effective addition to its effective removal. */
interface Stay {
  from: UsageEvent;
  to: UsageEvent | null;
}

/**
 * Effective stays of every value. A removal followed the same local day by a re-addition is ignored, so that
 * add, remove, add on one day never bills twice (semantics 5.9).
 */
function stays(events: readonly UsageEvent[], metric: MetricFacts, timezone: string): Stay[] {
  const byValue = new Map<string, Stay[]>();
  for (const event of events) {
    const value = countedValue(event, metric);
    if (value === null) continue;
    const known = byValue.get(value) ?? [];
    byValue.set(value, known);
    const last = known.at(-1);
    const present = last !== undefined && last.to === null;
    if (isRemoval(event)) {
      if (present) last.to = event;
    } else if (!present) {
      if (
        last?.to &&
        localEpochDay(last.to.timestamp, timezone) === localEpochDay(event.timestamp, timezone)
      ) {
        last.to = null;
      } else known.push({ from: event, to: null });
    }
  }
  return [...byValue.values()].flat();
}

interface Prorating {
  prorated: Exact;
  perEvent: EventQuantity[];
}

function prorateStays(metric: MetricFacts, input: PreparedInput): Prorating {
  const { windowFrom, windowTo, timezone, periodDays, upgraded } = input;
  const day = (at: Instant): number => localEpochDay(at, timezone);
  const firstDay = day(windowFrom);
  const lastDay = day(windowTo) - (upgraded ? 1 : 0);
  const daysFrom = (start: number): number => Math.max(0, lastDay - start + 1);

  let billedDays = 0;
  let carried = 0;
  const changes: { event: UsageEvent; sign: 1 | -1; days: number }[] = [];
  for (const { from, to } of stays([...input.history, ...input.window], metric, timezone)) {
    if (to && to.timestamp < windowFrom) continue;
    const start = Math.max(firstDay, day(from.timestamp));
    const end = to ? Math.min(day(to.timestamp), lastDay) : lastDay;
    billedDays += Math.max(0, end - start + 1);
    if (from.timestamp < windowFrom) carried++;
    else changes.push({ event: from, sign: 1, days: daysFrom(start) });
    if (to) changes.push({ event: to, sign: -1, days: daysFrom(day(to.timestamp) + 1) });
  }

  const perEvent = changes
    .sort((a, b) => compareEvents(a.event, b.event))
    .map(({ event, sign, days }) => ({
      timestamp: event.timestamp,
      units: Exact.of(sign),
      prorated: prorate(Exact.of(sign), days, periodDays).ceil(5),
    }));
  if (carried > 0) {
    const units = Exact.of(carried);
    perEvent.unshift({
      timestamp: windowFrom,
      units,
      prorated: prorate(units, daysFrom(firstDay), periodDays).ceil(5),
    });
  }
  return { prorated: Exact.ratio(BigInt(billedDays), BigInt(periodDays)).ceil(5), perEvent };
}

/** Net number of distinct values; a recurring count looks at the whole history (semantics 5.4). */
export const uniqueCountAgg: Aggregation<UniquePartial> = {
  label: 'Different values',
  about: 'Counts each different value of the field once.',
  needsField: true,
  mayRecur: true,
  mayPayInAdvance: true,

  measure(metric, input) {
    const events = metric.recurring ? [...input.history, ...input.window] : input.window;
    const latest = new Map<string, UsageEvent>();
    for (const event of events) {
      const value = countedValue(event, metric);
      if (value !== null) keepLatest(latest, value, event);
    }
    const counted = mergeable.result(latest);
    const measured = { ...counted, preciseTotalAmountMinor: amountsCarried(events) };
    if (input.prorated) return { ...measured, ...prorateStays(metric, input) };
    if (input.totalsOnly) return measured;
    const present = [...latest.values()].filter((event) => !isRemoval(event)).sort(compareEvents);
    return {
      ...measured,
      perEvent: present.map(({ timestamp }) => ({ timestamp, units: Exact.ONE, prorated: Exact.ONE })),
    };
  },
  mergeable,
};
