import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdvanceState, NOTHING_BILLED } from '../metering/advance.ts';
import { Exact } from '../money/exact.ts';
import type { UsageEvent } from '../usage-facts.ts';
import type { ChargeFacts } from './facts.ts';
import { advanceBucket, feeForEvent, feeForNextEvent } from './in-advance.ts';
import { bill, charge, event, metric, plan } from './testing/facts-builder.ts';

const ranges = [
  { from_value: 0, to_value: 10, per_unit_amount: '1', rate: '3', flat_amount: '2' },
  { from_value: 11, to_value: null, per_unit_amount: '0.5', rate: '2', flat_amount: '3' },
];
const percentage = fc
  .record(
    {
      fixed_amount: fc.constantFrom('0.5', '2'),
      free_units_per_events: fc.integer({ min: 1, max: 4 }),
      free_units_per_total_aggregation: fc.constantFrom('5', '12.5', '40'),
      per_transaction_min_amount: fc.constantFrom('0.4', '1.75'),
      per_transaction_max_amount: fc.constantFrom('2', '12'),
    },
    { requiredKeys: [] },
  )
  .map((terms): Partial<ChargeFacts> => ({ model: 'percentage', properties: { rate: '2.99', ...terms } }));
const priced: fc.Arbitrary<Partial<ChargeFacts>> = fc.oneof(
  fc.constant({ model: 'standard' as const, properties: { amount: '0.37' } }),
  fc.constant({ model: 'graduated' as const, properties: { graduated_ranges: ranges } }),
  fc.constant({
    model: 'graduated_percentage' as const,
    properties: { graduated_percentage_ranges: ranges },
  }),
  fc.constant({ model: 'package' as const, properties: { amount: '4', package_size: 3, free_units: 2 } }),
  percentage,
);
const aggregation = fc.constantFrom('sum_agg' as const, 'count_agg' as const, 'unique_count_agg' as const);
const happening = fc.record({
  v: fc.oneof(fc.integer({ min: -8, max: 20 }), fc.constantFrom('2.5', 'none')),
  region: fc.constantFrom('eu', 'us'),
  removes: fc.boolean(),
});

/** Present values by bucket, as the stored meters keep them. */
function inSteps(facts: ChargeFacts, events: UsageEvent[]) {
  const states = new Map<string, AdvanceState>();
  const present = new Map<string, boolean>();
  return events.map((one) => {
    const { key } = advanceBucket(facts, one);
    const value = `${key}:${String(one.properties.v)}`;
    const next = feeForNextEvent({
      bill: bill({ plan: plan({ charges: [facts] }) }),
      charge: facts,
      event: one,
      state: states.get(key) ?? NOTHING_BILLED,
      present: present.get(value) ?? false,
      timezone: 'UTC',
    });
    if (next) states.set(key, next.after);
    present.set(value, one.properties.operation_type !== 'remove');
    return next?.fee ?? null;
  });
}

describe('events billed one after the other (6.11)', () => {
  it('cost what pricing the whole period each time makes of them', () => {
    fc.assert(
      fc.property(
        priced,
        aggregation,
        fc.boolean(),
        fc.array(happening, { minLength: 1, maxLength: 14 }),
        (own, aggregationType, grouped, happenings) => {
          const facts = charge({
            payInAdvance: true,
            metric: metric({ aggregationType }),
            ...own,
            properties: { ...own.properties, ...(grouped ? { pricing_group_keys: ['region'] } : {}) },
          });
          const events = happenings.map(({ v, region, removes }, i) =>
            event(`e${i}`, `2023-08-${String(i + 1).padStart(2, '0')}`, {
              v,
              region,
              ...(removes ? { operation_type: 'remove' } : {}),
            }),
          );
          const steps = inSteps(facts, events);
          for (const [i, { transactionId }] of events.entries()) {
            const usage = { kind: 'events' as const, events: events.slice(0, i + 1), history: [] };
            const whole = feeForEvent({
              bill: bill({ plan: plan({ charges: [facts] }), usage: { [facts.id]: usage } }),
              charge: facts,
              transactionId,
              timezone: 'UTC',
            });
            const step = steps[i] ?? null;
            expect(step === null).toBe(whole === null);
            if (!step || !whole) continue;
            expect(step.amountMinor).toBe(whole.amountMinor);
            expect(step.preciseAmountMinor.toString()).toBe(whole.preciseAmountMinor.toString());
            expect(step.units.toString()).toBe(whole.units.toString());
            expect(step.groupedBy).toEqual(whole.groupedBy);
          }
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  it('keep no more of a period than the allowances look at', () => {
    const properties = { rate: '1', free_units_per_events: 3, free_units_per_total_aggregation: '50' };
    const facts = charge({ payInAdvance: true, model: 'percentage', properties });
    let state = NOTHING_BILLED;
    for (let n = 0; n < 200; n++) {
      const one = event(`e${n}`, '2023-08-05', { v: 7 });
      const request = { charge: facts, event: one, state, present: false, timezone: 'UTC' };
      state = feeForNextEvent({ bill: bill({ plan: plan({ charges: [facts] }) }), ...request })!.after;
    }
    expect(state.walked.length).toBeLessThanOrEqual(4);
    expect(state.mark.eq(Exact.of(1400))).toBe(true);
  });

  it('a late fall never lowers the mark that was billed', () => {
    const facts = charge({ payInAdvance: true });
    const amounts = inSteps(facts, [
      event('a', '2023-08-10', { v: 10 }),
      event('late', '2023-08-02', { v: -6 }),
      event('b', '2023-08-11', { v: 4 }),
    ]).map((fee) => fee?.amountMinor);
    expect(amounts).toEqual([1000n, 0n, 0n]);
  });
});
