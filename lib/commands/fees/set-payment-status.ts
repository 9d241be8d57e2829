import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { fees } from '@/db/schema';
import { defineCommand } from '../core/command.ts';
import { identifier, oneOf } from '../core/fields.ts';
import { type FeeRow, lockStandaloneFee } from './find.ts';

const input = z.object({
  feeId: identifier(),
  payment_status: oneOf(['pending', 'succeeded', 'failed', 'refunded']),
});

/** Says how the client's own collection of a line without an invoice went (semantics 6.11). */
export const setFeePaymentStatus = defineCommand<z.infer<typeof input>, FeeRow>({
  name: 'fees/set-payment-status',
  input,
  right: 'invoices.write',
  reason: 'none',
  undo: null,
  async run(ctx, { feeId, payment_status: paymentStatus }) {
    const { tx, organizationId } = ctx;
    const before = await lockStandaloneFee(ctx, feeId);
    const at = new Date(ctx.now);
    const [after] = await tx
      .update(fees)
      .set({
        paymentStatus,
        succeededAt: paymentStatus === 'succeeded' ? at : before.succeededAt,
        failedAt: paymentStatus === 'failed' ? at : before.failedAt,
        refundedAt: paymentStatus === 'refunded' ? at : before.refundedAt,
      })
      .where(and(eq(fees.organizationId, organizationId), eq(fees.id, feeId)))
      .returning();
    return {
      result: after ?? before,
      title: `Mark a line as ${paymentStatus}`,
      subject: { type: 'fee', id: before.id },
      customerId: before.customerId,
      subscriptionId: before.subscriptionId,
      before: { paymentStatus: before.paymentStatus },
      after: { paymentStatus },
    };
  },
});
