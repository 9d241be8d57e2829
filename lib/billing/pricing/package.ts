import { Exact } from '../money/exact.ts';
import type { ChargeModel } from './model.ts';
import { dec, optional, priced, required } from './properties.ts';

/** Every started package beyond the free units is billed whole (semantics 6.4). */
export const packageModel: ChargeModel = {
  label: 'Packages',
  about: 'Units are sold in packages; every package begun is paid whole.',
  fields: [
    { kind: 'amount', name: 'amount', label: 'Price of a package', about: 'What one package costs.' },
    {
      kind: 'count',
      name: 'package_size',
      label: 'Units in a package',
      about: 'How many units one package holds.',
      atLeast: 1,
    },
    {
      kind: 'count',
      name: 'free_units',
      label: 'Units included',
      about: 'Units that cost nothing before the first package begins.',
      optional: true,
    },
  ],
  pricedBy: 'units',
  mayPayInAdvance: true,
  mayProrate: 'never',
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
