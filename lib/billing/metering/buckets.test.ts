import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_FILTER_VALUES, bucketEvents, type ChargeFilterRule, filterMatcher } from './buckets.ts';
import type { UsageEvent } from './metric.ts';

const filter = (id: string, values: Record<string, string[]>): ChargeFilterRule => ({ id, values });
const event = (properties: Record<string, unknown>, n = 0): UsageEvent => ({
  transactionId: `t${n}`,
  sequence: BigInt(n),
  timestamp: n,
  properties,
});

describe('an event goes to its most specific filter (6.7)', () => {
  const eu = filter('eu', { region: ['eu'] });
  const aws = filter('eu-aws', { region: ['eu'], cloud: ['aws'] });
  const wide = filter('wide', { region: ['eu', 'us'] });
  const any = filter('any', { region: [ALL_FILTER_VALUES] });

  it.each([
    ['no match', [eu], { region: 'asia' }, null],
    ['missing key', [eu], {}, null],
    ['one match', [eu], { region: 'eu' }, 'eu'],
    ['most keys win', [eu, aws], { region: 'eu', cloud: 'aws' }, 'eu-aws'],
    ['else the broader', [eu, aws], { region: 'eu', cloud: 'gcp' }, 'eu'],
    ['a subset wins over its superset', [wide, eu], { region: 'eu' }, 'eu'],
    ['the superset keeps the rest', [wide, eu], { region: 'us' }, 'wide'],
    ['of duplicates the oldest', [eu, filter('twin', { region: ['eu'] })], { region: 'eu' }, 'eu'],
    ['every value', [any], { region: 'mars' }, 'any'],
    ['a list is narrower than every value', [any, wide], { region: 'us' }, 'wide'],
    ['numbers compare as text', [filter('n', { size: ['5'] })], { size: 5 }, 'n'],
  ])('%s', (_, chargeFilters, properties, id) =>
    expect(filterMatcher({ chargeFilters })(properties)).toBe(id),
  );

  it('with the metric\u2019s own filters every value means every listed value', () => {
    const match = filterMatcher({ chargeFilters: [any], metricFilters: { region: ['eu', 'us'] } });
    expect([match({ region: 'eu' }), match({ region: 'mars' })]).toEqual(['any', null]);
  });
});

describe('groups (6.8)', () => {
  it('one bucket per filter and group, the default last', () => {
    const buckets = bucketEvents({
      chargeFilters: [filter('eu', { region: ['eu'] })],
      groupKeys: ['agent'],
      events: [
        event({ agent: 'b' }),
        event({ agent: 'a' }),
        event({ region: 'eu', agent: '' }),
        event({ agent: 'b' }),
      ],
    });
    expect(buckets.map(({ filterId, groupedBy, events }) => [filterId, groupedBy, events.length])).toEqual([
      ['eu', { agent: null }, 1],
      [null, { agent: 'a' }, 1],
      [null, { agent: 'b' }, 2],
    ]);
  });
  it('without events there is one empty group', () => {
    expect(bucketEvents({ chargeFilters: [], groupKeys: ['agent'], events: [] })).toEqual([
      { filterId: null, groupedBy: { agent: null }, events: [] },
    ]);
    expect(bucketEvents({ chargeFilters: [], groupKeys: [], events: [] })[0]?.groupedBy).toEqual({});
  });
  it('a filter may have group keys of its own', () => {
    const chargeFilters = [{ ...filter('eu', { region: ['eu'] }), groupKeys: ['city'] }];
    const buckets = bucketEvents({
      chargeFilters,
      groupKeys: [],
      events: [event({ region: 'eu', city: 'Bonn' })],
    });
    expect(buckets[0]?.groupedBy).toEqual({ city: 'Bonn' });
  });
});

it('no event is lost or counted twice, whatever overlaps', () => {
  const values = fc.subarray(['a', 'b', 'c', ALL_FILTER_VALUES], { minLength: 1 });
  const rule = fc.dictionary(fc.constantFrom('x', 'y', 'z'), values, { minKeys: 1, noNullPrototype: true });
  const properties = fc.dictionary(fc.constantFrom('x', 'y', 'z', 'g'), fc.constantFrom('a', 'b', 'd'), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 5 }), fc.array(properties, { maxLength: 20 }), (rules, rows) => {
      const chargeFilters = rules.map((r, i) => filter(`f${i}`, r));
      const buckets = bucketEvents({
        chargeFilters,
        groupKeys: ['g'],
        events: rows.map((row, n) => event(row, n)),
      });
      const seen = buckets.flatMap(({ events }) => events.map(({ transactionId }) => transactionId));
      expect(seen.sort()).toEqual(rows.map((_, n) => `t${n}`).sort());
      expect(new Set(buckets.map(({ filterId }) => filterId)).size).toBe(rules.length + 1);
    }),
  );
});
