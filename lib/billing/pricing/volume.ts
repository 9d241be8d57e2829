import type { ChargeModel } from './model.ts';
import { dec, priced } from './properties.ts';
import { tierRows, tiersOf } from './tiers.ts';

/**
 * All units at the price of the one tier their total falls into (semantics 6.6). Prorated: the full units choose the
 * tier, the prorated ones are priced.
 */
export const volume: ChargeModel = {
  label: 'Volume',
  about: 'All units cost the price of the step their total reaches.',
  fields: [
    {
      kind: 'steps',
      name: 'volume_ranges',
      label: 'Steps',
      about: 'The step that the total falls into prices all units, and adds its flat fee.',
      rate: { name: 'per_unit_amount', kind: 'unit_price', code: 'invalid_amount' },
      adjacentAllowed: true,
    },
  ],
  pricedBy: 'units',
  mayPayInAdvance: false,
  mayProrate: 'in_arrears',
  price(input) {
    const tiers = tiersOf(input.properties, 'volume_ranges', 'per_unit_amount');
    const chooser = input.fullUnits ?? input.units;
    const whole = chooser.ceil();
    const tier =
      tiers.find(({ from, to }, i) => (i === 0 || from.lte(whole)) && (to === null || chooser.lte(to))) ??
      tiers[tiers.length - 1]!;
    const amount = input.units.mul(tier.rate);
    return priced(
      input,
      {
        flat_unit_amount: dec(tier.flat),
        per_unit_amount: dec(tier.rate),
        per_unit_total_amount: dec(amount),
      },
      tierRows({ tier, units: input.units }, amount),
    );
  },
};
