import { and, asc, desc, eq, inArray, isNull, or, type SQL } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { customers, invoices, payments } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type PaymentRow = typeof payments.$inferSelect;

/** What came in for one invoice. */
export interface PaymentPart {
  payment: PaymentRow;
  invoiceNumber: string | null;
}

/** One sum of money: for one invoice, or for every invoice of a payment request. */
export interface PaymentObject {
  payment: PaymentRow;
  externalCustomerId: string;
  /** Itself first. */
  parts: PaymentPart[];
}

export interface PaymentFilters {
  id?: string;
  externalCustomerId?: string;
  invoiceId?: string;
}

function conditions(tx: Tx, organizationId: string, filters: PaymentFilters): SQL | undefined {
  const { id, externalCustomerId, invoiceId } = filters;
  const partsForInvoice = tx
    .select({ id: payments.partOfId })
    .from(payments)
    .where(and(eq(payments.organizationId, organizationId), eq(payments.invoiceId, invoiceId ?? '')));
  return and(
    eq(payments.organizationId, organizationId),
    isNull(payments.partOfId),
    id === undefined ? undefined : eq(payments.id, id),
    invoiceId === undefined
      ? undefined
      : or(eq(payments.invoiceId, invoiceId), inArray(payments.id, partsForInvoice)),
    externalCustomerId === undefined
      ? undefined
      : inArray(
          payments.customerId,
          tx
            .select({ id: customers.id })
            .from(customers)
            .where(
              and(eq(customers.organizationId, organizationId), eq(customers.externalId, externalCustomerId)),
            ),
        ),
  );
}

/** Payments, newest first. */
export async function listPayments(
  tx: Tx,
  organizationId: string,
  filters: PaymentFilters,
  window: PageWindow,
): Promise<Listed<PaymentObject>> {
  const where = conditions(tx, organizationId, filters);
  const rows = await tx
    .select()
    .from(payments)
    .where(where)
    .orderBy(desc(payments.createdAt), desc(payments.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const totalCount = await tx.$count(payments, where);
  return { totalCount, rows: await loadPaymentObjects(tx, organizationId, rows) };
}

/** Objects of whole payments, in the order given; one query. */
export async function loadPaymentObjects(
  tx: Tx,
  organizationId: string,
  rows: PaymentRow[],
): Promise<PaymentObject[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const parts = await tx
    .select({
      payment: payments,
      externalCustomerId: customers.externalId,
      invoiceNumber: invoices.number,
    })
    .from(payments)
    .innerJoin(
      customers,
      and(eq(customers.organizationId, organizationId), eq(customers.id, payments.customerId)),
    )
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, payments.invoiceId)),
    )
    .where(
      and(
        eq(payments.organizationId, organizationId),
        or(inArray(payments.id, ids), inArray(payments.partOfId, ids)),
      ),
    )
    .orderBy(asc(payments.createdAt), asc(payments.id));
  return rows.flatMap((payment) => {
    const own = parts.filter((part) => (part.payment.partOfId ?? part.payment.id) === payment.id);
    const [first] = own;
    return first ? [{ payment, externalCustomerId: first.externalCustomerId, parts: own }] : [];
  });
}

/** Null when there is none. */
export async function readPayment(tx: Tx, organizationId: string, id: string): Promise<PaymentObject | null> {
  const { rows } = await listPayments(tx, organizationId, { id }, { page: 1, perPage: 1 });
  return rows[0] ?? null;
}
