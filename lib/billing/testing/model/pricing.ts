import {
  above,
  ceiling,
  type Fraction,
  floor,
  fraction,
  least,
  minus,
  most,
  NOTHING,
  parts,
  plus,
  read,
  readOr0,
  times,
  total,
} from './fraction.ts';

/** Prices by counting (semantics 6.1 to 6.6): units are walked one small step after another. */

export interface Quantity {
  /** What is priced. */
  units: Fraction;
  /** Unprorated. */
  full: Fraction;
  events: number;
  /** Value of each event in time order. */
  values: Fraction[];
  steps?: Step[];
  counts: boolean;
  /** Σ amounts that events brought along, in minor units. */
  carried: Fraction;
  exponent: number;
}

/** What one event changed: by how much, and what of that the days left make. */
export interface Step {
  size: Fraction;
  share: Fraction;
}

type Properties = Record<string, unknown>;

/** Units are walked in steps this small; cases have no finer ones, prorated units excepted. */
const STEP = fraction(1, 10);

interface Range {
  to: Fraction | undefined;
  rate: Fraction;
  flat: Fraction;
}

function rangesOf(list: unknown, rate: string): Range[] {
  return (list as Properties[]).map((range) => ({
    to: range.to_value === null ? undefined : fraction(BigInt(range.to_value as number)),
    rate: readOr0(range[rate]),
    flat: readOr0(range.flat_amount),
  }));
}

/** Climbs from zero to the units; each step is paid at the rate of the range it ends in. */
function climb(units: Fraction, ranges: Range[]): Fraction {
  const first = ranges[0]!;
  let amount = first.flat;
  let reached = 0;
  for (let at = NOTHING; above(units, at); ) {
    const range = ranges[reached]!;
    if (range.to && !above(range.to, at)) {
      reached++;
      amount = plus(amount, ranges[reached]!.flat);
      continue;
    }
    const next = least(plus(at, STEP), units);
    const end = range.to ? least(next, range.to) : next;
    amount = plus(amount, times(minus(end, at), range.rate));
    at = end;
  }
  return amount;
}

/**
 * Semantics 6.12 with a pencil: the running total moves from each range's edge to the next, and every stretch costs its
 * part of the event's share. Below zero the first range goes on.
 */
function walk(steps: readonly Step[], ranges: Range[]): Fraction {
  let at = NOTHING;
  let top = NOTHING;
  let sum = NOTHING;
  for (const { size, share } of steps) {
    const goal = plus(at, size);
    const up = above(size, NOTHING);
    if (size.over === 0n || (share.over === 0n && (up || above(NOTHING, goal)))) continue;
    const edges = ranges.flatMap(({ to }) => (to ? [to] : []));
    const passed = edges.filter((edge) => above(edge, least(at, goal)) && above(most(at, goal), edge));
    const stops = [...(up ? passed : passed.reverse()), goal];
    for (const stop of stops) {
      const low = least(at, stop);
      const range = ranges.find(({ to }) => !to || above(to, low))!;
      const part = times(minus(stop, at), fraction(size.under, size.over));
      sum = plus(sum, times(range.rate, times(share, part)));
      at = stop;
    }
    top = most(top, at);
  }
  if (above(NOTHING, at)) return NOTHING;
  let flats = ranges[0]!.flat;
  ranges.forEach(({ to }, i) => {
    if (to && above(top, to)) flats = plus(flats, ranges[i + 1]!.flat);
  });
  return plus(most(sum, NOTHING), flats);
}

function packages({ units }: Quantity, properties: Properties): Fraction {
  const size = fraction(BigInt(properties.package_size as number));
  let amount = NOTHING;
  let left = minus(units, fraction(BigInt((properties.free_units as number | undefined) ?? 0)));
  while (above(left, NOTHING)) {
    amount = plus(amount, readOr0(properties.amount));
    left = minus(left, size);
  }
  return amount;
}

function volume({ units, full }: Quantity, properties: Properties): Fraction {
  const list = properties.volume_ranges as Properties[];
  const ranges = rangesOf(list, 'per_unit_amount');
  const chosen = list.findIndex(({ from_value }, i) => {
    const started = i === 0 || BigInt(from_value as number) <= ceiling(full);
    const to = ranges[i]!.to;
    return started && (to === undefined || !above(full, to));
  });
  const { rate, flat } = ranges[chosen]!;
  return plus(times(units, rate), flat);
}

