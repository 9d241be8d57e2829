import type { EventQuantity } from '../metering/metric.ts';
import { Exact } from '../money/exact.ts';
import type { PriceInput, PriceResult } from './model.ts';
import { priced } from './properties.ts';
import { type Tier, tierDetails, tierRows } from './tiers.ts';

/** Units of [low, high] that lie in the tier; everything below the first tier counts as in it. */
function overlap(tier: Tier, first: boolean, low: Exact, high: Exact): Exact {
  const start = first ? low : tier.above.max(low);
  const end = tier.to?.min(high) ?? high;
  return end.sub(start).max(0);
}

/**
 * Prorated graduated prices (semantics 6.12): the full running total walks the tiers, and the slice of an event that
 * falls into a tier is priced at its share of the event's prorated size, downwards too. Flat fees are due for every
 * tier up to the highest point of the running total.
 */
export function pricedProratedGraduated(
  input: PriceInput,
  events: readonly EventQuantity[],
  tiers: readonly Tier[],
): PriceResult {
  const units = tiers.map(() => Exact.ZERO);
  const amounts = tiers.map(() => Exact.ZERO);
  let total = Exact.ZERO;
  let highest = Exact.ZERO;
  for (const { units: size, prorated } of events) {
    const after = total.add(size);
    const skipped = prorated.isZero() && (size.isPositive() || after.isNegative());
    if (size.isZero() || skipped) continue;
    for (const [i, tier] of tiers.entries()) {
      const slice = overlap(tier, i === 0, total.min(after), total.max(after));
      if (slice.isZero()) continue;
      units[i] = size.isNegative() ? units[i]!.sub(slice) : units[i]!.add(slice);
      const share = slice.eq(size.abs()) ? prorated : prorated.mul(slice).div(size.abs());
      amounts[i] = amounts[i]!.add(tier.rate.mul(share));
    }
    total = after;
    highest = highest.max(after);
  }
  if (total.isNegative()) return priced(input, { graduated_ranges: [] }, []);

  const reached = tiers
    .map((tier, i) => ({ part: { tier, units: units[i]! }, amount: amounts[i]! }))
    .filter(({ part }, i) => i === 0 || highest.gt(part.tier.above));
  const sum = Exact.sum(reached.map(({ amount }) => amount));
  const rows = reached.flatMap(({ part, amount }) => tierRows(part, amount));
  return priced(
    input,
    { graduated_ranges: reached.map(({ part, amount }) => tierDetails(part, 'per_unit_amount', amount)) },
    sum.isNegative() ? [...rows, { kind: 'clamp', amount: sum.neg() }] : rows,
  );
}
