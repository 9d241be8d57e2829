import { and, desc, eq, inArray, type SQL } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { customers, invoices, payments } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export interface PaymentObject {
  payment: typeof payments.$inferSelect;
  externalCustomerId: string;
  invoiceNumber: string | null;
}

export interface PaymentFilters {
  id?: string;
  externalCustomerId?: string;
  invoiceId?: string;
}

/** Payments, newest first. */
export async function listPayments(
  tx: Tx,
  organizationId: string,
  { id, externalCustomerId, invoiceId }: PaymentFilters,
  window: PageWindow,
): Promise<Listed<PaymentObject>> {
  const where: SQL | undefined = and(
    eq(payments.organizationId, organizationId),
    id === undefined ? undefined : eq(payments.id, id),
    invoiceId === undefined ? undefined : eq(payments.invoiceId, invoiceId),
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
  const rows = await tx
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
    .where(where)
    .orderBy(desc(payments.createdAt), desc(payments.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { totalCount: await tx.$count(payments, where), rows };
}

/** Null when there is none. */
export async function readPayment(tx: Tx, organizationId: string, id: string): Promise<PaymentObject | null> {
  const { rows } = await listPayments(tx, organizationId, { id }, { page: 1, perPage: 1 });
  return rows[0] ?? null;
}
