import { isUuid } from '@/lib/commands/core/fields';
import { findCustomer } from '@/lib/commands/customers/find';
import { createPaymentRequest } from '@/lib/commands/payment-requests/create';
import { listPaymentRequests, readPaymentRequest } from '@/lib/queries/api/payment-requests';
import { readClock } from '@/lib/schedule/clock';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { paymentRequestWire } from '../serializers/payment-request.ts';
import { choice } from './filters.ts';
import { listed } from './listing.ts';

async function answer(request: ApiRequest, id: string) {
  const { organizationId } = request;
  const object = isUuid(id)
    ? await request.read(async (tx) => {
        const { now } = await readClock(tx, organizationId);
        return readPaymentRequest(tx, organizationId, id, now);
      })
    : null;
  if (!object) throw unknown('payment_request');
  return { payment_request: paymentRequestWire(object) };
}

async function list(request: ApiRequest, ofCustomer?: string) {
  const { query, organizationId, page } = request;
  const filters = {
    externalCustomerId: ofCustomer ?? query.text('external_customer_id'),
    paymentStatus: choice(query, 'payment_status', ['pending', 'succeeded', 'failed']),
    currency: query.text('currency')?.toUpperCase(),
    billingEntityCodes: query.list('billing_entity_codes'),
  };
  const rows = await request.read(async (tx) => {
    if (ofCustomer !== undefined) await findCustomer(tx, organizationId, ofCustomer);
    const { now } = await readClock(tx, organizationId);
    return listPaymentRequests(tx, organizationId, filters, page, now);
  });
  return listed(request, 'payment_requests', rows, paymentRequestWire);
}

/** Payment requests (API contract, section 10). */
export function paymentRequests(door: Door): void {
  post(door, '/payment_requests', async (request) => {
    const { id } = await request.run(createPaymentRequest, await request.attributes('payment_request'));
    return answer(request, id);
  });
  get(door, '/payment_requests', (request) => list(request));
  get(door, '/customers/:external_id/payment_requests', (request) =>
    list(request, request.param('external_id')),
  );
  get(door, '/payment_requests/:id', (request) => answer(request, request.param('id')));
}
