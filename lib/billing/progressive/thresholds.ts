/** Which usage thresholds were crossed since they were last looked at (semantics 7.2). Amounts in minor units, before tax. */

export interface ThresholdFacts {
  id: string;
  amountMinor: bigint;
  /** At most one of them repeats: a step above the largest fixed one. */
  recurring: boolean;
}

export interface ThresholdUsage {
  /** Current usage of the charges period, all of it. */
  currentMinor: bigint;
  /** Lines of the latest progressive invoice of that period, which bills everything so far; 0 without one. */
  progressivelyBilledMinor: bigint;
  /** Lifetime usage invoiced before this period, with what was told of earlier systems. */
  invoicedMinor: bigint;
}

/**
 * Thresholds passed by usage that no invoice has billed yet: every fixed one in between (each fires once in a lifetime),
 * and the recurring step at most once, however far usage jumped. In ascending order, the step last.
 */
export function crossedThresholds<T extends ThresholdFacts>(
  thresholds: readonly T[],
  { currentMinor, progressivelyBilledMinor, invoicedMinor }: ThresholdUsage,
): T[] {
  const current = currentMinor - progressivelyBilledMinor;
  if (current < 0n) return [];
  const invoiced = invoicedMinor + progressivelyBilledMinor;
  const total = invoiced + current;
  const fixed = thresholds.filter(({ recurring }) => !recurring);
  fixed.sort((a, b) => (a.amountMinor < b.amountMinor ? -1 : 1));
  const step = thresholds.find(({ recurring, amountMinor }) => recurring && amountMinor > 0n);
  const largest = fixed.at(-1)?.amountMinor ?? 0n;

  const isStep = (reached: bigint): boolean => step !== undefined && reached >= step.amountMinor;
  if (invoiced < largest) {
    const passed = fixed.filter(({ amountMinor }) => invoiced < amountMinor && amountMinor <= total);
    return step && isStep(total - largest) ? [...passed, step] : passed;
  }
  return step && isStep(current + (invoiced % step.amountMinor)) ? [step] : [];
}
