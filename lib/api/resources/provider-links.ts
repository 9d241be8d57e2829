import { isUuid } from '@/lib/commands/core/fields';
import { findCustomer } from '@/lib/commands/customers/find';
import { findInvoice } from '@/lib/commands/invoices/find';
import { readTransaction } from '@/lib/queries/api/wallets';
import { notAllowed } from '@/lib/schedule/errors';
import { refusal } from '../about.ts';
import type { Door } from '../environment.ts';
import { forbidden, unknown, unprocessable } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { page } from '../wire-schema.ts';
import { listed } from './listing.ts';

/** No payment provider is linked to anybody: the contract's own answer to whoever asks for a page to pay on. */
const NO_PROVIDER = { base: ['no_linked_payment_provider'] };

function customerOf(request: ApiRequest) {
  return request.read((tx) => findCustomer(tx, request.organizationId, request.param('external_id')));
}

function invoiceOf(request: ApiRequest) {
  return request.read((tx) => findInvoice(tx, request.organizationId, request.param('id')));
}

/**
 * What needs a payment provider or a customer portal (API contract, sections 3, 7 and 9). Neither exists here, so each
 * finds its object and then says so, in the codes the contract keeps for it.
 */
export function providerLinks(door: Door): void {
  get(door, '/customers/:external_id/portal_url', { answers: refusal }, async (request) => {
    await customerOf(request);
    throw forbidden('feature_not_available', 'There is no customer portal in this version.');
  });
  post(door, '/customers/:external_id/checkout_url', { answers: refusal }, async (request) => {
    await customerOf(request);
    throw unprocessable(NO_PROVIDER);
  });
  post(door, '/invoices/:id/payment_url', { answers: refusal }, async (request) => {
    const invoice = await invoiceOf(request);
    const payable = invoice.status === 'finalized' && invoice.paymentStatus !== 'succeeded';
    throw unprocessable(payable ? NO_PROVIDER : { base: ['invalid_invoice_status_or_payment_status'] });
  });
  post(door, '/invoices/:id/retry', { answers: refusal }, async (request) => {
    const { status } = await invoiceOf(request);
    return notAllowed('invalid_status', `Only a failed invoice is made again; this one is ${status}.`);
  });
  post(door, '/invoices/:id/retry_payment', { answers: refusal }, async (request) => {
    const invoice = await invoiceOf(request);
    if (invoice.status !== 'finalized' || invoice.paymentStatus === 'succeeded') {
      return notAllowed('invalid_status', 'Only a finished invoice that is not paid can be paid.');
    }
    throw unprocessable(NO_PROVIDER);
  });
  post(door, '/wallet_transactions/:id/payment_url', { answers: refusal }, async (request) => {
    const id = request.param('id');
    const found = isUuid(id)
      ? await request.read((tx) => readTransaction(tx, request.organizationId, id))
      : null;
    if (!found) throw unknown('wallet_transaction');
    throw unprocessable(NO_PROVIDER);
  });
  get(
    door,
    '/customers/:external_id/payment_methods',
    { answers: page('payment_methods', refusal) },
    async (request) => {
      await customerOf(request);
      return listed(request, 'payment_methods', { rows: [], totalCount: 0 }, (row) => row);
    },
  );
  const noMethod = async (request: ApiRequest) => {
    await customerOf(request);
    throw unknown('payment_method');
  };
  put(door, '/customers/:external_id/payment_methods/:id/set_as_default', { answers: refusal }, noMethod);
  remove(door, '/customers/:external_id/payment_methods/:id', { answers: refusal }, noMethod);
}
