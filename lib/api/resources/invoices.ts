import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { INVOICE_STATUSES, INVOICE_TYPES } from '@/db/schema';
import { isUuid } from '@/lib/commands/core/fields';
import { findCustomer } from '@/lib/commands/customers/find';
import { findInvoice, type InvoiceFilters, listInvoices, SETTLEMENTS } from '@/lib/queries/api/invoices';
import { reproduceInvoice } from '@/lib/queries/reproduce/reproduce';
import { readClock } from '@/lib/schedule/clock';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { get } from '../routes.ts';
import {
  invoiceDetailSchema,
  invoiceDetailWire,
  invoiceListSchema,
  invoiceListWire,
} from '../serializers/invoice.ts';
import { is, one, page, resource } from '../wire-schema.ts';
import { listed } from './listing.ts';

const FILTERS = [
  'statuses[]',
  'status',
  'payment_statuses[]',
  'payment_status',
  'invoice_type',
  'currency',
  'amount_from',
  'amount_to',
  'issuing_date_from',
  'issuing_date_to',
  'payment_overdue',
  'partially_paid',
  'payment_dispute_lost',
  'self_billed',
  'settlements[]',
  'search_term',
  'purchase_order_number',
  'billing_entity_codes[]',
  'metadata[key]',
];
export const invoiceFound = one('invoice', invoiceDetailSchema);

const reproductionSchema = resource('Reproduction', {
  lago_invoice_id: is.uuid,
  same: is.bool,
  obstacle: is.str.nullable(),
  engine_version: is.str.nullable(),
  facts_hash: is.str.nullable(),
  event_watermark: is.str.nullable(),
  differences: z.array(z.object({ where: is.str, stored: is.str.nullable(), recomputed: is.str.nullable() })),
});

/** One invoice with everything on it, under `invoice`. Throws 404. */
export async function invoiceAnswer(request: ApiRequest, id: string) {
  const object = isUuid(id)
    ? await request.read(async (tx) => {
        const { now } = await readClock(tx, request.organizationId);
        return findInvoice(tx, request.organizationId, id, now);
      })
    : null;
  if (!object) throw unknown('invoice');
  return { invoice: invoiceDetailWire(object) };
}

const PAYMENT_STATUSES = ['pending', 'succeeded', 'failed'] as const;

function all<const T extends readonly string[]>(
  values: string[] | undefined,
  known: T,
  name: string,
): T[number][] | undefined {
  if (values === undefined) return undefined;
  if (values.some((value) => !known.includes(value))) throw unprocessable({ [name]: ['value_is_invalid'] });
  return values;
}

function amount(query: QueryFilters, name: string): bigint | undefined {
  const text = query.text(name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,18}$/.test(text)) throw unprocessable({ [name]: ['value_is_invalid'] });
  return BigInt(text);
}

function day(query: QueryFilters, name: string): string | undefined {
  const date = query.instant(name);
  if (date === null) throw unprocessable({ [name]: ['invalid_date'] });
  return date?.toISOString().slice(0, 10);
}

export function invoiceFilters(query: QueryFilters): InvoiceFilters {
  const metadata = query.map('metadata');
  const types = all(query.list('invoice_type'), INVOICE_TYPES, 'invoice_type');
  return {
    externalCustomerId: query.text('external_customer_id', 'customer_external_id'),
    statuses: all(query.list('statuses', 'status'), INVOICE_STATUSES, 'status'),
    paymentStatuses: all(
      query.list('payment_statuses', 'payment_status'),
      PAYMENT_STATUSES,
      'payment_status',
    ),
    invoiceType: types?.[0],
    currency: query.text('currency')?.toUpperCase(),
    amountFrom: amount(query, 'amount_from'),
    amountTo: amount(query, 'amount_to'),
    issuingDateFrom: day(query, 'issuing_date_from'),
    issuingDateTo: day(query, 'issuing_date_to'),
    paymentOverdue: query.flag('payment_overdue'),
    partiallyPaid: query.flag('partially_paid'),
    paymentDisputeLost: query.flag('payment_dispute_lost'),
    selfBilled: query.flag('self_billed'),
    settlements: all(query.list('settlements'), SETTLEMENTS, 'settlements'),
    searchTerm: query.text('search_term'),
    purchaseOrderNumber: query.text('purchase_order_number'),
    billingEntityCodes: query.list('billing_entity_codes'),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

async function list(request: ApiRequest, filters: InvoiceFilters, before?: (tx: Tx) => Promise<unknown>) {
  const invoices = await request.read(async (tx) => {
    await before?.(tx);
    const { now } = await readClock(tx, request.organizationId);
    return listInvoices(tx, request.organizationId, filters, request.page, now);
  });
  return listed(request, 'invoices', invoices, invoiceListWire);
}

/** Reading invoices (API contract, section 7). */
export function invoicesRead(door: Door): void {
  get(
    door,
    '/invoices',
    {
      answers: page('invoices', invoiceListSchema),
      filters: [...FILTERS, 'external_customer_id', 'customer_external_id'],
    },
    (request) => list(request, invoiceFilters(request.query)),
  );
  get(door, '/invoices/:id', { answers: invoiceFound }, (request) =>
    invoiceAnswer(request, request.param('id')),
  );
  get(
    door,
    '/invoices/:id/reproduction',
    { answers: one('reproduction', reproductionSchema) },
    async (request) => {
      const id = request.param('id');
      const found = isUuid(id)
        ? await request.read((tx) => reproduceInvoice(tx, request.organizationId, id))
        : null;
      if (!found) throw unknown('invoice');
      const { same, obstacle, differences } = found;
      return {
        reproduction: {
          lago_invoice_id: found.invoiceId,
          same,
          obstacle,
          engine_version: found.engineVersion,
          facts_hash: found.factsHash,
          event_watermark: found.eventWatermark,
          differences,
        },
      };
    },
  );
  get(
    door,
    '/customers/:external_id/invoices',
    { answers: page('invoices', invoiceListSchema), filters: FILTERS },
    (request) => {
      const externalCustomerId = request.param('external_id');
      const filters = { ...invoiceFilters(request.query), externalCustomerId };
      return list(request, filters, (tx) => findCustomer(tx, request.organizationId, externalCustomerId));
    },
  );
}
