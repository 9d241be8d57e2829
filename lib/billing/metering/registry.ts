import { countAgg } from './count-agg.ts';
import { latestAgg } from './latest-agg.ts';
import { maxAgg } from './max-agg.ts';
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
