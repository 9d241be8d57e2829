import { and, eq } from 'drizzle-orm';
import { subscriptions } from '@/db/schema';
import type { CommandContext } from '../core/command';

/** Whose situation an act's input is about: the customer named, or the one whose subscription is named. */
export async function customerOf(ctx: CommandContext, input: unknown): Promise<string | null> {
  if (typeof input !== 'object' || input === null) return null;
  const { customerId, subscriptionId } = input as { customerId?: unknown; subscriptionId?: unknown };
  if (typeof customerId === 'string') return customerId;
  if (typeof subscriptionId !== 'string') return null;
  const [row] = await ctx.tx
    .select({ customerId: subscriptions.customerId })
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, ctx.organizationId), eq(subscriptions.id, subscriptionId)));
  return row?.customerId ?? null;
}
