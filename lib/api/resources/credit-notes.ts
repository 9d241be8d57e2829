import { z } from 'zod';
import { CREDIT_NOTE_REASONS } from '@/db/schema';
import { isUuid, parseInput } from '@/lib/commands/core/fields';
import { createCreditNote } from '@/lib/commands/credit-notes/create';
import { estimateCreditNote, estimateInput } from '@/lib/commands/credit-notes/estimate';
import { updateCreditNote } from '@/lib/commands/credit-notes/update';
import { voidCreditNoteCommand } from '@/lib/commands/credit-notes/void';
import { findCustomer } from '@/lib/commands/customers/find';
import { makeDocument } from '@/lib/commands/documents/make';
import { listCreditNotes, readCreditNote } from '@/lib/queries/api/credit-notes';
import { readClock } from '@/lib/schedule/clock';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put } from '../routes.ts';
import {
  creditedTaxSchema,
  creditNoteDetailSchema,
  creditNoteDetailWire,
  creditNoteSchema,
  creditNoteWire,
} from '../serializers/credit-note.ts';
import { dec, float } from '../wire.ts';
import { is, one, page, resource } from '../wire-schema.ts';
import { choices, dayFilter, minorFilter } from './filters.ts';
import { listed } from './listing.ts';

const downloaded = one('credit_note', creditNoteSchema);

const FILTERS = [
  'search_term',
  'currency',
  'reason',
  'credit_status',
  'refund_status',
  'types',
  'invoice_number',
  'purchase_order_number',
  'issuing_date_from',
  'issuing_date_to',
  'amount_from',
  'amount_to',
  'self_billed',
  'billing_entity_codes[]',
];
const noteAnswer = one('credit_note', creditNoteDetailSchema);

const estimateSchema = resource('CreditNoteEstimate', {
  lago_invoice_id: is.uuid,
  invoice_number: is.str.nullable(),
  currency: is.currency,
  taxes_amount_cents: is.cents,
  precise_taxes_amount_cents: is.dec,
  sub_total_excluding_taxes_amount_cents: is.cents,
  max_creditable_amount_cents: is.cents,
  max_refundable_amount_cents: is.cents,
  max_offsettable_amount_cents: is.cents,
  coupons_adjustment_amount_cents: is.cents,
  precise_coupons_adjustment_amount_cents: is.dec,
  taxes_rate: is.float,
  items: z.array(z.object({ lago_fee_id: is.uuid, amount_cents: is.cents })),
  applied_taxes: z.array(creditedTaxSchema),
});

async function read(request: ApiRequest, id: string) {
  const object = isUuid(id)
    ? await request.read((tx) => readCreditNote(tx, request.organizationId, id))
    : null;
  if (!object) throw unknown('credit_note');
  return object;
}

async function answer(request: ApiRequest, id: string) {
  return { credit_note: creditNoteDetailWire(await read(request, id)) };
}

async function list(request: ApiRequest, ofCustomer?: string) {
  const { query, organizationId, page } = request;
  const filters = {
    externalCustomerId: ofCustomer ?? query.text('external_customer_id'),
    searchTerm: query.text('search_term'),
    currency: query.text('currency')?.toUpperCase(),
    reasons: choices(query, 'reason', CREDIT_NOTE_REASONS),
    creditStatuses: choices(query, 'credit_status', ['available', 'consumed', 'voided']),
    refundStatuses: choices(query, 'refund_status', ['pending', 'succeeded', 'failed']),
    types: choices(query, 'types', ['credit', 'refund', 'offset']),
    invoiceNumber: query.text('invoice_number'),
    purchaseOrderNumber: query.text('purchase_order_number'),
    issuingDateFrom: dayFilter(query, 'issuing_date_from'),
    issuingDateTo: dayFilter(query, 'issuing_date_to'),
    amountFrom: minorFilter(query, 'amount_from'),
    amountTo: minorFilter(query, 'amount_to'),
    selfBilled: query.flag('self_billed'),
    billingEntityCodes: query.list('billing_entity_codes'),
  };
  const rows = await request.read(async (tx) => {
    if (ofCustomer !== undefined) await findCustomer(tx, organizationId, ofCustomer);
    return listCreditNotes(tx, organizationId, filters, page);
  });
  return listed(request, 'credit_notes', rows, creditNoteDetailWire);
}

