import { exponentOf } from '../../money/currency.ts';
import { Exact } from '../../money/exact.ts';
import type { FeeAdjustmentFacts, InvoiceFacts } from '../facts.ts';
import type { FeeResult } from '../result.ts';
import { newWorking, pricedIn } from './new-fee.ts';

/** What a person changed on lines of a draft, by the key of the line (semantics 6.15). */
export type Adjustments = ReadonlyMap<string, FeeAdjustmentFacts>;

export function adjustmentsOf({ adjustments }: Pick<InvoiceFacts, 'adjustments'>): Adjustments {
  return new Map((adjustments ?? []).map((entry) => [entry.lineKey, entry]));
}

/** Units that the line's own model prices; null when the line is priced otherwise or not changed in units. */
export function unitsToPrice(adjustment: FeeAdjustmentFacts | undefined): Exact | null {
  if (!adjustment?.units || adjustment.unitPreciseAmount !== null) return null;
  return Exact.of(adjustment.units);
}

const named = (fee: FeeResult, { displayName }: FeeAdjustmentFacts): FeeResult =>
  displayName === null ? fee : { ...fee, displayName };

/**
 * A line as a person changed it: units × unit price, rounded once, or only its name. A line without a model of its own
 * (the plan, a minimum) takes new units at the price it had. `priced` lines were worked out with the new units already.
 */
export function adjusted(
  fee: FeeResult,
  adjustment: FeeAdjustmentFacts | undefined,
  currency: string,
  { priced = false }: { priced?: boolean } = {},
): FeeResult {
  if (!adjustment) return fee;
  const { units, unitPreciseAmount } = adjustment;
  if (units === null || (priced && unitPreciseAmount === null)) return named(fee, adjustment);
  const count = Exact.of(units);
  const unit = unitPreciseAmount === null ? fee.preciseUnitAmount : Exact.of(unitPreciseAmount);
  const amount = count.mul(unit);
  const usage = fee.kind === 'charge';
  return named(
    {
      ...fee,
      units: count,
      totalAggregatedUnits: fee.totalAggregatedUnits && count,
      ...pricedIn(currency, { amountMajor: amount, unitAmountMajor: unit }),
      amountDetails: {},
      pricingUnit: null,
      working: newWorking(currency, {
        ...fee.working,
        // Said and worked out again as what it is now: so many units at one price.
        kind: usage ? 'charge' : 'add_on',
        model: usage ? 'standard' : null,
        properties: usage ? { amount: unit.toString() } : null,
        prorated: false,
        units: count.toString(),
        rows: [{ kind: 'units', units: count.toString(), rate: unit.toString(), amount: amount.toString() }],
        inputs: { currencyExponent: exponentOf(currency), eventsCount: fee.eventsCount ?? 0 },
      }),
    },
    adjustment,
  );
}
