import type { ChargeModel, PropertyErrors } from './model.ts';
import { checkDecimal, priced, required } from './properties.ts';

/** Units × amount (semantics 6.1). */
export const standard: ChargeModel = {
  model: 'standard',
  validate(properties) {
    const errors: PropertyErrors = {};
    checkDecimal(errors, properties, 'amount', 'invalid_amount');
    return errors;
  },
  price(input) {
    const rate = required(input.properties, 'amount');
    return priced(input, {}, [
      { kind: 'units', units: input.units.toString(), rate: rate.toString(), amount: input.units.mul(rate) },
    ]);
  },
};
