import { Exact } from '../money/exact.ts';
import { DAY, SECOND } from '../periods/zone.ts';
import type { Aggregation } from './metric.ts';
import { fieldValue } from './numeric.ts';

/**
 * Time-weighted average of a running level: Σ level × time at that level ÷ the full nominal period, whatever part of
 * it the window covers and whatever the clock does (semantics 5.5). Rounded up at 20 decimals.
 */
export const weightedSumAgg: Aggregation = {
  label: 'Weighted by time',
  about: 'Averages a level that events raise and lower, by the time it was held.',
  needsField: true,
  mayRecur: true,
  mayPayInAdvance: false,

  measure(metric, { history, window, carriedOver, windowFrom, windowTo, periodDays }) {
    let level = Exact.ZERO;
    if (metric.recurring) {
      level = carriedOver?.units ?? level;
      for (const event of history) level = level.add(fieldValue(event, metric) ?? 0);
    }
    let weighted = Exact.ZERO;
    let since = windowFrom;
    let eventsCount = 0;
    const hold = (until: number): void => {
      if (until > since) weighted = weighted.add(level.mul(BigInt(until - since)));
      since = Math.max(since, until);
    };
    for (const event of window) {
      const variation = fieldValue(event, metric);
      if (!variation) continue;
      hold(event.timestamp);
      level = level.add(variation);
      eventsCount++;
    }
    hold(Math.ceil(windowTo / SECOND) * SECOND);
    const units = weighted.div(BigInt(periodDays) * BigInt(DAY)).ceil(20);
    return { units, closingLevel: level, eventsCount };
  },
};
