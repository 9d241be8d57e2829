import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { fees } from '@/db/schema';
import { defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { type FeeRow, lockStandaloneFee } from './find.ts';

const input = z.object({ feeId: identifier() });

/** Takes back a line that is not on an invoice yet. */
export const deleteFee = defineCommand<z.infer<typeof input>, FeeRow>({
  name: 'fees/delete',
  input,
  right: 'invoices.write',
  reason: 'none',
  undo: null,
  async run(ctx, { feeId }) {
    const fee = await lockStandaloneFee(ctx, feeId);
    await ctx.tx
      .update(fees)
      .set({ deletedAt: new Date(ctx.now) })
      .where(and(eq(fees.organizationId, ctx.organizationId), eq(fees.id, feeId)));
    return {
      result: fee,
      title: `Remove a line of "${fee.itemName}"`,
      subject: { type: 'fee', id: fee.id },
      customerId: fee.customerId,
      subscriptionId: fee.subscriptionId,
      before: { amountMinor: fee.amountMinor, currency: fee.currency },
    };
  },
});
