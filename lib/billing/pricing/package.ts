import { Exact } from '../money/exact.ts';
import type { ChargeModel, PropertyErrors } from './model.ts';
import { checkDecimal, checkInteger, dec, optional, priced, required } from './properties.ts';

/** Every started package beyond the free units is billed whole (semantics 6.4). */
export const packageModel: ChargeModel = {
  model: 'package',
  validate(properties) {
    const errors: PropertyErrors = {};
    checkDecimal(errors, properties, 'amount', 'invalid_amount');
    checkInteger(errors, properties, 'package_size', 'invalid_package_size', { atLeast: 1 });
    checkInteger(errors, properties, 'free_units', 'invalid_free_units', { check: 'optional' });
    return errors;
  },
  price(input) {
    const { units, properties } = input;
    const amount = required(properties, 'amount');
    const size = required(properties, 'package_size');
    const free = units.min(optional(properties, 'free_units') ?? Exact.ZERO);
    const paid = units.sub(free);
    const packages = paid.div(size).ceil();
    return priced(
      input,
      {
        free_units: dec(free),
        paid_units: dec(paid),
        per_package_size: Number(size.toBigInt()),
        per_package_unit_amount: dec(amount),
      },
      [
        ...(free.isZero() ? [] : [{ kind: 'free', units: free.toString(), amount: Exact.ZERO }]),
        {
          kind: 'package',
          units: packages.toString(),
          rate: amount.toString(),
          amount: packages.mul(amount),
        },
      ],
    );
  },
};
