import { Exact } from '../money/exact.ts';
import type { ChargeModel } from './model.ts';
import { priced } from './properties.ts';

/** Σ of the amounts that the events carry; nothing when there are no units (semantics 6.6). */
export const dynamic: ChargeModel = {
  label: 'Price in the event',
  about: 'Each event brings its own price (`precise_total_amount_cents`); they are added up.',
  fields: [],
  pricedBy: 'carried_amounts',
  refuses: (aggregation) => aggregation !== 'sum_agg',
  mayPayInAdvance: true,
  mayProrate: 'never',
  price(input) {
    const carried = (input.preciseTotalAmountMinor ?? Exact.ZERO).pow10(-input.currencyExponent);
    const amount = input.units.isZero() ? Exact.ZERO : carried;
    return priced(input, {}, [{ kind: 'events', units: input.units.toString(), amount }]);
  },
};
