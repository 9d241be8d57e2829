import { and, eq, isNull } from 'drizzle-orm';
import { fees } from '@/db/schema';
import { lockCustomer } from '@/lib/invoicing/customers';
import { notAllowed, notFound } from '@/lib/schedule/errors';
import type { CommandContext } from '../core/command.ts';
import { isUuid } from '../core/fields.ts';

export type FeeRow = typeof fees.$inferSelect;

/** A line without an invoice, with its customer held. Throws not_found, and not_allowed once it stands on an invoice. */
export async function lockStandaloneFee(ctx: CommandContext, feeId: string): Promise<FeeRow> {
  const found = await readFee(ctx, feeId);
  await lockCustomer(ctx, found.customerId);
  const fee = await readFee(ctx, feeId);
  if (fee.invoiceId)
    notAllowed('invoiced_fee', 'This line stands on an invoice: change the invoice instead.');
  return fee;
}

async function readFee({ tx, organizationId }: CommandContext, feeId: string): Promise<FeeRow> {
  if (!isUuid(feeId)) return notFound('fee');
  const [fee] = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.id, feeId), isNull(fees.deletedAt)));
  return fee ?? notFound('fee');
}
