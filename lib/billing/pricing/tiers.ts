import { Exact } from '../money/exact.ts';
import type { ChargeProperties, PropertyErrors, StepsField, WorkingRow } from './model.ts';
import { addError, checkDecimal, dec, decimalOf, required } from './properties.ts';

/** Ordered, contiguous ranges with an open end: the common part of graduated and volume prices. */

export interface Tier {
  /** As given, for the wire. */
  fromValue: unknown;
  toValue: unknown;
  from: Exact;
  /** Null: open. */
  to: Exact | null;
  /** The previous tier's end: units above it reach this tier. Zero for the first. */
  above: Exact;
  /** Per unit, or percent. */
  rate: Exact;
  flat: Exact;
}

type RangeProperties = Record<string, unknown>;

function rangesOf(properties: ChargeProperties, field: string): RangeProperties[] {
  const ranges = properties[field];
  return Array.isArray(ranges) ? ranges.filter((range) => typeof range === 'object' && range !== null) : [];
}

/** Reads the ranges. Throws RangeError when there is none or a number is malformed. */
export function tiersOf(properties: ChargeProperties, field: string, rateField: string): Tier[] {
  const ranges = rangesOf(properties, field);
  if (ranges.length === 0) throw new RangeError(`Charge property ${field} is missing`);
  let above = Exact.ZERO;
  return ranges.map((range) => {
    const tier: Tier = {
      fromValue: range.from_value,
      toValue: range.to_value ?? null,
      from: required(range, 'from_value'),
      to: decimalOf(range.to_value),
      above,
      rate: required(range, rateField),
      flat: required(range, 'flat_amount'),
    };
    above = tier.to ?? above;
    return tier;
  });
}

/** A tier with the units that fall into it. */
export interface FilledTier {
  tier: Tier;
  units: Exact;
}

/** The first tier is always reached, even with no units; a later one when the units exceed the previous end. */
export function fillTiers(units: Exact, tiers: readonly Tier[]): FilledTier[] {
  return tiers
    .filter((tier, i) => i === 0 || units.gt(tier.above))
    .map((tier) => ({ tier, units: (tier.to?.min(units) ?? units).sub(tier.above) }));
}

/** Working rows of one tier: its units at their rate, and its flat fee where it has one. */
export function tierRows(
  { tier, units }: FilledTier,
  amount: Exact,
): (Omit<WorkingRow, 'amount'> & { amount: Exact })[] {
  const range = { from: tier.from.toString(), to: tier.to?.toString() ?? null };
  const rows = [{ kind: 'tier', units: units.toString(), rate: tier.rate.toString(), ...range, amount }];
  return tier.flat.isZero()
    ? rows
    : [...rows, { kind: 'flat', units: '1', rate: tier.flat.toString(), ...range, amount: tier.flat }];
}

/** One range of `amount_details`. */
export function tierDetails(
  { tier, units }: FilledTier,
  rateField: string,
  amount: Exact,
): Record<string, unknown> {
  return {
    from_value: tier.fromValue,
    to_value: tier.toValue,
    flat_unit_amount: dec(tier.flat),
    [rateField]: dec(tier.rate),
    units: dec(units),
    per_unit_total_amount: dec(amount),
    total_with_flat_amount: dec(amount.add(tier.flat)),
  };
}

/**
 * Ranges must start at 0, end open and follow each other, either all from the previous end plus one or all from the
 * previous end itself (semantics 6.2; mixing the two would count units twice).
 */
export function validateTiers(
  properties: ChargeProperties,
  { name: field, rate, adjacentAllowed }: StepsField,
): PropertyErrors {
  const ranges = rangesOf(properties, field);
  if (ranges.length === 0) return { [field]: [`missing_${field}`] };
  const errors: PropertyErrors = {};
  for (const range of ranges) {
    checkDecimal(errors, range, rate.name, rate.code);
    checkDecimal(errors, range, 'flat_amount', 'invalid_amount');
  }
  const steps = adjacentAllowed ? [1, 0] : [1];
  if (!steps.some((step) => areContiguous(ranges, step))) addError(errors, field, `invalid_${field}`);
  return errors;
}

function areContiguous(ranges: readonly RangeProperties[], step: number): boolean {
  let expected = Exact.ZERO;
  for (const [i, range] of ranges.entries()) {
    const from = decimalOf(range.from_value);
    if (!from?.eq(expected)) return false;
    const last = i === ranges.length - 1;
    if (last) return range.to_value === null || range.to_value === undefined;
    const to = decimalOf(range.to_value);
    if (!to?.gt(from)) return false;
    expected = to.add(step);
  }
  return false;
}
