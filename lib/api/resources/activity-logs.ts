import { isUuid } from '@/lib/commands/core/fields';
import {
  ACTIVITY_SOURCES,
  type ActivityFilters,
  type ActivitySource,
  listActivity,
} from '@/lib/queries/api/activity-logs';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import { get } from '../routes.ts';
import { activityLogSchema, activityLogWire } from '../serializers/activity-log.ts';
import { one, page } from '../wire-schema.ts';
import { choices } from './filters.ts';
import { listed } from './listing.ts';

const FILTERS = [
  'from_date',
  'to_date',
  'activity_types[]',
  'activity_sources[]',
  'user_emails[]',
  'external_customer_id',
  'external_subscription_id',
  'resource_ids[]',
  'resource_types[]',
];

const SOURCES = Object.keys(ACTIVITY_SOURCES) as ActivitySource[];
const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** A day means all of it, in UTC. */
function edge(query: QueryFilters, name: 'from_date' | 'to_date'): Date | undefined {
  const date = query.instant(name);
  if (date === null) throw unprocessable({ [name]: ['invalid_date'] });
  const isLastDay = name === 'to_date' && DAY_ONLY.test(query.text(name) ?? '');
  return date && isLastDay ? new Date(date.getTime() + DAY_MS - 1) : date;
}

function filtersOf(query: QueryFilters): ActivityFilters {
  return {
    from: edge(query, 'from_date'),
    to: edge(query, 'to_date'),
    types: query.list('activity_types'),
    sources: choices(query, 'activity_sources', SOURCES),
    userEmails: query.list('user_emails')?.map((email) => email.toLowerCase()),
    externalCustomerId: query.text('external_customer_id'),
    externalSubscriptionId: query.text('external_subscription_id'),
    resourceIds: query.list('resource_ids')?.filter(isUuid),
    resourceTypes: query
      .list('resource_types')
      ?.map((type) => type.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()),
  };
}

/** Who did what, when and to whom (API contract, section 11). */
export function activityLogs(door: Door): void {
  get(
    door,
    '/activity_logs',
    { answers: page('activity_logs', activityLogSchema), filters: FILTERS },
    async (request) => {
      const filters = filtersOf(request.query);
      const rows = await request.read((tx) =>
        listActivity(tx, request.organizationId, filters, request.page),
      );
      return listed(request, 'activity_logs', rows, activityLogWire);
    },
  );
  get(
    door,
    '/activity_logs/:activity_id',
    { answers: one('activity_log', activityLogSchema) },
    async (request) => {
      const id = request.param('activity_id');
      const found = isUuid(id)
        ? await request.read((tx) =>
            listActivity(tx, request.organizationId, { id }, { page: 1, perPage: 1 }),
          )
        : null;
      const [row] = found?.rows ?? [];
      if (!row) throw unknown('activity_log');
      return { activity_log: activityLogWire(row) };
    },
  );
}
