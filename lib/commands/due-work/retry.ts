import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { customers, dueItems } from '@/db/schema';
import { lockCustomer } from '@/lib/invoicing/customers';
import { conflict, notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command';

const input = z.strictObject({ dueItemId: z.uuid() });

/**
 * Takes up again work that was set aside after its last failure: it is due at once, with all its tries. Throws not_found,
 * or conflict when somebody was quicker. On screen: "Try again".
 */
export const retryDueWork = defineCommand({
  name: 'due-work/retry',
  input,
  right: 'due_work.retry',
  reason: 'none',
  undo: null,
  async run(ctx, { dueItemId }) {
    const { tx, organizationId } = ctx;
    const own = and(eq(dueItems.organizationId, organizationId), eq(dueItems.id, dueItemId));
    const [found] = await tx.select({ customerId: dueItems.customerId }).from(dueItems).where(own);
    if (!found) return notFound('piece of work');
    const { customerId } = found;
    if (customerId) await lockCustomer(ctx, customerId);
    const [row] = await tx.select().from(dueItems).where(own).for('update');
    if (!row?.parkedAt || row.doneAt || row.canceledAt) {
      return conflict('not_set_aside', 'Somebody has taken this up already. Nothing was changed.');
    }
    await tx.update(dueItems).set({ parkedAt: null, attempts: 0 }).where(own);
    if (customerId) await clearMark(ctx, customerId);
    return {
      result: { dueItemId },
      title: 'Try set-aside work again',
      subject: { type: 'due_item', id: dueItemId },
      customerId,
      before: { kind: row.kind, parkedAt: row.parkedAt, reason: row.lastError },
      after: { kind: row.kind, parkedAt: null },
    };
  },
});

/** A customer is marked as long as any of their work is set aside. */
async function clearMark({ tx, organizationId }: CommandContext, customerId: string): Promise<void> {
  const [other] = await tx
    .select({ one: sql`1` })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        eq(dueItems.customerId, customerId),
        isNotNull(dueItems.parkedAt),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    )
    .limit(1);
  if (other) return;
  await tx
    .update(customers)
    .set({ parkedReason: null })
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId)));
}
