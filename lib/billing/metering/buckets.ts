import type { UsageEvent } from './metric.ts';

/**
 * Divides a charge's events into its filters and groups, each event into exactly one bucket (semantics 6.7, 6.8).
 */

/** In a filter's list: every value of that key. */
export const ALL_FILTER_VALUES = '__ALL_FILTER_VALUES__';

export interface ChargeFilterRule {
  id: string;
  /** Key → accepted values; an event matches when every key's property is in its list. */
  values: Readonly<Record<string, readonly string[]>>;
  /** Replaces the charge's own group keys. */
  groupKeys?: readonly string[];
}

export interface BucketRules {
  /** Oldest first. */
  chargeFilters: readonly ChargeFilterRule[];
  groupKeys: readonly string[];
  /** The metric's own filters; the marker then accepts the listed values only. */
  metricFilters?: Readonly<Record<string, readonly string[]>>;
}

export interface Bucket {
  /** Null: the default bucket, priced by the charge's own properties. */
  filterId: string | null;
  groupedBy: Record<string, string | null>;
  events: UsageEvent[];
}

interface CompiledFilter {
  id: string;
  keys: { key: string; accepts: (value: string) => boolean }[];
  breadth: number;
}

function compileFilter(
  filter: ChargeFilterRule,
  metricFilters: BucketRules['metricFilters'],
): CompiledFilter {
  let breadth = 1;
  const keys = Object.entries(filter.values).map(([key, listed]) => {
    const values = listed.includes(ALL_FILTER_VALUES) ? metricFilters?.[key] : listed;
    if (!values) {
      breadth = Number.POSITIVE_INFINITY;
      return { key, accepts: () => true };
    }
    const accepted = new Set(values);
    breadth *= accepted.size;
    return { key, accepts: (value: string) => accepted.has(value) };
  });
  return { id: filter.id, keys, breadth };
}

/** The property as filters and groups compare it; null where it is missing or empty. */
function propertyText(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * A function from an event's properties to the id of its filter, or null for the default bucket. Among several
 * matches the one with most keys wins, then the narrower one, then the oldest.
 */
export function filterMatcher({
  chargeFilters,
  metricFilters,
}: Pick<BucketRules, 'chargeFilters' | 'metricFilters'>): (
  properties: Record<string, unknown>,
) => string | null {
  const byPrecedence = chargeFilters
    .map((filter) => compileFilter(filter, metricFilters))
    .filter(({ keys }) => keys.length > 0)
    .sort((a, b) => b.keys.length - a.keys.length || (a.breadth === b.breadth ? 0 : a.breadth - b.breadth));
  return (properties) => {
    const match = byPrecedence.find(({ keys }) =>
      keys.every(({ key, accepts }) => {
        const value = propertyText(properties[key]);
        return value !== null && accepts(value);
      }),
    );
    return match?.id ?? null;
  };
}

/** The group an event belongs to: every key with its value or null. */
export function groupOf(
  properties: Record<string, unknown>,
  groupKeys: readonly string[],
): Record<string, string | null> {
  return Object.fromEntries(groupKeys.map((key) => [key, propertyText(properties[key])]));
}

const signature = (groupedBy: Record<string, string | null>): string =>
  JSON.stringify(Object.values(groupedBy));

/**
 * One bucket per filter and group, filters in the charge's order and the default last, groups in the order of their
 * values. A filter without events keeps one bucket with an all-null group, so that flat fees are seen.
 */
export function bucketEvents({
  events,
  ...rules
}: BucketRules & { events: readonly UsageEvent[] }): Bucket[] {
  const filters = [...rules.chargeFilters.map(({ id }) => id), null];
  const keysOf = new Map<string | null, readonly string[]>(filters.map((id) => [id, rules.groupKeys]));
  for (const { id, groupKeys } of rules.chargeFilters) if (groupKeys) keysOf.set(id, groupKeys);

  const matching = filterMatcher(rules);
  const found = new Map<string | null, Map<string, Bucket>>(filters.map((id) => [id, new Map()]));
  for (const event of events) {
    const filterId = matching(event.properties);
    const groupedBy = groupOf(event.properties, keysOf.get(filterId)!);
    const groups = found.get(filterId)!;
    const key = signature(groupedBy);
    const bucket = groups.get(key);
    if (bucket) bucket.events.push(event);
    else groups.set(key, { filterId, groupedBy, events: [event] });
  }
  return filters.flatMap((filterId) => {
    const groups = [...found.get(filterId)!.entries()];
    if (groups.length === 0) return [{ filterId, groupedBy: groupOf({}, keysOf.get(filterId)!), events: [] }];
    return groups.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bucket]) => bucket);
  });
}
