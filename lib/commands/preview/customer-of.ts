import { and, eq } from 'drizzle-orm';
import { appliedCoupons, invoices, subscriptions, walletTransactions } from '@/db/schema';
import type { CommandContext } from '../core/command';
import { isUuid } from '../core/fields';

/** What an input may name to say whom it is about, besides the customer. */
const OWNED = {
  subscriptionId: subscriptions,
  endedId: subscriptions,
  lotId: walletTransactions,
  appliedCouponId: appliedCoupons,
} as const;

/** Whose invoice it is; null for an unknown one. */
export async function customerOfInvoice(ctx: CommandContext, invoiceId: string): Promise<string | null> {
  if (!isUuid(invoiceId)) return null;
  const [row] = await ctx.tx
    .select({ customerId: invoices.customerId })
    .from(invoices)
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)));
  return row?.customerId ?? null;
}

/** Whose situation an act's input is about: the customer named, or whose the subscription, credits or discount named are. */
export async function customerOf(ctx: CommandContext, input: unknown): Promise<string | null> {
  if (typeof input !== 'object' || input === null) return null;
  const named = input as Record<string, unknown>;
  if (typeof named.customerId === 'string') return named.customerId;
  for (const [field, table] of Object.entries(OWNED)) {
    const id = named[field];
    if (typeof id !== 'string') continue;
    const [row] = await ctx.tx
      .select({ customerId: table.customerId })
      .from(table)
      .where(and(eq(table.organizationId, ctx.organizationId), eq(table.id, id)));
    return row?.customerId ?? null;
  }
  return null;
}
