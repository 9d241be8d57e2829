import { z } from 'zod';
import { ACTIVITY_SOURCES, type ActivityObject, activityType } from '@/lib/queries/api/activity-logs';
import { isObject } from '../request.ts';
import { ts } from '../wire.ts';
import { is, resource, type Wire, word } from '../wire-schema.ts';

/** `billable_metric` → `BillableMetric`. */
function className(subjectType: string): string {
  return subjectType.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** `{field: [before, after]}` of what differs; null where there is nothing to compare. */
function changes(before: unknown, after: unknown): Record<string, [unknown, unknown]> | null {
  const [old, fresh] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  if (differing.length === 0) return null;
  return Object.fromEntries(differing.map((key) => [key, [old[key] ?? null, fresh[key] ?? null]]));
}

export const activityLogSchema = resource('ActivityLog', {
  activity_id: is.uuid,
  activity_type: is.str,
  activity_source: word([...Object.keys(ACTIVITY_SOURCES), 'system']),
  activity_object: is.any.nullable(),
  activity_object_changes: z.record(z.string(), z.array(is.any)).nullable(),
  user_email: is.str.nullable(),
  resource_id: is.str.nullable(),
  resource_type: is.str,
  external_customer_id: is.str.nullable(),
  external_subscription_id: is.str.nullable(),
  logged_at: is.ts,
  created_at: is.ts,
});

/** API contract, section 11. The object and its changes are ours: the row as it is kept. */
export function activityLogWire({
  row,
  externalCustomerId,
  externalSubscriptionId,
  userEmail,
}: ActivityObject): Wire<typeof activityLogSchema> {
  const source = Object.entries(ACTIVITY_SOURCES).find(([, type]) => type === row.actorType);
  return {
    activity_id: row.id,
    activity_type: activityType(row),
    activity_source: source?.[0] ?? 'system',
    activity_object: row.after ?? row.before ?? null,
    activity_object_changes: changes(row.before, row.after),
    user_email: userEmail,
    resource_id: row.subjectId,
    resource_type: className(row.subjectType),
    external_customer_id: externalCustomerId,
    external_subscription_id: externalSubscriptionId,
    logged_at: ts(row.occurredAt),
    created_at: ts(row.createdAt),
  };
}
