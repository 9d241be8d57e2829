import { z } from 'zod';
import { isUuid } from '@/lib/commands/core/fields';
import { findCustomer } from '@/lib/commands/customers/find';
import { payPaymentRequest } from '@/lib/commands/payment-requests/pay';
import { recordPayment } from '@/lib/commands/payments/record';
import { listReceipts, readReceipt } from '@/lib/queries/api/payment-receipts';
import { listPayments, readPayment } from '@/lib/queries/api/payments';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import {
  paymentReceiptSchema,
  paymentReceiptWire,
  paymentSchema,
  paymentWire,
} from '../serializers/payment.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

async function answer(request: ApiRequest, id: string) {
  const object = isUuid(id) ? await request.read((tx) => readPayment(tx, request.organizationId, id)) : null;
  if (!object) throw unknown('payment');
  return { payment: paymentWire(object) };
}

/** The `invoice_id` filter; null when it can name no invoice. */
function invoiceAsked({ query }: ApiRequest): string | undefined | null {
  const id = query.text('invoice_id');
  return id === undefined || isUuid(id) ? id : null;
}

async function list(request: ApiRequest, ofCustomer?: string) {
  const { query, organizationId, page } = request;
  const invoiceId = invoiceAsked(request);
  const rows = await request.read(async (tx) => {
    if (ofCustomer !== undefined) await findCustomer(tx, organizationId, ofCustomer);
    if (invoiceId === null) return { rows: [], totalCount: 0 };
    const externalCustomerId = ofCustomer ?? query.text('external_customer_id');
    return listPayments(tx, organizationId, { externalCustomerId, invoiceId }, page);
  });
  return listed(request, 'payments', rows, paymentWire);
}

/** Payments (API contract, section 10). `payment_request_id` instead of `invoice_id` pays a whole request; ours. */
export function payments(door: Door): void {
  post(
    door,
    '/payments',
    {
      answers: one('payment', paymentSchema),
      takes: body('payment', z.union([recordPayment.input, payPaymentRequest.input])),
    },
    async (request) => {
      const given = await request.attributes('payment');
      const command = given.payment_request_id ? payPaymentRequest : recordPayment;
      const { id } = await request.run<unknown, { id: string }>(command, given);
      return answer(request, id);
    },
  );
  get(
    door,
    '/payments',
    { answers: page('payments', paymentSchema), filters: ['external_customer_id', 'invoice_id'] },
    (request) => list(request),
  );
  get(
    door,
    '/customers/:external_id/payments',
    { answers: page('payments', paymentSchema), filters: ['invoice_id'] },
    (request) => list(request, request.param('external_id')),
  );
  get(door, '/payments/:id', { answers: one('payment', paymentSchema) }, (request) =>
    answer(request, request.param('id')),
  );
}

/** Receipts of payments. An unknown one answers `invoice_not_found` (API contract 1.1). */
export function paymentReceipts(door: Door): void {
  get(
    door,
    '/payment_receipts',
    { answers: page('payment_receipts', paymentReceiptSchema), filters: ['invoice_id'] },
    async (request) => {
      const { organizationId, page } = request;
      const invoiceId = invoiceAsked(request);
      const rows =
        invoiceId === null
          ? { rows: [], totalCount: 0 }
          : await request.read((tx) => listReceipts(tx, organizationId, { invoiceId }, page));
      return listed(request, 'payment_receipts', rows, paymentReceiptWire);
    },
  );
  get(
    door,
    '/payment_receipts/:id',
    { answers: one('payment_receipt', paymentReceiptSchema) },
    async (request) => {
      const id = request.param('id');
      const found = isUuid(id)
        ? await request.read((tx) => readReceipt(tx, request.organizationId, id))
        : null;
      if (!found) throw unknown('invoice');
      return { payment_receipt: paymentReceiptWire(found) };
    },
  );
}
