import { exponentOf } from '../../money/currency.ts';
import { isChargeModel, price } from '../../pricing/registry.ts';
import type { FeeAdjustmentFacts, PricingUnitFacts } from '../facts.ts';
import type { FeeResult } from '../result.ts';
import { adjusted, unitsToPrice } from './adjust.ts';
import { pricedIn } from './new-fee.ts';
import { convertedPrice } from './pricing-unit.ts';

/** Whether new units alone say what the line costs: not for percentages and walks through days (semantics 6.15). */
export function pricesByUnits({ working }: Pick<FeeResult, 'working'>): boolean {
  return working.model !== 'percentage' && !(working.model === 'graduated' && working.inputs?.perEvent);
}

/** The unit of its own that the line was priced in, at the rate of that time. */
function unitOf({ pricingUnit, working }: FeeResult): PricingUnitFacts | null {
  const terms = working.inputs?.pricingUnit;
  return pricingUnit && terms ? { ...pricingUnit, ...terms } : null;
}

/**
 * A line of an earlier invoice with a change: new units are priced by the model and properties the line was priced by.
 * Throws RangeError on a line that `pricesByUnits` refuses.
 */
export function repriced(
  fee: FeeResult,
  change: FeeAdjustmentFacts | undefined,
  currency: string,
): FeeResult {
  const units = unitsToPrice(change);
  const { model, properties } = fee.working;
  if (!units || model === null || !properties || !isChargeModel(model))
    return adjusted(fee, change, currency);
  if (!pricesByUnits(fee)) throw new RangeError(`A ${model} line cannot be priced from units alone`);
  const currencyExponent = exponentOf(currency);
  const eventsCount = fee.eventsCount ?? 0;
  const priced = price(model, { units, fullUnits: units, eventsCount, properties, currencyExponent });
  const unit = unitOf(fee);
  const { rows, ...amounts } = unit
    ? convertedPrice(currency, unit, priced)
    : { ...pricedIn(currency, priced), rows: priced.working };
  const again: FeeResult = {
    ...fee,
    units,
    totalAggregatedUnits: fee.totalAggregatedUnits && units,
    ...amounts,
    amountDetails: priced.details,
    working: {
      ...fee.working,
      rows,
      prorated: false,
      units: units.toString(),
      inputs: { currencyExponent, eventsCount, pricingUnit: fee.working.inputs?.pricingUnit },
    },
  };
  return adjusted(again, change, currency, { priced: true });
}
