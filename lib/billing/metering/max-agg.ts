import { Exact } from '../money/exact.ts';
import type { Aggregation, Mergeable } from './metric.ts';
import { fieldValue } from './numeric.ts';

export interface MaxPartial {
  max: Exact | null;
  count: number;
}

const mergeable: Mergeable<MaxPartial> = {
  empty: () => ({ max: null, count: 0 }),
  add(partial, event, metric) {
    const value = fieldValue(event, metric);
    return value ? { max: partial.max?.max(value) ?? value, count: partial.count + 1 } : partial;
  },
  merge: (a, b) => ({
    max: a.max && b.max ? a.max.max(b.max) : (a.max ?? b.max),
    count: a.count + b.count,
  }),
  result: ({ max, count }) => ({ units: max ?? Exact.ZERO, eventsCount: count }),
};

/** Largest value of the field in the window. */
export const maxAgg: Aggregation<MaxPartial> = {
  label: 'Highest value',
  about: 'Takes the highest value of the field in the period.',
  needsField: true,
  mayRecur: false,
  mayPayInAdvance: false,
  measure: (metric, { window }) =>
    mergeable.result(
      window.reduce((partial, event) => mergeable.add(partial, event, metric), mergeable.empty()),
    ),
  mergeable,
};
