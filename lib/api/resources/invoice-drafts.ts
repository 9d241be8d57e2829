import { finalizeInvoice, refreshInvoice } from '@/lib/commands/invoices/finish-draft';
import type { Door } from '../environment.ts';
import { put } from '../routes.ts';
import { invoiceAnswer } from './invoices.ts';

/** Working drafts out again and finishing them (API contract, section 7). */
export function invoiceDrafts(door: Door): void {
  put(door, '/invoices/:id/refresh', async (request) => {
    const { id } = await request.run(refreshInvoice, { id: request.param('id') });
    return invoiceAnswer(request, id);
  });
  put(door, '/invoices/:id/finalize', async (request) => {
    const { id } = await request.run(finalizeInvoice, { id: request.param('id') });
    return invoiceAnswer(request, id);
  });
}
