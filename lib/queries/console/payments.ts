import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type Page, page, readTimeCursor } from './cursor';
import { at, customerName, millis, rowLimit } from './sql';

export interface PaymentRow {
  id: string;
  at: number;
  createdAt: number;
  customerId: string;
  customerName: string;
  invoiceId: string;
  number: string | null;
  amountMinor: string;
  currency: string;
  status: 'pending' | 'processing' | 'succeeded' | 'failed';
  kind: 'manual' | 'provider';
  method: string | null;
  reference: string | null;
  failureReason: string | null;
}

const SIZE = 50;

/** Tries to get paid, the latest first; `failed` narrows to those that did not work. */
export async function paymentsPage(
  tx: Tx,
  organizationId: string,
  failed: boolean,
  after?: string,
): Promise<Page<PaymentRow>> {
  const cursor = readTimeCursor(after);
  const rows = await tx.execute<PaymentRow & Record<string, unknown>>(sql`
    select y.id, ${millis('coalesce(y.paid_at, y.created_at)')} as at, ${millis('y.created_at')} as "createdAt",
      c.id as "customerId", ${customerName('c')} as "customerName", y.invoice_id as "invoiceId", i.number,
      y.amount_minor::text as "amountMinor", y.currency, y.payment_status as status, y.kind, y.method, y.reference,
      y.failure_reason as "failureReason"
    from payments y
    join customers c on c.organization_id = y.organization_id and c.id = y.customer_id
    join invoices i on i.organization_id = y.organization_id and i.id = y.invoice_id
    where y.organization_id = ${organizationId}
      and ${failed ? sql`y.payment_status = 'failed'` : sql`true`}
      and ${cursor ? sql`(y.created_at, y.id) < (${at(cursor.at)}, ${cursor.id}::uuid)` : sql`true`}
    order by y.created_at desc, y.id desc ${rowLimit(SIZE + 1)}`);
  return page<PaymentRow>([...rows], SIZE, (row) => ({ value: String(row.createdAt), id: row.id }));
}

/** What came in over the last 30 days, each currency for itself. */
export async function collected(
  tx: Tx,
  organizationId: string,
  now: number,
): Promise<{ currency: string; amountMinor: string; count: number }[]> {
  return tx.execute<{ currency: string; amountMinor: string; count: number }>(sql`
    select currency, sum(amount_minor)::text as "amountMinor", count(*)::int as count from payments
    where organization_id = ${organizationId} and payment_status = 'succeeded'
      and created_at > ${at(now - 30 * 86_400_000)}
    group by currency order by count(*) desc`);
}
