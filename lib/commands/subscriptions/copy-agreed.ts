import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { fixedChargeEvents, subscriptionEntitlements } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';

/** Units of fixed charges and what the subscription may use, agreed before the pause, hold after it. */
export async function copyAgreed(
  { tx, organizationId }: BillingContext,
  from: SubscriptionRow,
  to: SubscriptionRow,
): Promise<void> {
  const rights = await tx
    .select()
    .from(subscriptionEntitlements)
    .where(
      and(
        eq(subscriptionEntitlements.organizationId, organizationId),
        eq(subscriptionEntitlements.subscriptionId, from.id),
      ),
    );
  if (rights.length > 0) {
    await tx
      .insert(subscriptionEntitlements)
      .values(rights.map((row) => ({ ...row, subscriptionId: to.id })));
  }
  const rows = await tx
    .select()
    .from(fixedChargeEvents)
    .where(
      and(
        eq(fixedChargeEvents.organizationId, organizationId),
        eq(fixedChargeEvents.subscriptionId, from.id),
      ),
    );
  if (rows.length === 0) return;
  await tx
    .insert(fixedChargeEvents)
    .values(rows.map((row) => ({ ...row, id: newId(), subscriptionId: to.id })));
}