const percentOf = (value: Fraction, rate: unknown): Fraction => parts(times(value, readOr0(rate)), 100);

function clamped(events: Fraction[], properties: Properties): Fraction {
  const { rate, fixed_amount: fixed } = properties;
  const smallest = read(properties.per_transaction_min_amount);
  const largest = read(properties.per_transaction_max_amount);
  const allowance = read(properties.free_units_per_total_aggregation);
  let freeVolume = allowance ?? NOTHING;
  let freeEvents = (properties.free_units_per_events as number | undefined) ?? 0;
  let amount = NOTHING;
  for (const value of events) {
    let charged = value;
    if (allowance && above(allowance, NOTHING)) {
      const left = freeVolume;
      freeVolume = most(minus(left, value), NOTHING);
      if (above(left, NOTHING) && !above(value, left)) continue;
      charged = minus(value, left);
    } else if (freeEvents > 0) {
      freeEvents--;
      continue;
    }
    let price = plus(percentOf(charged, rate), readOr0(fixed));
    if (smallest) price = most(price, smallest);
    if (largest) price = least(price, largest);
    amount = plus(amount, price);
  }
  return amount;
}

function percentage({ units, events, values, counts }: Quantity, properties: Properties): Fraction {
  if (properties.per_transaction_min_amount ?? properties.per_transaction_max_amount) {
    return clamped(values, properties);
  }
  const n = (properties.free_units_per_events as number | undefined) || undefined;
  const given = read(properties.free_units_per_total_aggregation);
  const v = given && above(given, NOTHING) ? given : undefined;
  const running = values.map((_, i) => total(values.slice(0, i + 1)));
  const firstN = n === undefined ? NOTHING : (running[Math.min(n, running.length) - 1] ?? NOTHING);
  let free = NOTHING;
  if (n !== undefined && v === undefined) free = firstN;
  if (n === undefined && v !== undefined) free = least(running.at(-1) ?? NOTHING, v);
  if (n !== undefined && v !== undefined) free = counts && events > n ? firstN : least(firstN, v);
  // Running totals are looked at only as far as the allowance goes: N events, or until V is first exceeded.
  const looked = counts || n === undefined ? running : running.slice(0, n);
  const below = v === undefined ? 0 : looked.filter((sum) => above(v, sum)).length;
  const candidates = [n ?? 0, below].filter((count) => count > 0);
  const freeEvents = candidates.length === 0 ? 0 : Math.min(...candidates);
  const paying = units.over === 0n || freeEvents >= events ? 0 : events - freeEvents;
  const share = percentOf(most(minus(units, free), NOTHING), properties.rate);
  return plus(share, times(fraction(paying), readOr0(properties.fixed_amount)));
}

/** The price in major units, unrounded. */
export function priceOf(model: string, quantity: Quantity, properties: Properties): Fraction {
  const { units, carried, exponent } = quantity;
  switch (model) {
    case 'standard':
      return times(units, readOr0(properties.amount));
    case 'graduated': {
      const ranges = rangesOf(properties.graduated_ranges, 'per_unit_amount');
      return quantity.steps ? walk(quantity.steps, ranges) : climb(units, ranges);
    }
    case 'graduated_percentage':
      return climb(
        units,
        rangesOf(properties.graduated_percentage_ranges, 'rate').map((range) => ({
          ...range,
          rate: parts(range.rate, 100),
        })),
      );
    case 'package':
      return packages(quantity, properties);
    case 'volume':
      return volume(quantity, properties);
    case 'percentage':
      return percentage(quantity, properties);
    case 'dynamic':
      return units.over === 0n ? NOTHING : parts(carried, 10n ** BigInt(exponent));
    default:
      throw new RangeError(`No price for ${model}`);
  }
}

/** Whole tens, ones or tenths of units, as a metric asks (semantics 5.6). */
export function roundedUnits(units: Fraction, rule: { fn: string; precision: number } | null): Fraction {
  if (!rule) return units;
  const scale = fraction(10n ** BigInt(rule.precision));
  const scaled = times(units, scale);
  const half = plus(scaled, fraction(1, 2));
  const whole = rule.fn === 'ceil' ? ceiling(scaled) : floor(rule.fn === 'floor' ? scaled : half);
  return fraction(whole, scale.over);
}
