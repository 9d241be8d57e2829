import { estimateFees } from '@/lib/queries/api/estimate';
import type { FeeObject } from '@/lib/queries/api/fees';
import type { Door } from '../environment.ts';
import { unprocessable } from '../errors.ts';
import { type ApiRequest, isObject, type JsonObject } from '../request.ts';
import { post } from '../routes.ts';
import { feeWire } from '../serializers/fee.ts';
import { float } from '../wire.ts';

/** A fee that was never made: no ids, no dates, and decimals as JSON numbers (API contract, section 6). */
function estimateWire(fee: FeeObject) {
  const wire = feeWire(fee);
  return {
    ...wire,
    lago_id: null,
    created_at: null,
    precise_amount: float(wire.precise_amount),
    precise_total_amount: float(wire.precise_total_amount),
    taxes_precise_amount: float(wire.taxes_precise_amount),
    precise_unit_amount: float(wire.precise_unit_amount),
  };
}

async function estimate(request: ApiRequest, event: JsonObject) {
  const question = {
    code: String(event.code ?? ''),
    externalSubscriptionId: String(event.external_subscription_id ?? ''),
    properties: isObject(event.properties) ? event.properties : {},
    alone: true,
  };
  const fees = await request.read((tx) => estimateFees(tx, request.organizationId, question));
  return fees.map((fee) => ({
    ...estimateWire(fee),
    event_transaction_id: typeof event.transaction_id === 'string' ? event.transaction_id : null,
  }));
}

/** What events would cost by themselves (API contract, section 5). Stores nothing. */
export function estimates(door: Door): void {
  post(door, '/events/estimate_instant_fees', async (request) => ({
    fees: await estimate(request, await request.attributes('event')),
  }));
  post(door, '/events/batch_estimate_instant_fees', async (request) => {
    const { events } = await request.body();
    if (!Array.isArray(events) || events.length === 0) throw unprocessable({ events: ['no_events'] });
    const fees: Awaited<ReturnType<typeof estimate>> = [];
    for (const event of events) fees.push(...(await estimate(request, isObject(event) ? event : {})));
    return { fees };
  });
}
