import { and, eq } from 'drizzle-orm';
import { appliedCoupons, invoices, subscriptions, walletTransactions } from '@/db/schema';
import type { CommandContext } from '../core/command';
import { isUuid } from '../core/fields';
import type { AnyCommand } from '../registry';

/** What an input may name to say whom it is about, besides the customer. */
const OWNED = {
  subscriptionId: subscriptions,
  endedId: subscriptions,
  lotId: walletTransactions,
  appliedCouponId: appliedCoupons,
} as const;

/** Whose invoice it is; null for an unknown one. */
async function customerOfInvoice(ctx: CommandContext, invoiceId: string): Promise<string | null> {
  if (!isUuid(invoiceId)) return null;
  const [row] = await ctx.tx
    .select({ customerId: invoices.customerId })
    .from(invoices)
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)));
  return row?.customerId ?? null;
}

/** Whose situation an act's input is about: the customer named, or whose the subscription, credits or discount named are. */
async function customerOf(ctx: CommandContext, input: unknown): Promise<string | null> {
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

/** Whom an act is about, by its checked input; null when it is about nobody or somebody unknown. */
export function customerOfAct(
  ctx: CommandContext,
  command: AnyCommand,
  input: unknown,
): Promise<string | null> {
  const invoiceId = command.invoiceOf?.(input);
  return invoiceId ? customerOfInvoice(ctx, invoiceId) : customerOf(ctx, input);
}
