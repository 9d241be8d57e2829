import type { ChargeFacts, MetricFacts } from '../../invoice/facts.ts';
import type { UsageEvent } from '../../usage-facts.ts';
import { dateAt, datesFrom, daysBetween, type Window } from './calendar.ts';
import {
  above,
  ceilingAt,
  type Fraction,
  fraction,
  NOTHING,
  parts,
  plus,
  read,
  times,
  total,
} from './fraction.ts';
import { roundedUnits, type Step } from './pricing.ts';
import { sumSteps, uniqueSteps } from './steps.ts';

/** Units by going through the events, day by day and hour by hour (semantics 5). */

export interface Measured {
  units: Fraction;
  /** Unprorated. */
  full: Fraction;
  events: number;
  values: Fraction[];
  /** Of prorated quantities: what each event changed. */
  steps?: Step[];
  carried: Fraction;
}

const inOrder = (events: readonly UsageEvent[]): UsageEvent[] =>
  [...events].sort((a, b) => a.timestamp - b.timestamp || (a.sequence < b.sequence ? -1 : 1));

const readingOf = (event: UsageEvent, { fieldName }: MetricFacts): Fraction | undefined =>
  read(event.properties[fieldName ?? '']);

function valued(events: readonly UsageEvent[], metric: MetricFacts): UsageEvent[] {
  return events.filter((event) => readingOf(event, metric) !== undefined);
}

/** Whether each value is there, told by playing its operations in turn. */
function present(events: readonly UsageEvent[], field: string): Set<string> {
  const there = new Set<string>();
  for (const { properties } of events) {
    const value = properties[field] as string | undefined;
    if (value === undefined) continue;
    if (properties.operation_type === 'remove') there.delete(value);
    else there.add(value);
  }
  return there;
}

/** For every day of the window: how many values were there at some time of it. */
function daysOfPresence(events: readonly UsageEvent[], field: string, window: Window): Fraction {
  const dates = datesFrom(window.from, window.to, window.zone);
  if (window.upgraded) dates.pop();
  const dated = events.map((event) => ({ event, on: dateAt(event.timestamp, window.zone) }));
  let count = 0;
  for (const date of dates) {
    const onDay = dated.filter(({ on }) => on === date);
    const before = dated.filter(({ on }) => on < date);
    const seen = present(
      before.map(({ event }) => event),
      field,
    );
    for (const {
      event: { properties },
    } of onDay) {
      if (properties.operation_type !== 'remove' && properties[field] !== undefined) {
        seen.add(properties[field] as string);
      }
    }
    count += seen.size;
  }
  return ceilingAt(fraction(count, window.days), 5);
}

function sumOverDays(old: Fraction, inside: UsageEvent[], metric: MetricFacts, window: Window): Fraction {
  const { from, to, zone, days, upgraded } = window;
  const windowDays = Math.max(0, daysBetween(from, to, zone) - (upgraded ? 1 : 0));
  const shares = inside.map((event) =>
    parts(
      times(readingOf(event, metric) ?? NOTHING, fraction(datesFrom(event.timestamp, to, zone).length)),
      days,
    ),
  );
  return ceilingAt(plus(parts(times(old, fraction(windowDays)), days), total(shares)), 5);
}

const HALF_HOUR = 1_800_000;

/** The level is looked at every half hour, the smallest step that clocks and cases make. */
function average(start: Fraction, inside: UsageEvent[], metric: MetricFacts, window: Window): Fraction {
  let level = start;
  let held = 0;
  let sum = NOTHING;
  const waiting = [...inside];
  const end = Math.ceil(window.to / 1000) * 1000;
  for (let time = window.from; time < end; time += HALF_HOUR) {
    while (waiting[0] && waiting[0].timestamp <= time) {
      sum = plus(sum, times(level, fraction(held)));
      held = 0;
      level = plus(level, readingOf(waiting.shift()!, metric) ?? NOTHING);
    }
    held++;
  }
  sum = plus(sum, times(level, fraction(held)));
  return ceilingAt(parts(sum, window.days * 48), 20);
}

const notNegative = (units: Fraction): Fraction => (above(NOTHING, units) ? NOTHING : units);

