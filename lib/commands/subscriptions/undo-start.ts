import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { fees, invoiceSubscriptions } from '@/db/schema';
import { lockCustomer } from '@/lib/invoicing/customers';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { conflict } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command';
import { readSubscription } from './read';
import { cancelStarted, conflictChangedSince, dropAnnouncements, takeBackHeld } from './take-back';
import { cancelPending } from './terminate';

const input = z.strictObject({
  subscriptionId: z.uuid(),
  invoiceId: z.uuid().nullable(),
  /** The start settled the customer's currency: it is open again, unless something else rests on it. */
  settledCurrency: z.boolean(),
});

/** Takes a start back before its first invoice has left: nothing was billed and nothing will be. */
export const undoStart = defineCommand<z.infer<typeof input>, { subscriptionId: string }>({
  name: 'subscriptions/undo-start',
  input,
  right: 'subscriptions.write',
  reason: 'optional',
  undo: null,
  async run(ctx, { subscriptionId, invoiceId, settledCurrency }) {
    const { customerId } = await readSubscription(ctx, subscriptionId);
    await lockCustomer(ctx, customerId);
    const before = await readSubscription(ctx, subscriptionId);
    if (before.status === 'pending') await cancelPending(ctx, before);
    else if (invoiceId) await cancelHeld(ctx, subscriptionId, invoiceId);
    else await cancelUnbilled(ctx, subscriptionId);
    if (before.status === 'active') {
      await recordRevenue(ctx, customerId, { cause: 'undone', sourceId: subscriptionId });
    }
    if (settledCurrency) await openCurrency(ctx, customerId);
    return {
      result: { subscriptionId },
      title: 'Take the start back',
      subject: { type: 'subscription', id: subscriptionId },
      customerId,
      subscriptionId,
      before: { status: before.status, invoiceId },
      after: { status: 'canceled' },
    };
  },
});

async function cancelHeld(ctx: CommandContext, subscriptionId: string, invoiceId: string): Promise<void> {
  await cancelStarted(ctx, subscriptionId);
  const invoice = await takeBackHeld(
    ctx,
    invoiceId,
    'The first invoice has left, so the start stands. Make a correction instead.',
  );
  await dropAnnouncements(ctx, [subscriptionId], invoice.createdAt);
}

/** The world was told that it started; now it is told that it ended. */
async function cancelUnbilled(ctx: CommandContext, subscriptionId: string): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const billed = async (table: typeof fees | typeof invoiceSubscriptions) =>
    (
      await tx
        .select({ one: sql`1` })
        .from(table)
        .where(and(eq(table.organizationId, organizationId), eq(table.subscriptionId, subscriptionId)))
        .limit(1)
    ).length > 0;
  if ((await billed(invoiceSubscriptions)) || (await billed(fees))) {
    conflict('billed_since', 'Something has been billed on it since, so the start stands.');
  }
  if ((await readSubscription(ctx, subscriptionId)).status !== 'active') conflictChangedSince();
  await cancelStarted(ctx, subscriptionId);
  await announce(tx, organizationId, now, { type: 'subscription.terminated', objectId: subscriptionId });
}

/** A customer with nothing else in a currency has none settled. */
async function openCurrency({ tx, organizationId }: CommandContext, customerId: string): Promise<void> {
  await tx.execute(sql`
    update customers c set currency = null
    where c.organization_id = ${organizationId} and c.id = ${customerId}
      and not exists (select 1 from subscriptions s
        where s.organization_id = c.organization_id and s.customer_id = c.id and s.status <> 'canceled')
      and not exists (select 1 from invoices i
        where i.organization_id = c.organization_id and i.customer_id = c.id and i.status <> 'deleted')
      and not exists (select 1 from wallets w
        where w.organization_id = c.organization_id and w.customer_id = c.id)
      and not exists (select 1 from applied_coupons a
        where a.organization_id = c.organization_id and a.customer_id = c.id)`);
}
