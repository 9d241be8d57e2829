import type { ChargeModel } from './model.ts';
import { priced } from './properties.ts';
import { pricedProratedGraduated } from './prorated-graduated.ts';
import { fillTiers, tierDetails, tierRows, tiersOf } from './tiers.ts';

/** Every unit at the price of the tier it falls into, plus the flat fee of each tier reached (semantics 6.2). */
export const graduated: ChargeModel = {
  label: 'Steps',
  about: 'Each part of the use costs the price of the step it falls into.',
  fields: [
    {
      kind: 'steps',
      name: 'graduated_ranges',
      label: 'Steps',
      about: 'Units of a step cost its price; its flat fee is due as soon as it is reached.',
      rate: { name: 'per_unit_amount', kind: 'unit_price', code: 'invalid_amount' },
      adjacentAllowed: true,
    },
  ],
  pricedBy: 'units',
  mayPayInAdvance: true,
  mayProrate: 'in_arrears',
  price(input) {
    const tiers = tiersOf(input.properties, 'graduated_ranges', 'per_unit_amount');
    if (input.prorated && input.perEvent) return pricedProratedGraduated(input, input.perEvent, tiers);
    const filled = fillTiers(input.units, tiers).map((part) => ({
      part,
      amount: part.units.mul(part.tier.rate),
    }));
    return priced(
      input,
      { graduated_ranges: filled.map(({ part, amount }) => tierDetails(part, 'per_unit_amount', amount)) },
      filled.flatMap(({ part, amount }) => tierRows(part, amount)),
    );
  },
};
