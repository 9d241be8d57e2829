import { isUuid } from '@/lib/commands/core/fields';
import { recordPayment } from '@/lib/commands/payments/record';
import { listPayments, readPayment } from '@/lib/queries/api/payments';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { paymentWire } from '../serializers/payment.ts';
import { listed } from './listing.ts';

async function answer(request: ApiRequest, id: string) {
  const object = isUuid(id) ? await request.read((tx) => readPayment(tx, request.organizationId, id)) : null;
  if (!object) throw unknown('payment');
  return { payment: paymentWire(object) };
}

/** Payments (API contract, section 10). */
export function payments(door: Door): void {
  post(door, '/payments', async (request) => {
    const { id } = await request.run(recordPayment, await request.attributes('payment'));
    return answer(request, id);
  });
  get(door, '/payments', async (request) => {
    const { query, organizationId, page } = request;
    const invoiceId = query.text('invoice_id');
    const filters = { externalCustomerId: query.text('external_customer_id'), invoiceId };
    const rows =
      invoiceId !== undefined && !isUuid(invoiceId)
        ? { rows: [], totalCount: 0 }
        : await request.read((tx) => listPayments(tx, organizationId, filters, page));
    return listed(request, 'payments', rows, paymentWire);
  });
  get(door, '/payments/:id', (request) => answer(request, request.param('id')));
}
