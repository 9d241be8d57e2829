import { adjustLine, restoreLine } from '@/lib/commands/invoices/adjust-line';
import { finalizeInvoice, refreshInvoice } from '@/lib/commands/invoices/finish-draft';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { post, put, remove } from '../routes.ts';
import { invoiceAnswer, invoiceFound } from './invoices.ts';

/** Working drafts out again and finishing them (API contract, section 7). */
export function invoiceDrafts(door: Door): void {
  put(door, '/invoices/:id/refresh', { answers: invoiceFound }, async (request) => {
    const { id } = await request.run(refreshInvoice, { id: request.param('id') });
    return invoiceAnswer(request, id);
  });
  put(door, '/invoices/:id/finalize', { answers: invoiceFound }, async (request) => {
    const { id } = await request.run(finalizeInvoice, { id: request.param('id') });
    return invoiceAnswer(request, id);
  });
  // Lago changes lines of a draft on its own screens only; these two are ours.
  post(
    door,
    '/invoices/:id/adjusted_fees',
    { answers: invoiceFound, takes: body('adjusted_fee', adjustLine.input, { without: ['id'] }) },
    async (request) => {
      const change = await request.attributes('adjusted_fee');
      const { id } = await request.run(adjustLine, { ...change, id: request.param('id') });
      return invoiceAnswer(request, id);
    },
  );
  remove(door, '/invoices/:id/adjusted_fees/:fee_id', { answers: invoiceFound }, async (request) => {
    const line = { id: request.param('id'), fee_id: request.param('fee_id') };
    const { id } = await request.run(restoreLine, line);
    return invoiceAnswer(request, id);
  });
}
