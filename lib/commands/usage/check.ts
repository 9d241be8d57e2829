import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { billInAdvance } from '@/lib/invoicing/in-advance';
import { readSubscription } from '../subscriptions/read';

interface DueCheck {
  subjectId: string;
  payload: Record<string, unknown>;
}

function transactionIdsOf({ payload }: DueCheck): string[] {
  const ids = payload.transactionIds;
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
}

/** Due: usage has arrived or was billed for a subscription, and something follows it. */
export async function usageCheckDue(ctx: BillingContext, item: DueCheck): Promise<void> {
  const subscription = await readSubscription(ctx, item.subjectId);
  await lockCustomer(ctx, subscription.customerId);
  const transactionIds = transactionIdsOf(item);
  if (transactionIds.length > 0) await billInAdvance(ctx, subscription.id, transactionIds);
}
