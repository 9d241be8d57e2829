import { type EventFilters, findEvent, listEvents } from '@/lib/queries/api/events';
import { findSubscription } from '@/lib/queries/api/subscriptions';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import { INGEST } from '../ingest.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { eventSchema, eventWire } from '../serializers/event.ts';
import { all, one, page } from '../wire-schema.ts';
import { batchBody, eventBody } from './event-input.ts';
import { listed } from './listing.ts';

export const EVENT_FILTERS = [
  'code',
  'external_subscription_id',
  'timestamp_from',
  'timestamp_to',
  'timestamp_from_started_at',
];

/** The filters of a list of events. Throws 422 for a date that is none. */
export async function eventFilters(request: ApiRequest): Promise<EventFilters> {
  const { query } = request;
  const [from, to] = [query.instant('timestamp_from'), query.instant('timestamp_to')];
  if (from === null) throw unprocessable({ timestamp_from: ['invalid_date'] });
  if (to === null) throw unprocessable({ timestamp_to: ['invalid_date'] });
  const externalSubscriptionId = query.text('external_subscription_id');
  const filters = { code: query.text('code'), externalSubscriptionId, from, to };
  if (!query.flag('timestamp_from_started_at') || !externalSubscriptionId) return filters;
  const subscription = await request.read((tx) =>
    findSubscription(tx, request.organizationId, externalSubscriptionId, ['active', 'terminated']),
  );
  return { ...filters, from: subscription?.startedAt ?? from };
}

/** Usage events (API contract, section 5). */
export function events(door: Door): void {
  post(door, '/events', { answers: one('event', eventSchema), takes: eventBody }, INGEST['/events']);
  post(
    door,
    '/events/batch',
    { answers: all('events', eventSchema), takes: batchBody },
    INGEST['/events/batch'],
  );
  get(
    door,
    '/events',
    {
      answers: page('events', eventSchema),
      filters: EVENT_FILTERS,
    },
    async (request) => {
      const filters = await eventFilters(request);
      const rows = await request.read((tx) => listEvents(tx, request.organizationId, filters, request.page));
      return listed(request, 'events', rows, eventWire);
    },
  );
  get(door, '/events/:transaction_id', { answers: one('event', eventSchema) }, async (request) => {
    const transactionId = request.param('transaction_id');
    const event = await request.read((tx) => findEvent(tx, request.organizationId, transactionId));
    if (!event) throw unknown('event');
    return { event: eventWire(event) };
  });
}
