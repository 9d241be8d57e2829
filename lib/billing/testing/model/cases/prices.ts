import fc from 'fast-check';
import type { ChargeModelName } from '../../../invoice/facts.ts';

/** Random properties of every charge model. */

export const tenths = (max: number) =>
  fc.integer({ min: 0, max: max * 10 }).map((n) => `${Math.floor(n / 10)}.${n % 10}`);
const price = fc
  .integer({ min: 0, max: 4000 })
  .map((n) => `${Math.floor(n / 1000)}.${String(n % 1000).padStart(3, '0')}`);
export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const ranges = (rate: string) =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 2 }),
      fc.array(fc.tuple(price, price), { minLength: 3, maxLength: 3 }),
    )
    .map(([ends, terms]) => {
      const to = [...ends.sort((a, b) => a - b), null];
      return to.map((end, i) => ({
        from_value: i === 0 ? 0 : (to[i - 1] as number) + 1,
        to_value: end,
        [rate]: terms[i]![0],
        flat_amount: terms[i]![1],
      }));
    });

export const properties: Record<ChargeModelName, fc.Arbitrary<Record<string, unknown>>> = {
  standard: fc.record({ amount: price }),
  graduated: ranges('per_unit_amount').map((graduated_ranges) => ({ graduated_ranges })),
  graduated_percentage: ranges('rate').map((graduated_percentage_ranges) => ({
    graduated_percentage_ranges,
  })),
  volume: ranges('per_unit_amount').map((volume_ranges) => ({ volume_ranges })),
  package: fc.record({
    amount: price,
    package_size: fc.integer({ min: 1, max: 7 }),
    free_units: fc.integer({ min: 0, max: 9 }),
  }),
  percentage: fc.record(
    {
      rate: price,
      fixed_amount: price,
      free_units_per_events: fc.integer({ min: 0, max: 4 }),
      free_units_per_total_aggregation: tenths(9),
      per_transaction_min_amount: fc.constantFrom('0.05', '0.5'),
      per_transaction_max_amount: fc.constantFrom('0.5', '2', '3.25'),
    },
    { requiredKeys: ['rate'] },
  ),
  dynamic: fc.constant({}),
};
