import { aggregate } from '../metering/aggregate.ts';
import { bucketEvents } from '../metering/buckets.ts';
import { Exact } from '../money/exact.ts';
import type { ChargeFacts, SubscriptionBillFacts } from './facts.ts';
import { bucketRules, filterOf, usageWindow } from './fees/charge-fees.ts';
import type { FeeResult } from './result.ts';

/** Units of the events that share the properties a charge is shown by. */
export interface Breakdown {
  by: Record<string, string | null>;
  units: Exact;
}

/** A breakdown with the line it belongs to. */
export interface PresentedUnits extends Breakdown {
  filterId: string | null;
  groupedBy: Record<string, string | null>;
}

/** `presentation_group_keys`, as plain texts or as `{value}`. */
function presentationKeys(properties: Record<string, unknown> | undefined): string[] {
  const keys = properties?.presentation_group_keys;
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key: unknown) => {
    const named = typeof key === 'object' && key !== null && 'value' in key ? key.value : key;
    return typeof named === 'string' ? [named] : [];
  });
}

/**
 * A charge's units by its `presentation_group_keys` (semantics 6.8): they only split what is shown, never the price, so
 * each part is measured by itself. Events without any of the keys stand under null. Nothing without keys or events.
 */
export function presentedUnits(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  timezone: string,
): PresentedUnits[] {
  const own = presentationKeys(charge.properties);
  const shownBy = (filterId: string | null): string[] => {
    const keys = presentationKeys(filterOf(charge, filterId)?.properties);
    return keys.length > 0 ? keys : own;
  };
  const usage = bill.usage[charge.id];
  const isShown = own.length > 0 || charge.filters.some(({ id }) => shownBy(id).length > 0);
  if (!isShown || usage?.kind !== 'events') return [];
  const rules = bucketRules(charge);
  const pricedBy = (filterId: string | null): readonly string[] =>
    rules.chargeFilters.find(({ id }) => id === filterId)?.groupKeys ?? rules.groupKeys;
  const both = (filterId: string | null) => [...new Set([...pricedBy(filterId), ...shownBy(filterId)])];
  const events = charge.metric.recurring ? [...usage.history, ...usage.events] : usage.events;
  const window = usageWindow(bill, timezone);
  return bucketEvents({
    ...rules,
    groupKeys: both(null),
    chargeFilters: rules.chargeFilters.map((rule) => ({ ...rule, groupKeys: both(rule.id) })),
    events,
  })
    .filter((bucket) => bucket.events.length > 0 && shownBy(bucket.filterId).length > 0)
    .map(({ filterId, groupedBy, events: parts }) => ({
      filterId,
      groupedBy: picked(groupedBy, pricedBy(filterId)),
      by: picked(groupedBy, shownBy(filterId)),
      units: aggregate(charge.metric, { ...window, events: parts, totalsOnly: true }).fullUnits,
    }));
}

function picked(values: Record<string, string | null>, keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
}

/** Whether two lines of a charge are for the same group. */
export function sameGroup(one: Record<string, string | null>, other: Record<string, string | null>): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

/** The lines of a charge, each keeping how its units split for display. Lines whose units were given by hand have no split. */
export function withPresentation(
  bill: SubscriptionBillFacts,
  charge: ChargeFacts,
  timezone: string,
  lines: FeeResult[],
  isGiven: (line: FeeResult) => boolean,
): FeeResult[] {
  const shown = presentedUnits(bill, charge, timezone);
  if (shown.length === 0) return lines;
  return lines.map((line) => {
    const parts = shown.filter(
      ({ filterId, groupedBy }) => filterId === line.chargeFilterId && sameGroup(groupedBy, line.groupedBy),
    );
    if (parts.length === 0 || line.trueUpParentKey || isGiven(line)) return line;
    const presentation = breakdownOf(parts).map(({ by, units }) => ({
      by,
      units: units.toDecimalString(20),
    }));
    return { ...line, working: { ...line.working, presentation } };
  });
}

/** The breakdowns of several lines as one: parts with the same properties are added up. */
export function breakdownOf(parts: readonly PresentedUnits[]): Breakdown[] {
  const found = new Map<string, Breakdown>();
  for (const { by, units } of parts) {
    const key = JSON.stringify(by);
    found.set(key, { by, units: (found.get(key)?.units ?? Exact.ZERO).add(units) });
  }
  return [...found.values()];
}
