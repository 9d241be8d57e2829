import { Exact } from '@/lib/billing/money/exact';

export interface AlertThreshold {
  code: string | null;
  value: string;
  /** Repeats every `value` beyond the last fixed threshold. */
  recurring: boolean;
}

/** A change of value, in the alert's own measure. */
export interface Movement {
  direction: 'increasing' | 'decreasing';
  previous: Exact;
  current: Exact;
}

/** Steps of a recurring threshold named in one notice at most, however far a value jumped. */
const MOST_STEPS = 20;

/**
 * Thresholds that a value reached on its way from the previous to the current one (semantics 7.4). Against the watched
 * direction nothing is passed. A recurring threshold stands for its steps beyond the last fixed one.
 */
export function crossings(thresholds: readonly AlertThreshold[], movement: Movement): AlertThreshold[] {
  const { direction, previous, current } = movement;
  const up = direction === 'increasing';
  const passed = (value: Exact): boolean =>
    up ? value.gt(previous) && value.lte(current) : value.lt(previous) && value.gte(current);
  const fixed = thresholds.filter(({ recurring }) => !recurring);
  const found = fixed.filter(({ value }) => passed(Exact.of(value)));
  found.sort((a, b) => (up ? 1 : -1) * Exact.of(a.value).cmp(b.value));
  const step = thresholds.find(({ recurring }) => recurring);
  return step ? [...found, ...stepsPassed(step, fixed, movement)] : found;
}

function stepsPassed(
  step: AlertThreshold,
  fixed: readonly AlertThreshold[],
  { direction, previous, current }: Movement,
): AlertThreshold[] {
  const size = Exact.of(step.value);
  if (!size.isPositive()) return [];
  const up = direction === 'increasing';
  const values = fixed.map(({ value }) => Exact.of(value)).sort((a, b) => a.cmp(b));
  const origin = (up ? values.at(-1) : values[0]) ?? Exact.ZERO;
  const stepsTo = (value: Exact): Exact => {
    const distance = up ? value.sub(origin) : origin.sub(value);
    return distance.div(size).floor().max(0);
  };
  const last = stepsTo(current);
  const steps: AlertThreshold[] = [];
  for (let n = stepsTo(previous).add(1); n.lte(last) && steps.length < MOST_STEPS; n = n.add(1)) {
    const value = up ? origin.add(size.mul(n)) : origin.sub(size.mul(n));
    steps.push({ ...step, value: value.toString() });
  }
  return steps;
}
