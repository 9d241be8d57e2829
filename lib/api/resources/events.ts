import { withTenant } from '@/db/tenancy';
import { type EventFilters, type EventObject, findEvent, listEvents } from '@/lib/queries/api/events';
import { findSubscription } from '@/lib/queries/api/subscriptions';
import { readClock } from '@/lib/schedule/clock';
import { readBatch, readEvent } from '@/lib/usage/incoming';
import { type StoredEvent, storeEvent, storeEvents } from '@/lib/usage/ingest';
import type { Door } from '../environment.ts';
import { missingRoot, unknown, unprocessable } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { eventWire } from '../serializers/event.ts';
import { listed } from './listing.ts';

/** Just stored: which subscription it is for is worked out when it is read. */
function fresh(event: StoredEvent): EventObject {
  return { ...event, customerId: null, subscriptionId: null };
}

async function storeOne(request: ApiRequest) {
  const { organizationId } = request;
  const read = readEvent(await request.attributes('event'));
  if (!read.ok) throw unprocessable(read.errors);
  const stored = await withTenant(request.databases, organizationId, async (tx) => {
    const { now } = await readClock(tx, organizationId);
    return storeEvent(tx, organizationId, now, read.event);
  });
  return { event: eventWire(fresh(stored)) };
}

async function storeBatch(request: ApiRequest) {
  const { organizationId } = request;
  const { events } = await request.body();
  if (events === undefined || events === null) throw missingRoot('events');
  const batch = readBatch(events);
  const stored = await withTenant(request.databases, organizationId, async (tx) => {
    const { now } = await readClock(tx, organizationId);
    return storeEvents(tx, organizationId, now, batch);
  });
  return { events: stored.map((event) => eventWire(fresh(event))) };
}

async function filtersOf(request: ApiRequest): Promise<EventFilters> {
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
  post(door, '/events', storeOne);
  post(door, '/events/batch', storeBatch);
  get(door, '/events', async (request) => {
    const filters = await filtersOf(request);
    const rows = await request.read((tx) => listEvents(tx, request.organizationId, filters, request.page));
    return listed(request, 'events', rows, eventWire);
  });
  get(door, '/events/:transaction_id', async (request) => {
    const transactionId = request.param('transaction_id');
    const event = await request.read((tx) => findEvent(tx, request.organizationId, transactionId));
    if (!event) throw unknown('event');
    return { event: eventWire(event) };
  });
}
