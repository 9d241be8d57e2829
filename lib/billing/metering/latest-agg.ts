import { Exact } from '../money/exact.ts';
import { type Aggregation, compareEvents, type Mergeable, type UsageEvent } from './metric.ts';
import { fieldValue } from './numeric.ts';

export interface LatestPartial {
  latest: { event: UsageEvent; value: Exact } | null;
  count: number;
}

const mergeable: Mergeable<LatestPartial> = {
  empty: () => ({ latest: null, count: 0 }),
  add(partial, event, metric) {
    const value = fieldValue(event, metric);
    return value ? mergeable.merge(partial, { latest: { event, value }, count: 1 }) : partial;
  },
  merge(a, b) {
    const count = a.count + b.count;
    if (!a.latest || !b.latest) return { latest: a.latest ?? b.latest, count };
    return { latest: compareEvents(a.latest.event, b.latest.event) > 0 ? a.latest : b.latest, count };
  },
  result: ({ latest, count }) => ({ units: latest?.value ?? Exact.ZERO, eventsCount: count }),
};

/** The field of the event with the greatest timestamp; ties go to the latest ingested. */
export const latestAgg: Aggregation<LatestPartial> = {
  label: 'Latest value',
  about: 'Takes the field of the latest event of the period.',
  needsField: true,
  mayRecur: false,
  mayPayInAdvance: false,
  measure: (metric, { window }) =>
    mergeable.result(
      window.reduce((partial, event) => mergeable.add(partial, event, metric), mergeable.empty()),
    ),
  mergeable,
};
