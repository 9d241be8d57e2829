import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { paymentReceipts, payments } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';
import { loadPaymentObjects, type PaymentObject } from './payments.ts';

export interface ReceiptObject {
  receipt: typeof paymentReceipts.$inferSelect;
  payment: PaymentObject;
}

export interface ReceiptFilters {
  id?: string;
  /** Receipts of money for this invoice. */
  invoiceId?: string;
}

/** Receipts with their payments, newest first. */
export async function listReceipts(
  tx: Tx,
  organizationId: string,
  { id, invoiceId }: ReceiptFilters,
  window: PageWindow,
): Promise<Listed<ReceiptObject>> {
  const where: SQL | undefined = and(
    eq(paymentReceipts.organizationId, organizationId),
    id === undefined ? undefined : eq(paymentReceipts.id, id),
    invoiceId === undefined
      ? undefined
      : inArray(
          paymentReceipts.paymentId,
          tx
            .select({ id: sql<string>`coalesce(${payments.partOfId}, ${payments.id})` })
            .from(payments)
            .where(and(eq(payments.organizationId, organizationId), eq(payments.invoiceId, invoiceId))),
        ),
  );
  const totalCount = await tx.$count(paymentReceipts, where);
  const found = await tx
    .select({ receipt: paymentReceipts, payment: payments })
    .from(paymentReceipts)
    .innerJoin(
      payments,
      and(eq(payments.organizationId, organizationId), eq(payments.id, paymentReceipts.paymentId)),
    )
    .where(where)
    .orderBy(desc(paymentReceipts.createdAt), desc(paymentReceipts.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const objects = await loadPaymentObjects(
    tx,
    organizationId,
    found.map(({ payment }) => payment),
  );
  const byId = new Map(objects.map((object) => [object.payment.id, object]));
  const rows = found.flatMap(({ receipt }) => {
    const payment = byId.get(receipt.paymentId);
    return payment ? [{ receipt, payment }] : [];
  });
  return { totalCount, rows };
}

/** Null when there is none. */
export async function readReceipt(tx: Tx, organizationId: string, id: string): Promise<ReceiptObject | null> {
  const { rows } = await listReceipts(tx, organizationId, { id }, { page: 1, perPage: 1 });
  return rows[0] ?? null;
}
