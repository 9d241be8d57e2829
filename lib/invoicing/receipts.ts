import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { billingEntities, customers, paymentReceipts, type payments } from '@/db/schema';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import { nextValue } from './number';

type PaymentRow = typeof payments.$inferSelect;

/**
 * Numbers the receipt of money that came in, in the customer's own series; partners get none (semantics 12.10). A payment
 * has one receipt, however often it succeeds.
 */
export async function issueReceipt(ctx: BillingContext, payment: PaymentRow): Promise<void> {
  const { tx, organizationId, now } = ctx;
  if (ctx.mode === 'preview') return;
  const [customer] = await tx
    .select({
      id: customers.id,
      accountType: customers.accountType,
      sequentialId: customers.sequentialId,
      prefix: billingEntities.documentNumberPrefix,
    })
    .from(customers)
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, payment.customerId)));
  if (!customer || customer.accountType === 'partner') return;
  const known = await tx.$count(
    paymentReceipts,
    and(eq(paymentReceipts.organizationId, organizationId), eq(paymentReceipts.paymentId, payment.id)),
  );
  if (known > 0) return;
  const slug = `${customer.prefix}-${String(customer.sequentialId).padStart(3, '0')}`;
  const value = await nextValue(ctx, `receipt:customer:${customer.id}`);
  const id = newId();
  await tx.insert(paymentReceipts).values({
    organizationId,
    id,
    paymentId: payment.id,
    customerId: customer.id,
    number: `${slug}-RCPT-${String(value).padStart(6, '0')}`,
    createdAt: new Date(now),
  });
  await announce(tx, organizationId, now, { type: 'payment_receipt.created', objectId: id });
}
