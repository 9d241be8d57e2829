import fc from 'fast-check';
import type { ChargeFacts } from '../../../invoice/facts.ts';
import { Exact } from '../../../money/exact.ts';
import type { UsageEvent } from '../../../usage-facts.ts';
import { maybe, tenths } from './prices.ts';

export const HOUR = 3_600_000;

/** Events on the hour; `before` the window for metrics that carry over. */
export const eventsOf = (
  { metric: of, model }: ChargeFacts,
  from: number,
  to: number,
): fc.Arbitrary<UsageEvent[]> => {
  const hours = Math.floor((to - from) / HOUR);
  return fc
    .array(
      fc.record({
        hour: fc.integer({ min: -400, max: Math.max(0, hours) }),
        value: tenths(9),
        less: fc.integer({ min: 0, max: 5 }),
        seat: maybe(fc.constantFrom('ann', 'bo', 'cy')),
        remove: fc.boolean(),
        region: maybe(fc.constantFrom('eu', 'us', 'mars', '')),
        tier: maybe(fc.constantFrom('a', 'b')),
        carried: maybe(fc.integer({ min: 0, max: 99_999 })),
      }),
      { maxLength: 7 },
    )
    .map((all) =>
      all.map(
        ({ hour, value, less, seat, remove, region, tier, carried }, i): UsageEvent => ({
          transactionId: `${of.id}-${i}`,
          sequence: BigInt(i),
          timestamp: from + hour * HOUR,
          properties: {
            v:
              less === 0 && of.aggregationType !== 'max_agg' && model !== 'percentage'
                ? `-${value}`
                : less === 1
                  ? '1e3'
                  : value,
            ...(seat ? { seat } : {}),
            ...(remove ? { operation_type: 'remove' } : {}),
            ...(region === undefined ? {} : { region }),
            ...(tier ? { tier } : {}),
          },
          ...(carried === undefined ? {} : { preciseTotalAmountMinor: Exact.of(`${carried}`).pow10(-2) }),
        }),
      ),
    );
};
