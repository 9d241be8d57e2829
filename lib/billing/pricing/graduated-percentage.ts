import type { ChargeModel } from './model.ts';
import { priced } from './properties.ts';
import { fillTiers, tierDetails, tierRows, tiersOf } from './tiers.ts';

/** As graduated, with a percentage of the units in each tier (semantics 6.3). */
export const graduatedPercentage: ChargeModel = {
  label: 'Percentage in steps',
  about: 'Each part of the use costs the percentage of the step it falls into.',
  fields: [
    {
      kind: 'steps',
      name: 'graduated_percentage_ranges',
      label: 'Steps',
      about: 'A share of the units of a step; its flat fee is due as soon as it is reached.',
      rate: { name: 'rate', kind: 'percent', code: 'invalid_rate' },
      adjacentAllowed: false,
    },
  ],
  pricedBy: 'units',
  mayPayInAdvance: true,
  mayProrate: 'never',
  price(input) {
    const tiers = tiersOf(input.properties, 'graduated_percentage_ranges', 'rate');
    const filled = fillTiers(input.units, tiers).map((part) => ({
      part,
      amount: part.units.mul(part.tier.rate).pow10(-2),
    }));
    return priced(
      input,
      { graduated_percentage_ranges: filled.map(({ part, amount }) => tierDetails(part, 'rate', amount)) },
      filled.flatMap(({ part, amount }) => tierRows(part, amount)),
    );
  },
};
