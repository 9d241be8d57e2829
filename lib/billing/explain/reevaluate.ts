import type { Working, WorkingRow } from '../invoice/result.ts';
import { Exact } from '../money/exact.ts';
import { chargeModels, isChargeModel, price } from '../pricing/registry.ts';

/** Works a line out again from what it stored, by the code that priced it, and compares. */

/** The row from its own parts; rows without parts (limits, what was billed before) stand as they are. Major units. */
function rowAmount(row: WorkingRow): Exact {
  const rate = row.rate === undefined ? null : Exact.of(row.rate);
  switch (row.kind) {
    case 'days':
    case 'minimum':
      return rate && row.days !== undefined && row.ofDays
        ? rate.mul(row.days).div(row.ofDays)
        : Exact.of(row.amount);
    case 'rate':
      return rate && row.units !== undefined ? rate.mul(Exact.of(row.units)).pow10(-2) : Exact.of(row.amount);
    case 'units':
    case 'flat':
    case 'fixed':
    case 'package':
      return rate && row.units !== undefined ? rate.mul(Exact.of(row.units)) : Exact.of(row.amount);
    default:
      return Exact.of(row.amount);
  }
}

function byRows({ rows, inputs }: Working): Exact {
  const minimum = rows.find(({ kind }) => kind === 'minimum');
  return Exact.sum(
    rows.map((row) => {
      if (row.kind !== 'rounding' || !minimum || !inputs) return rowAmount(row);
      const exact = rowAmount(minimum);
      return exact.round(inputs.currencyExponent).sub(exact);
    }),
  );
}

function byModel(working: Working, units: Exact): Exact | null {
  const { model, properties, inputs, prorated } = working;
  if (model === null || !properties || !inputs || !isChargeModel(model)) return null;
  if (chargeModels[model].pricedBy !== 'units') return null;
  const fullUnits = inputs.billedBeforeUnits === undefined ? Exact.of(working.units) : units;
  return price(model, {
    units,
    fullUnits,
    eventsCount: inputs.eventsCount ?? 0,
    properties,
    currencyExponent: inputs.currencyExponent,
    prorated: prorated && inputs.perEvent !== undefined,
    perEvent: inputs.perEvent?.map((change) => ({
      timestamp: change.timestamp,
      units: Exact.of(change.units),
      prorated: Exact.of(change.prorated),
    })),
  }).amountMajor;
}

/** A price in a unit of its own is rounded to its decimals, then converted (semantics 1.3). */
function converted({ inputs }: Working, total: Exact): Exact {
  const unit = inputs?.pricingUnit;
  return unit ? total.round(unit.exponent).mul(Exact.of(unit.conversionRate)) : total;
}

/** The line's unrounded amount in minor units, worked out again. Throws RangeError on a working that was tampered with. */
export function reevaluate(working: Working): Exact {
  const exponent = working.inputs?.currencyExponent ?? 2;
  if (working.rows.length === 0) return Exact.ZERO;
  const total = byModel(working, Exact.of(working.inputs?.pricedUnits ?? working.units));
  if (total === null) return byRows(working).pow10(exponent);
  const before = working.inputs?.billedBeforeUnits;
  const billed = before === undefined ? null : byModel(working, Exact.of(before));
  return converted(working, billed ? total.sub(billed) : total).pow10(exponent);
}

/** A line as it was stored; amounts in minor units. */
export interface StoredLine {
  amountMinor: bigint;
  preciseAmountMinor: Exact | string;
  working: Working;
}

/** Whether a stored line comes out the same to the last stored decimal, and rounds to the amount billed. */
export function reproduces({ amountMinor, preciseAmountMinor, working }: StoredLine): boolean {
  const again = reevaluate(working);
  const rows = byRows(working).pow10(working.inputs?.currencyExponent ?? 2);
  return (
    again.round(15).eq(Exact.of(preciseAmountMinor).round(15)) &&
    rows.round(15).eq(again.round(15)) &&
    again.roundToBigInt() === amountMinor
  );
}
