import { isUuid } from '@/lib/commands/core/fields';
import { findCustomer } from '@/lib/commands/customers/find';
import { createPaymentRequest } from '@/lib/commands/payment-requests/create';
import { listPaymentRequests, readPaymentRequest } from '@/lib/queries/api/payment-requests';
import { readClock } from '@/lib/schedule/clock';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { paymentRequestSchema, paymentRequestWire } from '../serializers/payment-request.ts';
import { one, page } from '../wire-schema.ts';
import { choice } from './filters.ts';
import { listed } from './listing.ts';

const FILTERS = ['payment_status', 'currency', 'billing_entity_codes[]'];
const requestAnswer = one('payment_request', paymentRequestSchema);
const requests = page('payment_requests', paymentRequestSchema);

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
  post(
    door,
    '/payment_requests',
    { answers: requestAnswer, takes: body('payment_request', createPaymentRequest.input) },
    async (request) => {
      const { id } = await request.run(createPaymentRequest, await request.attributes('payment_request'));
      return answer(request, id);
    },
  );
  get(
    door,
    '/payment_requests',
    { answers: requests, filters: [...FILTERS, 'external_customer_id'] },
    (request) => list(request),
  );
  get(door, '/customers/:external_id/payment_requests', { answers: requests, filters: FILTERS }, (request) =>
    list(request, request.param('external_id')),
  );
  get(door, '/payment_requests/:id', { answers: requestAnswer }, (request) =>
    answer(request, request.param('id')),
  );
}
