import {
  type AdvanceQuantities,
  type AdvanceState,
  advanced,
  advanceIncrements,
  advanceQuantities,
  changeOfLevel,
} from '../metering/advance.ts';
import { aggregated } from '../metering/aggregate.ts';
import { filterMatcher, groupOf } from '../metering/buckets.ts';
import { prorate } from '../metering/sum-agg.ts';
import { Exact } from '../money/exact.ts';
import { datesInclusive } from '../periods/days.ts';
import { priceInAdvance } from '../pricing/advance.ts';
import { walkOn } from '../pricing/percentage.ts';
import type { UsageEvent } from '../usage-facts.ts';
import type { ChargeFacts, SubscriptionBillFacts } from './facts.ts';
import { bucketRules, chargeFee, filterOf, priceExponent, usageWindow } from './fees/charge-fees.ts';
import type { FeeResult } from './result.ts';

export interface EventFeeRequest {
  /** Windows and usage of the period the event lies in; the event itself is among the usage of the charge. */
  bill: SubscriptionBillFacts;
  charge: ChargeFacts;
  transactionId: string;
  timezone: string;
}

/** The filter and group an event falls into, and the text that names them together. */
export function advanceBucket(charge: ChargeFacts, { properties }: Pick<UsageEvent, 'properties'>) {
  const rules = bucketRules(charge);
  const filterId = filterMatcher(rules)(properties);
  const own = rules.chargeFilters.find(({ id }) => id === filterId)?.groupKeys;
  const groupedBy = groupOf(properties, own ?? rules.groupKeys);
  return { filterId, groupedBy, key: JSON.stringify([filterId, groupedBy]) };
}

/** Events that share the event's filter and group. */
function bucketOf(charge: ChargeFacts, event: UsageEvent, events: readonly UsageEvent[]) {
  const { key, ...bucket } = advanceBucket(charge, event);
  return { ...bucket, events: events.filter((one) => advanceBucket(charge, one).key === key) };
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

  return eventFee(bill, charge, {
    transactionId,
    bucket,
    ...advanceQuantities(increments, index),
    increment: current.increment,
    prorated: current.prorated,
    total: current.total,
    timezone,
  });
}

interface EventLine {
  transactionId: string;
  bucket: { filterId: string | null; groupedBy: Record<string, string | null> };
  before: AdvanceQuantities;
  after: AdvanceQuantities;
  increment: Exact;
  /** The increment for the days left, where the charge is prorated. */
  prorated: Exact;
  /** The mark with the event. */
  total: Exact;
  timezone: string;
}

function eventFee(bill: SubscriptionBillFacts, charge: ChargeFacts, line: EventLine): FeeResult {
  const { bucket, before, after, total } = line;
  const priced = priceInAdvance({
    model: charge.model,
    properties: filterOf(charge, bucket.filterId)?.properties ?? charge.properties,
    currencyExponent: priceExponent(bill, charge),
    aggregationType: charge.metric.aggregationType,
    before,
    after,
    proratedIncrement: charge.prorated ? line.prorated : undefined,
  });
  const cumulated = charge.prorated
    ? { pricedUnits: line.prorated.toString() }
    : {
        pricedUnits: after.units.toString(),
        ...(before.units.isZero() ? {} : { billedBeforeUnits: before.units.toString() }),
      };
  const window = usageWindow(bill, line.timezone);
  return chargeFee(bill, charge, {
    key: `in_advance:${bill.subscriptionId}:${charge.id}:${line.transactionId}`,
    filterId: bucket.filterId,
    groupedBy: bucket.groupedBy,
    price: priced,
    units: line.increment,
    totalAggregatedUnits: aggregated(charge.metric, { units: total, eventsCount: 0 }).units,
    eventsCount: 1,
    window: { from: window.windowFrom, to: window.windowTo },
    prorated: charge.prorated,
    inputs: cumulated,
  });
}

export interface NextEventRequest {
  /** Windows of the period the event lies in; its usage is not read. */
  bill: SubscriptionBillFacts;
  charge: ChargeFacts;
  event: UsageEvent;
  /** Where the event's bucket stands. */
  state: AdvanceState;
  /** Whether a unique count counts the event's value already. */
  present: boolean;
  timezone: string;
}

/**
 * As `feeForEvent`, in steady work whatever the period holds: the line of the event that comes next in a bucket, from
 * where the bucket stands, and where it stands afterwards. Null when the event does not count.
 */
export function feeForNextEvent(request: NextEventRequest): { fee: FeeResult; after: AdvanceState } | null {
  const { bill, charge, event, state, timezone } = request;
  const by = changeOfLevel(charge.metric, event, request.present);
  if (!by) return null;
  const bucket = advanceBucket(charge, event);
  const properties = filterOf(charge, bucket.filterId)?.properties ?? charge.properties;
  const walks = charge.model === 'percentage';
  const { after, increment } = advanced(state, event, by, (walked, added) =>
    walks ? walkOn(properties, walked, added) : walked,
  );
  const { windowTo, periodDays } = usageWindow(bill, timezone);
  const days = datesInclusive(event.timestamp, windowTo, timezone);
  const fee = eventFee(bill, charge, {
    transactionId: event.transactionId,
    bucket,
    ...(walks ? walkedQuantities(state, increment, event) : quantities(state, after)),
    increment,
    prorated: charge.prorated ? prorate(increment, days, periodDays).ceil(5) : increment,
    total: after.mark,
    timezone,
  });
  return { fee, after };
}

function quantities(state: AdvanceState, after: AdvanceState) {
  const of = ({ mark, billed, carried }: AdvanceState): AdvanceQuantities => ({
    units: mark,
    eventsCount: billed,
    perEvent: [],
    preciseTotalAmountMinor: carried ?? undefined,
  });
  return { before: of(state), after: of(after) };
}

/** Percentages are priced on what their allowances still look at, and the event. */
function walkedQuantities({ walked }: AdvanceState, increment: Exact, { timestamp }: UsageEvent) {
  const of = (values: readonly Exact[]): AdvanceQuantities => ({
    units: Exact.sum(values),
    eventsCount: values.length,
    perEvent: values.map((units) => ({ timestamp, units, prorated: units })),
  });
  const before = of(walked);
  return { before, after: increment.isPositive() ? of([...walked, increment]) : before };
}
