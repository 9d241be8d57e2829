import { Exact } from '@/lib/billing/money/exact';
import { type EventObject, listEvents, type MetricOfEvents, metricsOf } from '@/lib/queries/api/events';
import type { Door } from '../environment.ts';
import { jsonResponse } from '../json.ts';
import { get } from '../routes.ts';
import { dec, decOrNull, ts3 } from '../wire.ts';
import { is, page, resource, type Wire } from '../wire-schema.ts';
import { EVENT_FILTERS, eventFilters } from './events.ts';
import { listed } from './listing.ts';

const enrichedSchema = resource('EnrichedEvent', {
  transaction_id: is.str,
  external_subscription_id: is.str,
  code: is.str,
  timestamp: is.ts3,
  enriched_at: is.ts3.nullable(),
  value: is.str,
  decimal_value: is.dec,
  precise_total_amount_cents: is.dec.nullable(),
  properties: is.object,
});

/** What an event adds to its meter: 1 where events are counted, else what its property says; nothing for an unknown meter. */
function meteredValue({ properties }: EventObject, metric: MetricOfEvents | undefined): string {
  if (!metric) return '';
  if (metric.aggregationType === 'count_agg') return '1';
  const value = metric.fieldName === null ? undefined : properties[metric.fieldName];
  return value === undefined || value === null ? '' : String(value);
}

function enrichedWire(event: EventObject, metric: MetricOfEvents | undefined): Wire<typeof enrichedSchema> {
  const value = meteredValue(event, metric);
  return {
    transaction_id: event.transactionId,
    external_subscription_id: event.externalSubscriptionId,
    code: event.code,
    timestamp: ts3(event.timestamp),
    enriched_at: ts3(event.ingestedAt),
    value,
    // What does not read as a number counts for nothing (semantics 5.2).
    decimal_value: dec(Exact.parse(value) ?? Exact.ZERO),
    precise_total_amount_cents: decOrNull(event.preciseTotalAmountMinor),
    properties: event.properties,
  };
}

/** Events with what their meter reads from them (API contract, section 5). */
export function enrichedEvents(door: Door): void {
  get(
    door,
    '/events_enriched',
    { answers: page('events', enrichedSchema), filters: EVENT_FILTERS },
    async (request) => {
      const filters = await eventFilters(request);
      const { organizationId } = request;
      const [rows, metrics] = await request.read(async (tx) => {
        const found = await listEvents(tx, organizationId, filters, request.page);
        const codes = found.rows.map(({ code }) => code);
        return [found, await metricsOf(tx, organizationId, codes)] as const;
      });
      const wire = (event: EventObject) => enrichedWire(event, metrics.get(event.code));
      return jsonResponse(listed(request, 'events', rows, wire), 200, { 'X-Lago-Endpoint-Status': 'beta' });
    },
  );
}
