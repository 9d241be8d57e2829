import { countAgg } from './count-agg.ts';
import { latestAgg } from './latest-agg.ts';
import { maxAgg } from './max-agg.ts';
import type { MetricFacts } from './metric.ts';
import { sumAgg } from './sum-agg.ts';
import { uniqueCountAgg } from './unique-count-agg.ts';
import { weightedSumAgg } from './weighted-sum-agg.ts';

/** Every aggregation by its literal type. A new one is one file and one row here. */
export const aggregations = {
  count_agg: countAgg,
  sum_agg: sumAgg,
  max_agg: maxAgg,
  latest_agg: latestAgg,
  unique_count_agg: uniqueCountAgg,
  weighted_sum_agg: weightedSumAgg,
} as const;

export type AggregationType = keyof typeof aggregations;

/** Their names, in the order in which they are offered. */
export const AGGREGATION_TYPES = Object.keys(aggregations) as AggregationType[];

/** Narrows a stored name. Throws RangeError for one that is not in the registry. */
export function aggregationNamed(name: string): AggregationType {
  if (Object.hasOwn(aggregations, name)) return name as AggregationType;
  throw new RangeError(`No aggregation is called ${name}`);
}

/** A metric that says how it is aggregated. */
export type AggregatedMetric = MetricFacts & { aggregationType: AggregationType };
