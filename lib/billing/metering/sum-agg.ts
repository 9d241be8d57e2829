import { Exact } from '../money/exact.ts';
import { datesInclusive, dayCount } from '../periods/days.ts';
import type { Aggregation, EventQuantity, MetricFacts, UsageEvent } from './metric.ts';
import { fieldValue } from './numeric.ts';

export interface SumPartial {
  sum: Exact;
  count: number;
}

interface Valued {
  event: UsageEvent;
  value: Exact;
}

/** Units for `days` of the full period; callers round up at 5 decimals (semantics 5.6). */
export const prorate = (units: Exact, days: number, periodDays: number): Exact =>
  units.mul(Exact.ratio(BigInt(days), BigInt(periodDays)));

/** Σ of the amounts that events bring along; undefined when none does. */
export function amountsCarried(events: readonly UsageEvent[]): Exact | undefined {
  let total: Exact | undefined;
  for (const { preciseTotalAmountMinor } of events) {
    if (preciseTotalAmountMinor) total = (total ?? Exact.ZERO).add(preciseTotalAmountMinor);
  }
  return total;
}

function valued(events: readonly UsageEvent[], metric: MetricFacts): Valued[] {
  const found: Valued[] = [];
  for (const event of events) {
    const value = fieldValue(event, metric);
    if (value) found.push({ event, value });
  }
  return found;
}

/** Σ of the field. A recurring sum includes everything before the window (semantics 5.7, 5.9). */
export const sumAgg: Aggregation<SumPartial> = {
  label: 'Sum',
  about: 'Adds up the field over the period.',
  needsField: true,
  mayRecur: true,
  mayPayInAdvance: true,

  measure(metric, input) {
    const { windowFrom, windowTo, periodDays, timezone, prorated, upgraded } = input;
    const older = metric.recurring ? valued(input.history, metric) : [];
    const inWindow = valued(input.window, metric);
    const carried = Exact.sum(older.map(({ value }) => value)).add(
      metric.recurring ? (input.carriedOver?.units ?? 0) : 0,
    );
    const carriedCount = older.length + (metric.recurring ? (input.carriedOver?.eventsCount ?? 0) : 0);
    const measured = {
      units: carried.add(Exact.sum(inWindow.map(({ value }) => value))),
      eventsCount: carriedCount + inWindow.length,
      preciseTotalAmountMinor: amountsCarried([...older, ...inWindow].map(({ event }) => event)),
    };

    if (!prorated) {
      const quantity = ({ event, value }: Valued): EventQuantity => ({
        timestamp: event.timestamp,
        units: value,
        prorated: value,
      });
      return { ...measured, perEvent: input.totalsOnly ? undefined : [...older, ...inWindow].map(quantity) };
    }

    const windowDays = dayCount(windowFrom, windowTo, timezone, { upgradeMinusOne: upgraded });
    const carriedShare = prorate(carried, windowDays, periodDays);
    const shares = inWindow.map(({ event, value }) =>
      prorate(value, datesInclusive(event.timestamp, windowTo, timezone), periodDays),
    );
    const perEvent: EventQuantity[] = inWindow.map(({ event, value }, i) => ({
      timestamp: event.timestamp,
      units: value,
      prorated: shares[i]!.ceil(5),
    }));
    if (carriedCount > 0) {
      perEvent.unshift({ timestamp: windowFrom, units: carried, prorated: carriedShare.ceil(5) });
    }
    return { ...measured, prorated: carriedShare.add(Exact.sum(shares)).ceil(5), perEvent };
  },

  mergeable: {
    empty: () => ({ sum: Exact.ZERO, count: 0 }),
    add(partial, event, metric) {
      const value = fieldValue(event, metric);
      return value ? { sum: partial.sum.add(value), count: partial.count + 1 } : partial;
    },
    merge: (a, b) => ({ sum: a.sum.add(b.sum), count: a.count + b.count }),
    result: ({ sum, count }) => ({ units: sum, eventsCount: count }),
  },
};
