import { Exact } from '../../money/exact.ts';
import type { PriceResult } from '../../pricing/model.ts';
import type { PricingUnitFacts } from '../facts.ts';
import { PRECISE_SCALE, pricedIn } from './new-fee.ts';

/**
 * A price in a unit of its own: rounded to the unit's decimals first, then converted and rounded to the currency. The
 * unrounded amount of the line follows from the once-rounded one (semantics 1.3).
 */
export function convertedPrice(currency: string, unit: PricingUnitFacts, price: PriceResult) {
  const rounded = price.amountMajor.round(unit.exponent);
  const amountMajor = rounded.mul(Exact.of(unit.conversionRate));
  return {
    ...pricedIn(currency, {
      amountMajor,
      unitAmountMajor: price.unitAmountMajor.mul(Exact.of(unit.conversionRate)),
    }),
    pricingUnit: {
      id: unit.id,
      code: unit.code,
      shortName: unit.shortName,
      conversionRate: unit.conversionRate,
      amountMinor: rounded.pow10(unit.exponent).toString(),
      preciseAmountMinor: price.amountMajor.pow10(unit.exponent).round(PRECISE_SCALE).toString(),
      unitAmountMinor: price.unitAmountMajor.pow10(unit.exponent).trunc().toString(),
      preciseUnitAmount: price.unitAmountMajor.round(PRECISE_SCALE).toString(),
    },
    rows: [
      ...price.working,
      ...(rounded.eq(price.amountMajor)
        ? []
        : [{ kind: 'unit_rounding', amount: rounded.sub(price.amountMajor).toString() }]),
      {
        kind: 'conversion',
        units: rounded.toString(),
        rate: unit.conversionRate,
        amount: amountMajor.sub(rounded).toString(),
      },
    ],
  };
}
