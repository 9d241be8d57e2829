import { type EventFilters, findEvent, listEvents } from '@/lib/queries/api/events';
import { findSubscription } from '@/lib/queries/api/subscriptions';
import { coalescerOf } from '@/lib/usage/coalescer';
import { BatchError, type IncomingEvent, readBatch, readEvent } from '@/lib/usage/incoming';
import type { Door } from '../environment.ts';
import { missingRoot, unknown, unprocessable } from '../errors.ts';
import { JsonText } from '../json.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { eventWire } from '../serializers/event.ts';
import { storedEventJson } from '../serializers/stored-event.ts';
import { listed } from './listing.ts';

/** Stores events that must all be stored, with those of other calls; answers them as JSON text once committed. */
async function storeWhole(request: ApiRequest, events: IncomingEvent[]): Promise<string[]> {
  const { organizationId, databases, bodyLength } = request;
  const outcomes = await coalescerOf(databases).store({ organizationId, events, whole: true }, bodyLength);
  return outcomes.map((outcome) => (outcome.status === 'invalid' ? '' : storedEventJson(outcome.event)));
}

async function storeOne(request: ApiRequest) {
  const read = readEvent(await request.attributes('event'));
  if (!read.ok) throw unprocessable(read.errors);
  try {
    const [stored] = await storeWhole(request, [read.event]);
    return new JsonText(`{"event":${stored}}`);
  } catch (error) {
    // The errors of a single event are its own, not keyed by its place.
    throw error instanceof BatchError ? unprocessable(error.errors[0] ?? {}) : error;
  }
}

async function storeBatch(request: ApiRequest) {
  const { events } = await request.body();
  if (events === undefined || events === null) throw missingRoot('events');
  const stored = await storeWhole(request, readBatch(events));
  return new JsonText(`{"events":[${stored.join(',')}]}`);
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
