import { Exact } from '../money/exact.ts';
import { datesInclusive } from '../periods/days.ts';
import { type Instant, localEpochDay } from '../periods/zone.ts';
import type { FixedChargeSegment } from '../usage-facts.ts';
import type { ChargeProperties, PriceResult } from './model.ts';
import { price } from './registry.ts';

/** Charges on a number of units that is set, not metered (semantics 6.13). */

export interface FixedChargeWindow {
  windowFrom: Instant;
  /** Inclusive. */
  windowTo: Instant;
  /** Length of the whole period. */
  periodDays: number;
  timezone: string;
}

export interface FixedChargeTerm {
  units: Exact;
  days: number;
  /** units × days / period, rounded at 6 decimals. */
  prorated: Exact;
}

export interface FixedChargeQuantity {
  /** What is priced. */
  units: Exact;
  /** Units in force last. */
  fullUnits: Exact;
  terms: FixedChargeTerm[];
}

const prorate = (units: Exact, days: number, periodDays: number): Exact =>
  units.mul(BigInt(days)).div(BigInt(periodDays)).round(6);

/** Segments that were in force in turn up to `until`: a later decision undoes earlier ones it takes effect before. */
function timeline(segments: readonly FixedChargeSegment[], until: Instant): FixedChargeSegment[] {
  const inForce: FixedChargeSegment[] = [];
  const decided = segments
    .filter(({ effectiveAt }) => effectiveAt <= until)
    .sort((a, b) => a.createdAt - b.createdAt || a.effectiveAt - b.effectiveAt);
  for (const segment of decided) {
    while (inForce.length > 0 && inForce.at(-1)!.effectiveAt >= segment.effectiveAt) inForce.pop();
    inForce.push(segment);
  }
  return inForce;
}

/**
 * Units of the window. Not prorated: those in force last, for the whole period. Prorated: each number of units for
 * the local days it was in force; of several on one day the last counts.
 */
export function fixedChargeUnits(
  input: FixedChargeWindow & { segments: readonly FixedChargeSegment[]; prorated: boolean },
): FixedChargeQuantity {
  const { windowFrom, windowTo, timezone, periodDays } = input;
  const inForce = timeline(input.segments, windowTo);
  const fullUnits = Exact.of(inForce.at(-1)?.units ?? 0);
  if (!input.prorated) return { units: fullUnits, fullUnits, terms: [] };

  const first = localEpochDay(windowFrom, timezone);
  const beginning = (segment: FixedChargeSegment): number =>
    Math.max(first, localEpochDay(segment.effectiveAt, timezone));
  const terms = inForce
    .map((segment, i) => {
      const next = inForce[i + 1];
      const end = next ? beginning(next) : localEpochDay(windowTo, timezone) + 1;
      const days = Math.max(0, end - beginning(segment));
      const units = Exact.of(segment.units);
      return { units, days, prorated: prorate(units, days, periodDays) };
    })
    .filter(({ days }) => days > 0);
  return { units: Exact.sum(terms.map(({ prorated }) => prorated)), fullUnits, terms };
}

/**
 * Units to bill at once when units paid in advance change at `at`: the increase, for the days left where prorated.
 * A decrease bills nothing and gives nothing back.
 */
export function fixedChargeIncrease(
  input: Omit<FixedChargeWindow, 'windowFrom'> & {
    previousUnits: Exact;
    newUnits: Exact;
    at: Instant;
    prorated: boolean;
  },
): FixedChargeQuantity {
  const fullUnits = input.newUnits.sub(input.previousUnits).max(0);
  if (!input.prorated) return { units: fullUnits, fullUnits, terms: [] };
  const days = datesInclusive(input.at, input.windowTo, input.timezone);
  const prorated = prorate(fullUnits, days, input.periodDays);
  return { units: prorated, fullUnits, terms: [{ units: fullUnits, days, prorated }] };
}

export function priceFixedCharge(
  model: 'standard' | 'graduated' | 'volume',
  properties: ChargeProperties,
  { units, fullUnits }: Pick<FixedChargeQuantity, 'units' | 'fullUnits'>,
  currencyExponent: number,
): PriceResult {
  return price(model, { units, fullUnits, eventsCount: 0, properties, currencyExponent });
}

/**
 * The first in-advance fee after an upgrade that keeps the add-on: the new amount for the days left less the share of
 * these days that was already paid, each rounded; never negative. Amounts are of full periods, in minor units.
 */
export function fixedChargeUpgradeAmount(input: {
  newAmountMinor: Exact;
  paidAmountMinor: Exact;
  daysLeft: number;
  periodDays: number;
}): bigint {
  const share = (amount: Exact): bigint =>
    amount.mul(BigInt(input.daysLeft)).div(BigInt(input.periodDays)).roundToBigInt();
  const due = share(input.newAmountMinor) - share(input.paidAmountMinor);
  return due > 0n ? due : 0n;
}
