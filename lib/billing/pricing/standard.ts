import type { ChargeModel } from './model.ts';
import { priced, required } from './properties.ts';

/** Units × amount (semantics 6.1). */
export const standard: ChargeModel = {
  label: 'One price',
  about: 'Every unit costs the same.',
  fields: [{ kind: 'unit_price', name: 'amount', label: 'Price', about: 'Price of one unit.' }],
  pricedBy: 'units',
  mayPayInAdvance: true,
  mayProrate: 'always',
  price(input) {
    const rate = required(input.properties, 'amount');
    return priced(input, {}, [
      { kind: 'units', units: input.units.toString(), rate: rate.toString(), amount: input.units.mul(rate) },
    ]);
  },
};
