import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { type ChargeModelName, price } from './registry.ts';

const money = (max: number) => fc.integer({ min: 0, max }).map((cents) => (cents / 100).toFixed(2));

/** Contiguous ranges from 0, the last one open. */
const ranges = fc
  .array(fc.record({ width: fc.integer({ min: 1, max: 50 }), rate: money(500), flat: money(2_000) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((tiers) => {
    let from = 0;
    return tiers.map(({ width, rate, flat }, i) => {
      const to = i === tiers.length - 1 ? null : from + width;
      const tier = {
        from_value: from,
        to_value: to,
        per_unit_amount: rate,
        rate,
        flat_amount: flat,
      };
      from = (to ?? from) + 1;
      return tier;
    });
  });
const quantity = fc.integer({ min: 0, max: 30_000 }).map((hundredths) => Exact.of(hundredths).div(100));

const cost = (model: ChargeModelName, properties: Record<string, unknown>, units: Exact): Exact =>
  price(model, { units, eventsCount: 1, properties, currencyExponent: 2 }).amountMajor;

describe('more units never cost less', () => {
  const models: [ChargeModelName, fc.Arbitrary<Record<string, unknown>>][] = [
    ['standard', money(900).map((amount) => ({ amount }))],
    ['graduated', ranges.map((graduated_ranges) => ({ graduated_ranges }))],
    ['graduated_percentage', ranges.map((tiers) => ({ graduated_percentage_ranges: tiers }))],
    [
      'package',
      fc.record({
        amount: money(900),
        package_size: fc.integer({ min: 1, max: 40 }),
        free_units: fc.integer({ min: 0, max: 60 }),
      }),
    ],
  ];
  it.each(models)('%s', (model, properties) => {
    fc.assert(
      fc.property(properties, quantity, quantity, (terms, a, b) => {
        const [less, more] = [cost(model, terms, a.min(b)), cost(model, terms, a.max(b))];
        expect(more.gte(less)).toBe(true);
      }),
    );
  });

  it('volume inside one range; from one range to the next it may fall', () => {
    fc.assert(
      fc.property(ranges, quantity, quantity, (volume_ranges, a, b) => {
        const [low, high] = [a.min(b), a.max(b)];
        const tierOf = (units: Exact) =>
          volume_ranges.findIndex(({ to_value: to }) => to === null || units.lte(to));
        fc.pre(tierOf(low) === tierOf(high));
        const terms = { volume_ranges };
        expect(cost('volume', terms, high).gte(cost('volume', terms, low))).toBe(true);
      }),
    );
  });
});

describe('tiers of one price are no tiers', () => {
  it('graduated without flat fees and with one rate is standard', () => {
    fc.assert(
      fc.property(ranges, money(900), quantity, (tiers, amount, units) => {
        const graduated_ranges = tiers.map((tier) => ({
          ...tier,
          per_unit_amount: amount,
          flat_amount: '0',
        }));
        const one = cost('standard', { amount }, units);
        expect(cost('graduated', { graduated_ranges }, units).eq(one)).toBe(true);
        expect(cost('volume', { volume_ranges: graduated_ranges }, units).eq(one)).toBe(true);
      }),
    );
  });

  it('cutting a tier in two at the same price changes nothing', () => {
    fc.assert(
      fc.property(ranges, quantity, fc.integer({ min: 1, max: 30 }), (tiers, units, cut) => {
        const last = tiers.at(-1)!;
        const at = last.from_value + cut;
        const halves = [
          ...tiers.slice(0, -1),
          { ...last, to_value: at },
          { ...last, from_value: at + 1, flat_amount: '0' },
        ];
        const whole = cost('graduated', { graduated_ranges: tiers }, units);
        expect(cost('graduated', { graduated_ranges: halves }, units).eq(whole)).toBe(true);
      }),
    );
  });
});