async function estimate(request: ApiRequest) {
  const given = parseInput(estimateInput, await request.attributes('credit_note'));
  const { organizationId } = request;
  const { invoice, result, ...most } = await request.read(async (tx) => {
    const { now } = await readClock(tx, organizationId);
    return estimateCreditNote({ tx, organizationId, now, mode: 'preview' }, given);
  });
  return {
    estimated_credit_note: {
      lago_invoice_id: invoice.id,
      invoice_number: invoice.number,
      currency: invoice.currency,
      taxes_amount_cents: result.taxesMinor,
      precise_taxes_amount_cents: dec(result.preciseTaxesMinor),
      sub_total_excluding_taxes_amount_cents: result.subTotalExcludingTaxesMinor,
      max_creditable_amount_cents: most.maxCreditableMinor,
      max_refundable_amount_cents: most.maxRefundableMinor,
      max_offsettable_amount_cents: most.maxOffsettableMinor,
      coupons_adjustment_amount_cents: result.couponsAdjustmentMinor,
      precise_coupons_adjustment_amount_cents: dec(result.preciseCouponsAdjustmentMinor),
      taxes_rate: float(result.taxesRate),
      items: result.items.map((item) => ({ lago_fee_id: item.feeId, amount_cents: item.amountMinor })),
      applied_taxes: result.taxes.map(({ tax, baseAmountMinor, amountMinor }) => ({
        lago_tax_id: tax.id,
        tax_name: tax.name,
        tax_code: tax.code,
        tax_rate: float(tax.rate),
        tax_description: tax.description,
        base_amount_cents: baseAmountMinor,
        amount_cents: amountMinor,
        amount_currency: invoice.currency,
      })),
    },
  };
}

/** The document of a credit note, made when it is first asked for: the note with its `file_url`, without its surroundings. */
async function download(request: ApiRequest) {
  const object = await read(request, request.param('id'));
  const { databases, organizationId } = request;
  await makeDocument(databases, organizationId, { kind: 'credit_note', id: object.note.id });
  return { credit_note: creditNoteWire(object) };
}

/** Credit notes (API contract, section 8). */
export function creditNotes(door: Door): void {
  post(
    door,
    '/credit_notes',
    { answers: noteAnswer, takes: body('credit_note', createCreditNote.input) },
    async (request) => {
      const { id } = await request.run(createCreditNote, await request.attributes('credit_note'));
      return answer(request, id);
    },
  );
  post(
    door,
    '/credit_notes/estimate',
    { answers: one('estimated_credit_note', estimateSchema), takes: body('credit_note', estimateInput) },
    estimate,
  );
  get(
    door,
    '/credit_notes',
    { answers: page('credit_notes', creditNoteDetailSchema), filters: [...FILTERS, 'external_customer_id'] },
    (request) => list(request),
  );
  get(
    door,
    '/customers/:external_id/credit_notes',
    { answers: page('credit_notes', creditNoteDetailSchema), filters: FILTERS },
    (request) => list(request, request.param('external_id')),
  );
  get(door, '/credit_notes/:id', { answers: noteAnswer }, (request) => answer(request, request.param('id')));
  put(
    door,
    '/credit_notes/:id',
    { answers: noteAnswer, takes: body('credit_note', updateCreditNote.input, { without: ['id'] }) },
    async (request) => {
      const changes = await request.attributes('credit_note');
      const { id } = await request.run(updateCreditNote, { ...changes, id: request.param('id') });
      return answer(request, id);
    },
  );
  put(door, '/credit_notes/:id/void', { answers: noteAnswer }, async (request) => {
    const { id } = await request.run(voidCreditNoteCommand, { id: request.param('id') });
    return answer(request, id);
  });
  post(door, '/credit_notes/:id/download', { answers: downloaded }, download);
  post(door, '/credit_notes/:id/download_pdf', { answers: downloaded }, download);
}
