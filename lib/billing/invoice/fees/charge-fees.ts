import { advanceIncrements } from '../../metering/advance.ts';
import { aggregate, aggregated } from '../../metering/aggregate.ts';
import { type Bucket, type BucketRules, bucketEvents } from '../../metering/buckets.ts';
import type { AggregationInput, AggregationResult } from '../../metering/metric.ts';
import { exponentOf } from '../../money/currency.ts';
import { Exact } from '../../money/exact.ts';
import { openingWindow, periodRule } from '../../periods/boundaries.ts';
import { dayCount, fullPeriodDays } from '../../periods/days.ts';
import type { PriceResult } from '../../pricing/model.ts';
import { price } from '../../pricing/registry.ts';
import { trueUp } from '../../pricing/true-up.ts';
import type { ChargeFacts, ChargeFilterFacts, SubscriptionBillFacts } from '../facts.ts';
import type { FeeResult, WorkingInputs } from '../result.ts';
import { type Adjustments, adjusted, unitsToPrice } from './adjust.ts';
import {
  closedByUpgrade,
  majorText,
  newFee,
  newWorking,
  pricedAsOne,
  pricedIn,
  scheduleOf,
} from './new-fee.ts';
import { convertedPrice } from './pricing-unit.ts';

const TARGET_WALLET_KEY = 'target_wallet_code';

function groupKeysOf(properties: Record<string, unknown>): string[] | undefined {
  const keys = properties.pricing_group_keys ?? properties.grouped_by;
  return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : undefined;
}

/** How a charge divides its events: filters, group keys, and the implicit key that names a wallet (semantics 6.7, 6.8). */
export function bucketRules(charge: ChargeFacts): BucketRules {
  const target = charge.acceptsTargetWallet ? [TARGET_WALLET_KEY] : [];
  return {
    chargeFilters: charge.filters.map(({ id, values, properties }) => {
      const own = groupKeysOf(properties);
      return { id, values, ...(own ? { groupKeys: [...own, ...target] } : {}) };
    }),
    groupKeys: [...(groupKeysOf(charge.properties) ?? []), ...target],
    metricFilters: charge.metric.filters,
  };
}

export const filterOf = (charge: ChargeFacts, filterId: string | null): ChargeFilterFacts | null =>
  charge.filters.find(({ id }) => id === filterId) ?? null;

function chargesWindow({ windows: { chargesFrom, chargesTo } }: SubscriptionBillFacts) {
  if (chargesFrom === null || chargesTo === null) throw new RangeError('The bill has no charges window');
  return { from: chargesFrom, to: chargesTo };
}

/** Charges window of the bill with the nominal length of its period. Throws RangeError when the bill has none. */
export function usageWindow(bill: SubscriptionBillFacts, timezone: string) {
  const { from, to } = chargesWindow(bill);
  const rule = periodRule(scheduleOf(bill, timezone), 'charges');
  return {
    windowFrom: from,
    windowTo: to,
    periodDays: fullPeriodDays({ ...rule, at: from }),
    timezone,
  };
}

interface Measured extends Pick<Bucket, 'filterId' | 'groupedBy'> {
  aggregation: AggregationResult;
}

function measure(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  timezone: string,
  prorated: boolean,
): Measured[] {
  const usage = bill.usage[charge.id] ?? { kind: 'events', events: [], history: [] };
  if (usage.kind === 'sum') {
    const sum = { units: Exact.of(usage.units), eventsCount: usage.eventsCount };
    return [{ filterId: null, groupedBy: {}, aggregation: aggregated(charge.metric, sum) }];
  }
  const events = charge.metric.recurring ? [...usage.history, ...usage.events] : usage.events;
  const window = usageWindow(bill, timezone);
  const totalsOnly = charge.model !== 'percentage' && !prorated;
  return bucketEvents({ ...bucketRules(charge), events }).map(({ filterId, groupedBy, events: own }) => ({
    filterId,
    groupedBy,
    aggregation: aggregatedFor(charge, {
      ...window,
      events: own,
      prorated,
      upgraded: closedByUpgrade(bill),
      totalsOnly,
    }),
  }));
}

/**
 * A prorated charge in advance has billed every addition for the days that were left, and gives nothing back when units
 * go again (semantics 5.9, 6.11).
 */
