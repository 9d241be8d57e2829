import type { BenchWorld } from './world.ts';

/** One measured figure beside its limit: what the same machine can do at best in the same run, or a promise to keep. */
export interface Figure {
  name: string;
  /** What was measured, in `unit`. */
  figure: number;
  /** In `unit`. */
  limit: number;
  /** `figure` against `limit`: above 1 is beyond it. */
  ratio: number;
  unit: string;
  /** What the limit is. */
  against: string;
  /** Lowest and highest of the repeats, in `unit`. */
  spread: [number, number];
}

/** One file of `bench/measures`. It asserts its own outcome is right: a fast wrong answer is worth nothing. */
export interface Measure {
  name: string;
  run(world: BenchWorld): Promise<Figure[]>;
}

/** The median of repeats, with their spread. `limits` are of the same run, one a repeat or one for all. */
export function figureOf(
  name: string,
  unit: string,
  against: string,
  repeats: number[],
  limits: number[],
): Figure {
  const figure = median(repeats);
  const limit = median(limits);
  const spread: [number, number] = [Math.min(...repeats), Math.max(...repeats)];
  return { name, figure, limit, ratio: figure / limit, unit, against, spread };
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least this share of the values does not exceed. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
