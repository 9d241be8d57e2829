import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { appliedCoupons, customers, invoices, subscriptions, wallets } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { finalizeDraft } from '@/lib/invoicing/refresh';
import { expireWallet } from '@/lib/invoicing/wallets';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { terminateSubscription } from '../subscriptions/terminate.ts';
import { type CustomerRow, findCustomer } from './find.ts';

const input = z.object({ external_id: text() });

async function endSubscriptions(ctx: BillingContext, customerId: string): Promise<void> {
  const running = await ctx.tx
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, ctx.organizationId),
        eq(subscriptions.customerId, customerId),
        inArray(subscriptions.status, ['active', 'pending']),
      ),
    );
  for (const { id } of running) await terminateSubscription(ctx, id);
}

async function finalizeDrafts(ctx: BillingContext, customerId: string): Promise<void> {
  const drafts = await ctx.tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, ctx.organizationId),
        eq(invoices.customerId, customerId),
        eq(invoices.status, 'draft'),
      ),
    )
    .orderBy(invoices.createdAt, invoices.id);
  for (const { id } of drafts) await finalizeDraft(ctx, id);
}

async function endPromises(ctx: BillingContext, customerId: string): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const open = await tx
    .select({ id: wallets.id })
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, organizationId),
        eq(wallets.customerId, customerId),
        eq(wallets.status, 'active'),
      ),
    )
    .orderBy(wallets.id);
  for (const { id } of open) await expireWallet(ctx, id);
  await tx
    .update(appliedCoupons)
    .set({ status: 'terminated', terminatedAt: new Date(now) })
    .where(
      and(
        eq(appliedCoupons.organizationId, organizationId),
        eq(appliedCoupons.customerId, customerId),
        eq(appliedCoupons.status, 'active'),
      ),
    );
}

/**
 * Removes a customer from view (Lago's contract): ends the subscriptions with their closing bills, finalises drafts, then
 * ends wallets and coupons. Bills, payments and history stay.
 */
export const deleteCustomer = defineCommand<z.infer<typeof input>, CustomerRow>({
  name: 'customers/delete',
  input,
  right: 'customers.write',
  reason: 'optional',
  undo: null,
  async run(ctx, { external_id }) {
    const { tx, organizationId, now } = ctx;
    const customer = await findCustomer(tx, organizationId, external_id);
    await lockCustomer(ctx, customer.id);
    await endSubscriptions(ctx, customer.id);
    await finalizeDrafts(ctx, customer.id);
    await endPromises(ctx, customer.id);
    await tx
      .update(customers)
      .set({ deletedAt: new Date(now), updatedAt: new Date(now) })
      .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customer.id)));
    return {
      result: customer,
      title: `Remove the customer ${customer.name ?? customer.externalId}`,
      subject: { type: 'customer', id: customer.id },
      customerId: customer.id,
      before: customer,
    };
  },
});
