import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exact } from '../money/exact.ts';
import { dayCount } from '../periods/days.ts';
import { DAY } from '../periods/zone.ts';
import { aggregate } from './aggregate.ts';
import type { UsageEvent } from './metric.ts';
import type { AggregationType } from './registry.ts';

const FROM = Date.parse('2024-03-01T00:00:00Z');
const window = { windowFrom: FROM, windowTo: FROM + 31 * DAY - 1, periodDays: 31, timezone: 'UTC' };
const metric = (aggregationType: AggregationType, recurring = false) => ({
  code: 'm',
  name: 'm',
  aggregationType,
  fieldName: 'v',
  recurring,
});
const happening = fc.record({
  offset: fc.integer({ min: 0, max: 31 * DAY - 1 }),
  value: fc.integer({ min: -50, max: 200 }),
});
const events = (list: { offset: number; value: number }[]): UsageEvent[] =>
  list.map(({ offset, value }, i) => ({
    transactionId: `t${i}`,
    sequence: BigInt(i + 1),
    timestamp: FROM + offset,
    properties: { v: String(value) },
  }));
const units = (facts: ReturnType<typeof metric>, list: UsageEvent[], given: object = {}): Exact =>
  aggregate(facts, { ...window, ...given, events: list }).units;

describe('what must not matter', () => {
  it('the order in which events are read', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 12 }),
        fc.constantFrom<AggregationType[]>(
          'count_agg',
          'sum_agg',
          'max_agg',
          'latest_agg',
          'unique_count_agg',
          'weighted_sum_agg',
        ),
        fc.infiniteStream(fc.nat()),
        (list, type, noise) => {
          const all = events(list);
          const shuffled = all
            .map((event) => ({ event, key: noise.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ event }) => event);
          expect(units(metric(type), shuffled).eq(units(metric(type), all))).toBe(true);
        },
      ),
    );
  });

  it('one event of a sum sent as several of the same moment', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 31 * DAY - 1 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom<AggregationType[]>('sum_agg', 'weighted_sum_agg'),
        (offset, parts, type) => {
          const whole = events([{ offset, value: parts.reduce((a, b) => a + b, 0) }]);
          const split = events(parts.map((value) => ({ offset, value })));
          expect(units(metric(type), split).eq(units(metric(type), whole))).toBe(true);
        },
      ),
    );
  });

  it('a period read in two halves: sums and counts add up, days too', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), fc.integer({ min: 1, max: 30 }), (list, day) => {
        const all = events(list.map(({ offset, value }) => ({ offset, value: Math.abs(value) })));
        const cut = FROM + day * DAY;
        const [first, second] = [{ windowTo: cut - 1 }, { windowFrom: cut }];
        for (const type of ['sum_agg', 'count_agg'] as const) {
          const halves = units(metric(type), all, first).add(units(metric(type), all, second));
          expect(halves.eq(units(metric(type), all))).toBe(true);
        }
        const days = (from: number, to: number) => dayCount(from, to, 'UTC');
        expect(days(FROM, cut - 1) + days(cut, window.windowTo)).toBe(31);
      }),
    );
  });

  it('where a recurring level was reached: before the window it counts as at its opening', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 6 }), (values) => {
        const before = events(values.map((value) => ({ offset: -DAY, value })));
        const opening = events(values.map((value) => ({ offset: 0, value })));
        for (const type of ['sum_agg', 'weighted_sum_agg'] as const) {
          expect(units(metric(type, true), before).eq(units(metric(type, true), opening))).toBe(true);
        }
      }),
    );
  });
});