function aggregatedFor({ metric, payInAdvance }: ChargeFacts, input: AggregationInput): AggregationResult {
  const whole = aggregate(metric, input);
  if (!payInAdvance || !input.prorated) return whole;
  const carried = aggregate(metric, {
    ...input,
    events: input.events.filter(({ timestamp }) => timestamp < input.windowFrom),
  });
  const added = advanceIncrements(metric, input).map(({ prorated }) => prorated);
  return { ...whole, units: carried.units.add(Exact.sum(added)) };
}

export interface ChargeLine extends Pick<Bucket, 'filterId' | 'groupedBy'> {
  key: string;
  price: PriceResult;
  units: Exact;
  totalAggregatedUnits: Exact;
  eventsCount: number;
  window: { from: number; to: number };
  prorated: boolean;
  inputs?: Partial<WorkingInputs>;
}

/** One line of a charge with its working, from a price. */
export function chargeFee(bill: SubscriptionBillFacts, charge: ChargeFacts, line: ChargeLine): FeeResult {
  const { currency } = bill.plan;
  const { metric } = charge;
  const filter = filterOf(charge, line.filterId);
  const unit = charge.pricingUnit;
  const { rows, ...amounts } = unit
    ? convertedPrice(currency, unit, line.price)
    : { ...pricedIn(currency, line.price), rows: line.price.working };
  return newFee({
    key: line.key,
    kind: 'charge',
    subscriptionId: bill.subscriptionId,
    chargeId: charge.id,
    chargeFilterId: line.filterId,
    metricId: metric.id,
    itemId: metric.id,
    itemCode: metric.code,
    itemName: metric.name,
    itemDescription: metric.description,
    displayName: charge.displayName ?? metric.name,
    filterDisplayName: filter?.displayName ?? null,
    filterValues: filter?.values ?? null,
    groupedBy: line.groupedBy,
    targetWalletCode: charge.acceptsTargetWallet ? (line.groupedBy[TARGET_WALLET_KEY] ?? null) : null,
    units: line.units,
    totalAggregatedUnits: line.totalAggregatedUnits,
    eventsCount: line.eventsCount,
    ...amounts,
    amountDetails: line.price.details,
    working: newWorking(currency, {
      kind: 'charge',
      model: charge.model,
      rows,
      period: line.window,
      unitName: metric.unitName,
      metricName: metric.name,
      aggregation: metric.aggregationType,
      prorated: line.prorated,
      properties: filter?.properties ?? charge.properties,
      units: line.units.toString(),
      inputs: {
        currencyExponent: exponentOf(currency),
        eventsCount: line.eventsCount,
        ...(unit ? { pricingUnit: { exponent: unit.exponent, conversionRate: unit.conversionRate } } : {}),
        ...line.inputs,
      },
    }),
    payInAdvance: charge.payInAdvance,
    invoiceable: charge.invoiceable,
    from: line.window.from,
    to: line.window.to,
  });
}

/** Decimals of what the charge's prices are in. */
export const priceExponent = (bill: SubscriptionBillFacts, charge: ChargeFacts): number =>
  charge.pricingUnit?.exponent ?? exponentOf(bill.plan.currency);

/** Identifies a bucket's line among all lines of an invoice. */
export function chargeKey(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  { filterId, groupedBy }: Pick<Bucket, 'filterId' | 'groupedBy'>,
): string {
  const group = Object.keys(groupedBy).length === 0 ? '' : `:${JSON.stringify(groupedBy)}`;
  return `charge:${bill.subscriptionId}:${charge.id}:${filterId ?? 'default'}${group}`;
}

interface BucketTerms {
  window: { from: number; to: number };
  prorated: boolean;
  adjustments?: Adjustments;
}

function pricedBucket(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  { filterId, groupedBy, aggregation }: Measured,
  { window, prorated, adjustments }: BucketTerms,
): FeeResult {
  const { eventsCount, perEvent, totalAggregatedUnits } = aggregation;
  const key = chargeKey(bill, charge, { filterId, groupedBy });
  const adjustment = adjustments?.get(key);
  const given = unitsToPrice(adjustment);
  const units = given ?? aggregation.units;
  const fullUnits = given ?? aggregation.fullUnits;
  const priced = price(charge.model, {
    units,
    fullUnits,
    eventsCount,
    perEvent,
    properties: filterOf(charge, filterId)?.properties ?? charge.properties,
    preciseTotalAmountMinor: aggregation.preciseTotalAmountMinor,
    currencyExponent: priceExponent(bill, charge),
    prorated,
    aggregationType: charge.metric.aggregationType,
  });
  const walked = prorated && charge.model === 'graduated' ? perEvent : undefined;
  const fee = chargeFee(bill, charge, {
    key,
    filterId,
    groupedBy,
    price: priced,
    units: fullUnits,
    totalAggregatedUnits: given ?? totalAggregatedUnits,
    eventsCount,
    window,
    prorated,
    inputs: {
      ...(units.eq(fullUnits) ? {} : { pricedUnits: units.toString() }),
      ...(walked
        ? {
            perEvent: walked.map((change) => ({
              timestamp: change.timestamp,
              units: change.units.toString(),
              prorated: change.prorated.toString(),
            })),
          }
        : {}),
    },
  });
  return adjusted(fee, adjustment, bill.plan.currency, { priced: given !== null });
}

