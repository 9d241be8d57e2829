import { isUuid } from '@/lib/commands/core/fields';
import { makeDocument } from '@/lib/commands/documents/make';
import { createOneOffInvoice } from '@/lib/commands/invoices/create-one-off';
import { deleteDraft } from '@/lib/commands/invoices/delete-draft';
import { findInvoice } from '@/lib/commands/invoices/find';
import { loseDispute } from '@/lib/commands/invoices/lose-dispute';
import { regenerateInvoice } from '@/lib/commands/invoices/regenerate';
import { updateInvoiceCommand } from '@/lib/commands/invoices/update';
import { voidInvoice } from '@/lib/commands/invoices/void';
import { loadInvoiceObjects } from '@/lib/queries/api/invoices';
import { readClock } from '@/lib/schedule/clock';
import { bare, body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { post, put, remove } from '../routes.ts';
import { invoiceDetailWire, invoiceSchema, invoiceWire } from '../serializers/invoice.ts';
import { one } from '../wire-schema.ts';
import { invoiceAnswer, invoiceFound } from './invoices.ts';

const downloaded = one('invoice', invoiceSchema);

/**
 * The document of a finished invoice, made when it is first asked for: the invoice with its `file_url`, without its
 * surroundings. Throws 404 for anything else.
 */
async function download(request: ApiRequest) {
  const { databases, organizationId } = request;
  const id = request.param('id');
  const invoice = isUuid(id) ? await request.read((tx) => findInvoice(tx, organizationId, id)) : null;
  if (invoice?.status !== 'finalized') throw unknown('invoice');
  await makeDocument(databases, organizationId, { kind: 'invoice', id });
  const [object] = await request.read(async (tx) => {
    const { now } = await readClock(tx, organizationId);
    return loadInvoiceObjects(tx, organizationId, [invoice], { full: false, now });
  });
  if (!object) throw unknown('invoice');
  return { invoice: invoiceWire(object) };
}

/** Acts on invoices (API contract, section 7). */
export function invoicesActions(door: Door): void {
  post(
    door,
    '/invoices',
    { answers: invoiceFound, takes: body('invoice', createOneOffInvoice.input) },
    async (request) => {
      const { id } = await request.run(createOneOffInvoice, await request.attributes('invoice'));
      return invoiceAnswer(request, id);
    },
  );
  put(
    door,
    '/invoices/:id',
    { answers: invoiceFound, takes: body('invoice', updateInvoiceCommand.input, { without: ['id'] }) },
    async (request) => {
      const changes = await request.attributes('invoice');
      const { id } = await request.run(updateInvoiceCommand, { ...changes, id: request.param('id') });
      return invoiceAnswer(request, id);
    },
  );
  post(
    door,
    '/invoices/:id/void',
    { answers: invoiceFound, takes: bare(voidInvoice.input, { without: ['id'] }) },
    async (request) => {
      const { id } = await request.run(voidInvoice, { ...(await request.body()), id: request.param('id') });
      return invoiceAnswer(request, id);
    },
  );
  // Lago bills a voided invoice again on its own screens only; this one is ours.
  post(
    door,
    '/invoices/:id/regenerate',
    { answers: invoiceFound, takes: bare(regenerateInvoice.input, { without: ['id'] }) },
    async (request) => {
      const { id } = await request.run(regenerateInvoice, {
        ...(await request.body()),
        id: request.param('id'),
      });
      return invoiceAnswer(request, id);
    },
  );
  post(door, '/invoices/:id/lose_dispute', { answers: invoiceFound }, async (request) => {
    const { id } = await request.run(loseDispute, { id: request.param('id') });
    return invoiceAnswer(request, id);
  });
  remove(door, '/invoices/:id', { answers: invoiceFound }, async (request) => {
    // A deleted draft is shown once more, as the answer to its deletion.
    const row = await request.run(deleteDraft, { id: request.param('id') });
    const [object] = await request.read(async (tx) => {
      const { now } = await readClock(tx, request.organizationId);
      return loadInvoiceObjects(tx, request.organizationId, [row], { full: true, now });
    });
    if (!object) throw unknown('invoice');
    return { invoice: invoiceDetailWire(object) };
  });
  post(door, '/invoices/:id/download', { answers: downloaded }, download);
  post(door, '/invoices/:id/download_pdf', { answers: downloaded }, download);
}