/** What a charge prices of one bucket of events, over a window. */
export function measured(
  metric: MetricFacts,
  all: readonly UsageEvent[],
  window: Window,
  prorated: boolean,
): Measured {
  const events = inOrder(all);
  const inside = events.filter(({ timestamp }) => timestamp >= window.from && timestamp <= window.to);
  const older = metric.recurring ? events.filter(({ timestamp }) => timestamp < window.from) : [];
  const seen = [...older, ...inside];
  const withValue = valued(seen, metric);
  const values = withValue.map((event) => readingOf(event, metric)!);
  const carriedBy = (some: UsageEvent[]): Fraction =>
    total(some.map(({ preciseTotalAmountMinor: amount }) => read(amount?.toDecimalString(5)) ?? NOTHING));
  const finish = (
    full: Fraction,
    count: number,
    each: Fraction[],
    part?: Fraction,
    steps?: Step[],
  ): Measured => {
    const rounded = notNegative(roundedUnits(full, metric.rounding));
    const some = metric.aggregationType === 'sum_agg' ? withValue : seen;
    return {
      units: part ? notNegative(part) : rounded,
      full: rounded,
      events: count,
      values: each,
      steps,
      carried: carriedBy(some),
    };
  };

  switch (metric.aggregationType) {
    case 'count_agg':
      return finish(
        fraction(inside.length),
        inside.length,
        inside.map(() => fraction(1)),
      );
    case 'sum_agg': {
      const old = total(valued(older, metric).map((event) => readingOf(event, metric)!));
      if (!prorated) return finish(total(values), values.length, values);
      const here = valued(inside, metric);
      const changes = here.map((event) => ({ at: event.timestamp, size: readingOf(event, metric)! }));
      const steps = sumSteps(here.length < values.length ? old : undefined, changes, window);
      return finish(total(values), values.length, values, sumOverDays(old, here, metric, window), steps);
    }
    case 'max_agg':
      return finish(
        values.reduce((a, b) => (above(b, a) ? b : a), values[0] ?? NOTHING),
        values.length,
        values,
      );
    case 'latest_agg':
      return finish(values.at(-1) ?? NOTHING, values.length, values);
    case 'unique_count_agg': {
      const field = metric.fieldName ?? '';
      const count = present(seen, field).size;
      const ones = Array.from({ length: count }, () => fraction(1));
      if (!prorated) return finish(fraction(count), count, ones);
      const share = daysOfPresence(seen, field, window);
      return finish(fraction(count), count, ones, share, uniqueSteps(seen, field, window));
    }
    case 'weighted_sum_agg': {
      const start = total(valued(older, metric).map((event) => readingOf(event, metric)!));
      const here = valued(inside, metric);
      return finish(average(start, here, metric, window), here.length, []);
    }
  }
}

export interface Bucket {
  filterId: string | null;
  group: Record<string, string | null>;
  events: UsageEvent[];
}

const propertyOf = (event: UsageEvent, key: string): string | null =>
  (event.properties[key] as string) || null;

/** Every event asked of every filter; the one with most keys, then fewest values, then the oldest takes it (semantics 6.7). */
export function bucketsOf(
  { filters, properties, metric }: ChargeFacts,
  events: readonly UsageEvent[],
): Bucket[] {
  const listed = (key: string, values: string[]): string[] =>
    values.includes('__ALL_FILTER_VALUES__') ? (metric.filters?.[key] ?? []) : values;
  const takers = (event: UsageEvent) =>
    filters.filter(({ values }) =>
      Object.entries(values).every(([key, accepted]) =>
        listed(key, accepted).includes(propertyOf(event, key) ?? ''),
      ),
    );
  const size = (values: Record<string, string[]>): number =>
    Object.entries(values).reduce((product, [key, accepted]) => product * listed(key, accepted).length, 1);
  const buckets: Bucket[] = [];
  for (const filterId of [...filters.map(({ id }) => id), null]) {
    const own = filters.find(({ id }) => id === filterId)?.properties.pricing_group_keys;
    const keys = (own ?? properties.pricing_group_keys ?? []) as string[];
    const mine = events.filter((event) => {
      const best = takers(event).sort(
        (a, b) =>
          Object.keys(b.values).length - Object.keys(a.values).length || size(a.values) - size(b.values),
      )[0];
      return (best?.id ?? null) === filterId;
    });
    const groups = new Map<string, Bucket>();
    for (const event of mine) {
      const group = Object.fromEntries(keys.map((key) => [key, propertyOf(event, key)]));
      const name = JSON.stringify(group);
      const bucket = groups.get(name) ?? { filterId, group, events: [] };
      bucket.events.push(event);
      groups.set(name, bucket);
    }
    const empty = { filterId, group: Object.fromEntries(keys.map((key) => [key, null])), events: [] };
    buckets.push(...(groups.size === 0 ? [empty] : groups.values()));
  }
  return buckets;
}