const saysNothing = ({ units, amountMinor, eventsCount }: FeeResult): boolean =>
  units.isZero() && amountMinor === 0n && (eventsCount ?? 0) === 0;

function trueUpFee(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  timezone: string,
  lines: readonly FeeResult[],
): FeeResult | null {
  const parent = lines.find(({ chargeFilterId }) => chargeFilterId === null) ?? lines[0];
  if (charge.minAmountMinor <= 0n || !parent) return null;
  const { currency } = bill.plan;
  const { windowFrom, windowTo, periodDays } = usageWindow(bill, timezone);
  const days = dayCount(windowFrom, windowTo, timezone, { upgradeMinusOne: closedByUpgrade(bill) });
  const usedMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const due = trueUp({ minAmountMinor: charge.minAmountMinor, usedMinor, days, periodDays });
  if (!due) return null;
  return newFee({
    ...parent,
    key: `${parent.key}:true_up`,
    groupedBy: {},
    targetWalletCode: null,
    trueUpParentKey: parent.key,
    pricingUnit: null,
    units: Exact.ONE,
    totalAggregatedUnits: Exact.ONE,
    eventsCount: 0,
    ...pricedAsOne(currency, due.preciseAmountMinor),
    amountDetails: {},
    working: newWorking(currency, {
      kind: 'true_up',
      period: { from: windowFrom, to: windowTo },
      metricName: charge.metric.name,
      prorated: days !== periodDays,
      units: '1',
      rows: [
        {
          kind: 'minimum',
          rate: majorText(charge.minAmountMinor, currency),
          days,
          ofDays: periodDays,
          amount: majorText(due.proratedMinimumMinor, currency),
        },
        { kind: 'used', amount: majorText(-usedMinor, currency) },
      ],
    }),
  });
}

export interface ChargeFeeOptions {
  timezone: string;
  /** Current usage shows empty buckets too. */
  includeZero?: boolean;
  /** Adds the fee that lifts the charge to its minimum; not on progressive bills nor in current usage. */
  withTrueUp?: boolean;
  /** Lines that a person changed; they stay even where they say nothing else (semantics 6.10, 6.15). */
  adjustments?: Adjustments;
}

/**
 * The lines of one charge over the bill's charges window: one per filter and group, each rounded once, then the true-up
 * (semantics 6.7 to 6.10). Lines without units, amount and events are left out, unless asked for or needed by a true-up.
 */
export function chargeFees(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  { timezone, includeZero = false, withTrueUp = false, adjustments }: ChargeFeeOptions,
): FeeResult[] {
  const terms = { window: chargesWindow(bill), prorated: charge.prorated, adjustments };
  const lines = measure(bill, charge, timezone, charge.prorated).map((measured) =>
    pricedBucket(bill, charge, measured, terms),
  );
  const minimum = withTrueUp ? trueUpFee(bill, charge, timezone, lines) : null;
  const kept = lines.filter(
    (line) =>
      includeZero ||
      !saysNothing(line) ||
      line.key === minimum?.trueUpParentKey ||
      adjustments?.has(line.key),
  );
  if (!minimum) return kept;
  return [...kept, adjusted(minimum, adjustments?.get(minimum.key), bill.plan.currency)];
}

/**
 * Renewal of a recurring charge billed in advance: everything carried over, in full, for the period now opening
 * (semantics 5.9, 6.10).
 */
export function renewalFees(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  timezone: string,
  adjustments?: Adjustments,
): FeeResult[] {
  const opening = openingWindow(
    { ...scheduleOf(bill, timezone), billingAt: bill.billedAt, startedAt: bill.startedAt },
    'charges',
  );
  const terms = { window: { from: opening.from, to: opening.to }, prorated: false, adjustments };
  return measure(bill, charge, timezone, false)
    .map((measured) => pricedBucket(bill, charge, measured, terms))
    .filter((line) => !saysNothing(line) || adjustments?.has(line.key));
}
