import { Exact } from '../money/exact.ts';
import { majorToMinorRounded } from '../money/money.ts';
import { datesInclusive } from '../periods/days.ts';
import { price } from '../pricing/registry.ts';
import type { ChargeFacts, SubscriptionBillFacts } from './facts.ts';
import { filterOf, priceExponent } from './fees/charge-fees.ts';
import type { FeeResult } from './result.ts';

/** What a line comes to by the end of its period. */
export interface ProjectedUsage {
  units: Exact;
  amountMinor: bigint;
}

/** Models whose price follows from units alone; the others go on in proportion. */
const BY_UNITS = new Set<ChargeFacts['model']>([
  'standard',
  'graduated',
  'graduated_percentage',
  'package',
  'volume',
]);

/** Amounts that keep adding up over a period; levels and recurring units stay where they are. */
const adds = ({ metric }: ChargeFacts): boolean =>
  !metric.recurring && ['sum_agg', 'count_agg', 'unique_count_agg'].includes(metric.aggregationType);

/**
 * Goes on at the pace so far: units by the days of the window over the local days begun until `at`, rounded at 2 decimals
 * and priced by the charge's own model.
 */
export function projection(
  bill: SubscriptionBillFacts,
  at: number,
  timezone: string,
): (line: FeeResult) => ProjectedUsage {
  const { chargesFrom, chargesTo } = bill.windows;
  if (chargesFrom === null || chargesTo === null) throw new RangeError('The bill has no charges window');
  const days = BigInt(datesInclusive(chargesFrom, chargesTo, timezone));
  const begun = BigInt(Math.max(1, datesInclusive(chargesFrom, Math.min(at, chargesTo), timezone)));
  return (line) => {
    const charge = bill.plan.charges.find(({ id }) => id === line.chargeId);
    const stays = { units: line.units, amountMinor: line.amountMinor };
    if (!charge || !adds(charge) || line.units.isZero()) return stays;
    const units = line.units.mul(days).div(begun).round(2);
    if (!BY_UNITS.has(charge.model)) {
      const inProportion = Exact.of(line.amountMinor).mul(days).div(begun);
      return { units, amountMinor: inProportion.roundToBigInt() };
    }
    const { amountMajor } = price(charge.model, {
      units,
      eventsCount: 0,
      properties: filterOf(charge, line.chargeFilterId)?.properties ?? charge.properties,
      currencyExponent: priceExponent(bill, charge),
    });
    const unit = charge.pricingUnit;
    const inCurrency = unit
      ? amountMajor.round(unit.exponent).mul(Exact.of(unit.conversionRate))
      : amountMajor;
    return { units, amountMinor: majorToMinorRounded(inCurrency, bill.plan.currency) };
  };
}
