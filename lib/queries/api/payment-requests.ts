import { and, asc, desc, eq, inArray, type SQL } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, customers, invoices, paymentRequestInvoices, paymentRequests } from '@/db/schema';
import { type CustomerObject, loadCustomerObjects } from './customers.ts';
import { type InvoiceObject, loadInvoiceObjects } from './invoices.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type PaymentRequestRow = typeof paymentRequests.$inferSelect;

export interface PaymentRequestObject {
  request: PaymentRequestRow;
  customer: CustomerObject;
  invoices: InvoiceObject[];
}

export interface PaymentRequestFilters {
  id?: string;
  externalCustomerId?: string;
  paymentStatus?: PaymentRequestRow['paymentStatus'];
  currency?: string;
  billingEntityCodes?: string[];
}

function conditions(tx: Tx, organizationId: string, filters: PaymentRequestFilters): SQL | undefined {
  const { id, externalCustomerId, paymentStatus, currency, billingEntityCodes } = filters;
  const { customerId, billingEntityId } = paymentRequests;
  return and(
    eq(paymentRequests.organizationId, organizationId),
    id === undefined ? undefined : eq(paymentRequests.id, id),
    paymentStatus === undefined ? undefined : eq(paymentRequests.paymentStatus, paymentStatus),
    currency === undefined ? undefined : eq(paymentRequests.currency, currency),
    externalCustomerId === undefined
      ? undefined
      : inArray(
          customerId,
          tx
            .select({ id: customers.id })
            .from(customers)
            .where(
              and(eq(customers.organizationId, organizationId), eq(customers.externalId, externalCustomerId)),
            ),
        ),
    billingEntityCodes === undefined
      ? undefined
      : inArray(
          billingEntityId,
          tx
            .select({ id: billingEntities.id })
            .from(billingEntities)
            .where(
              and(
                eq(billingEntities.organizationId, organizationId),
                inArray(billingEntities.code, billingEntityCodes),
              ),
            ),
        ),
  );
}

/** Payment requests with their customers and invoices, newest first. `now` is the organisation's clock. */
export async function listPaymentRequests(
  tx: Tx,
  organizationId: string,
  filters: PaymentRequestFilters,
  window: PageWindow,
  now: number,
): Promise<Listed<PaymentRequestObject>> {
  const where = conditions(tx, organizationId, filters);
  const rows = await tx
    .select()
    .from(paymentRequests)
    .where(where)
    .orderBy(desc(paymentRequests.createdAt), desc(paymentRequests.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const totalCount = await tx.$count(paymentRequests, where);
  return { totalCount, rows: await loadObjects(tx, organizationId, rows, now) };
}

async function loadObjects(
  tx: Tx,
  organizationId: string,
  rows: PaymentRequestRow[],
  now: number,
): Promise<PaymentRequestObject[]> {
  if (rows.length === 0) return [];
  const customerObjects = await loadCustomerObjects(
    tx,
    organizationId,
    rows.map(({ customerId }) => customerId),
  );
  const links = await tx
    .select({ requestId: paymentRequestInvoices.paymentRequestId, invoice: invoices })
    .from(paymentRequestInvoices)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, paymentRequestInvoices.invoiceId)),
    )
    .where(
      and(
        eq(paymentRequestInvoices.organizationId, organizationId),
        inArray(
          paymentRequestInvoices.paymentRequestId,
          rows.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(invoices.createdAt), asc(invoices.id));
  const unique = [...new Map(links.map(({ invoice }) => [invoice.id, invoice])).values()];
  const objects = await loadInvoiceObjects(tx, organizationId, unique, { full: false, now });
  const objectOf = new Map(objects.map((object) => [object.invoice.id, object]));
  return rows.flatMap((request) => {
    const customer = customerObjects.get(request.customerId);
    const own = links.filter(({ requestId }) => requestId === request.id);
    return customer
      ? [{ request, customer, invoices: own.flatMap(({ invoice }) => objectOf.get(invoice.id) ?? []) }]
      : [];
  });
}

/** Null when there is none. */
export async function readPaymentRequest(
  tx: Tx,
  organizationId: string,
  id: string,
  now: number,
): Promise<PaymentRequestObject | null> {
  const { rows } = await listPaymentRequests(tx, organizationId, { id }, { page: 1, perPage: 1 }, now);
  return rows[0] ?? null;
}
