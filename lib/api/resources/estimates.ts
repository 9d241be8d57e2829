import { z } from 'zod';
import { parseInput } from '@/lib/commands/core/fields';
import { estimateFees } from '@/lib/queries/api/estimate';
import type { FeeObject } from '@/lib/queries/api/fees';
import { bare, body } from '../about.ts';
import type { Door } from '../environment.ts';
import { type ApiRequest, isObject } from '../request.ts';
import { post } from '../routes.ts';
import { feeSchema, feeWire } from '../serializers/fee.ts';
import { float } from '../wire.ts';
import { all, is, resource, type Wire } from '../wire-schema.ts';
import { estimatedEvent } from './usage.ts';

const estimatedBatch = z.object({
  events: z
    .array(
      z.preprocess((event) => (isObject(event) ? event : {}), estimatedEvent),
      { error: 'no_events' },
    )
    .min(1, { error: 'no_events' }),
});

const estimateSchema = resource('FeeEstimate', {
  ...feeSchema.shape,
  lago_id: is.null,
  created_at: is.null,
  from_date: is.null,
  to_date: is.null,
  precise_amount: is.float,
  precise_total_amount: is.float,
  taxes_precise_amount: is.float,
  precise_unit_amount: is.float,
});

/** A fee that was never made: no ids, no dates, and decimals as JSON numbers (API contract, section 6). */
function estimateWire(fee: FeeObject): Wire<typeof estimateSchema> {
  const wire = feeWire(fee);
  return {
    ...wire,
    lago_id: null,
    created_at: null,
    from_date: null,
    to_date: null,
    precise_amount: float(wire.precise_amount),
    precise_total_amount: float(wire.precise_total_amount),
    taxes_precise_amount: float(wire.taxes_precise_amount),
    precise_unit_amount: float(wire.precise_unit_amount),
  };
}

async function estimate(request: ApiRequest, event: z.output<typeof estimatedEvent>) {
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
  post(
    door,
    '/events/estimate_instant_fees',
    { answers: all('fees', estimateSchema), takes: body('event', estimatedEvent) },
    async (request) => ({
      fees: await estimate(request, parseInput(estimatedEvent, await request.attributes('event'))),
    }),
  );
  post(
    door,
    '/events/batch_estimate_instant_fees',
    { answers: all('fees', estimateSchema), takes: bare(estimatedBatch) },
    async (request) => {
      const { events } = parseInput(estimatedBatch, await request.body());
      const fees: Awaited<ReturnType<typeof estimate>> = [];
      for (const event of events) fees.push(...(await estimate(request, event)));
      return { fees };
    },
  );
}
