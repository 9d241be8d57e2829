import type { ChargeModel } from './model.ts';
import { priced } from './properties.ts';
import { fillTiers, tierDetails, tierRows, tiersOf, validateTiers } from './tiers.ts';

/** As graduated, with a percentage of the units in each tier (semantics 6.3). */
export const graduatedPercentage: ChargeModel = {
  model: 'graduated_percentage',
  validate: (properties) =>
    validateTiers(properties, 'graduated_percentage_ranges', {
      rateField: 'rate',
      rateCode: 'invalid_rate',
      adjacentAllowed: false,
    }),
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
