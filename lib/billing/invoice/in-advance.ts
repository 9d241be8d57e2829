import { advanceIncrements, advanceQuantities } from '../metering/advance.ts';
import { aggregated } from '../metering/aggregate.ts';
import { filterMatcher, groupOf } from '../metering/buckets.ts';
import { exponentOf } from '../money/currency.ts';
import { priceInAdvance } from '../pricing/advance.ts';
import type { UsageEvent } from '../usage-facts.ts';
import type { ChargeFacts, SubscriptionBillFacts } from './facts.ts';
import { bucketRules, chargeFee, filterOf, usageWindow } from './fees/charge-fees.ts';
import type { FeeResult } from './result.ts';

export interface EventFeeRequest {
  /** Windows and usage of the period the event lies in; the event itself is among the usage of the charge. */
  bill: SubscriptionBillFacts;
  charge: ChargeFacts;
  transactionId: string;
  timezone: string;
}

/** Events that share the event's filter and group. */
function bucketOf(charge: ChargeFacts, event: UsageEvent, events: readonly UsageEvent[]) {
  const rules = bucketRules(charge);
  const matching = filterMatcher(rules);
  const filterId = matching(event.properties);
  const own = rules.chargeFilters.find(({ id }) => id === filterId)?.groupKeys;
  const keys = own ?? rules.groupKeys;
  const groupedBy = groupOf(event.properties, keys);
  const signature = JSON.stringify(groupedBy);
  const members = events.filter(
    ({ properties }) =>
      matching(properties) === filterId && JSON.stringify(groupOf(properties, keys)) === signature,
  );
  return { filterId, groupedBy, events: members };
}

/**
 * The line of one event on a charge billed in advance: the price of the period's units with it less the price without it,
 * over the high-water mark (semantics 6.11). Null when the event is not among the usage or does not count.
 */
export function feeForEvent({ bill, charge, transactionId, timezone }: EventFeeRequest): FeeResult | null {
  const usage = bill.usage[charge.id];
  if (usage?.kind !== 'events') return null;
  const event = usage.events.find((one) => one.transactionId === transactionId);
  if (!event) return null;

  const all = charge.metric.recurring ? [...usage.history, ...usage.events] : usage.events;
  const bucket = bucketOf(charge, event, all);
  const window = usageWindow(bill, timezone);
  const increments = advanceIncrements(charge.metric, {
    ...window,
    events: bucket.events,
    prorated: charge.prorated,
    skipRounding: true,
  });
  const index = increments.findIndex((one) => one.event.transactionId === transactionId);
  const current = increments[index];
  if (!current) return null;

  const { before, after } = advanceQuantities(increments, index);
  const priced = priceInAdvance({
    model: charge.model,
    properties: filterOf(charge, bucket.filterId)?.properties ?? charge.properties,
    currencyExponent: exponentOf(bill.plan.currency),
    aggregationType: charge.metric.aggregationType,
    before,
    after,
    proratedIncrement: charge.prorated ? current.prorated : undefined,
  });
  const cumulated = charge.prorated
    ? { pricedUnits: current.prorated.toString() }
    : {
        pricedUnits: after.units.toString(),
        ...(before.units.isZero() ? {} : { billedBeforeUnits: before.units.toString() }),
      };
  return chargeFee(bill, charge, {
    key: `in_advance:${bill.subscriptionId}:${charge.id}:${transactionId}`,
    filterId: bucket.filterId,
    groupedBy: bucket.groupedBy,
    price: priced,
    units: current.increment,
    totalAggregatedUnits: aggregated(charge.metric, { units: current.total, eventsCount: 0 }).units,
    eventsCount: 1,
    window: { from: window.windowFrom, to: window.windowTo },
    prorated: charge.prorated,
    inputs: cumulated,
  });
}
