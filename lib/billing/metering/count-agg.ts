import { Exact } from '../money/exact.ts';
import type { Aggregation } from './metric.ts';
import { amountsCarried } from './sum-agg.ts';

/** Number of events in the window. */
export const countAgg: Aggregation<number> = {
  label: 'Count',
  about: 'Counts every event of the period.',
  needsField: false,
  mayRecur: false,
  mayPayInAdvance: true,
  measure(_metric, { window, totalsOnly }) {
    return {
      units: Exact.of(window.length),
      eventsCount: window.length,
      perEvent: totalsOnly
        ? undefined
        : window.map(({ timestamp }) => ({ timestamp, units: Exact.ONE, prorated: Exact.ONE })),
      preciseTotalAmountMinor: amountsCarried(window),
    };
  },
  mergeable: {
    empty: () => 0,
    add: (count) => count + 1,
    merge: (a, b) => a + b,
    result: (count) => ({ units: Exact.of(count), eventsCount: count }),
  },
};
