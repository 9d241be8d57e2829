import { and, eq } from 'drizzle-orm';
import { among } from '@/db/among';
import { fixedChargeEvents } from '@/db/schema';
import type { PlanFacts } from '@/lib/billing/invoice/facts';
import type { BillingContext } from './context';
import type { SubscriptionRow } from './situation';

type UnitsRow = typeof fixedChargeEvents.$inferSelect;

/** Changes of units that these subscriptions have of their own, in order, from one query. */
export async function loadUnits(
  { tx, organizationId }: BillingContext,
  subscriptionIds: string[],
): Promise<UnitsRow[]> {
  if (subscriptionIds.length === 0) return [];
  return tx
    .select()
    .from(fixedChargeEvents)
    .where(
      and(
        eq(fixedChargeEvents.organizationId, organizationId),
        among(fixedChargeEvents.subscriptionId, subscriptionIds),
      ),
    )
    .orderBy(fixedChargeEvents.effectiveAt, fixedChargeEvents.createdAt, fixedChargeEvents.id);
}

/** The units of fixed charges as dated changes: the plan's own from the beginning, then the subscription's. */
export function withUnits(plan: PlanFacts, subscription: SubscriptionRow, rows: UnitsRow[]): PlanFacts {
  if (plan.fixedCharges.length === 0) return plan;
  const startedAt = subscription.startedAt?.getTime() ?? subscription.subscriptionAt.getTime();
  return {
    ...plan,
    fixedCharges: plan.fixedCharges.map((charge) => {
      const own = rows
        .filter((row) => row.subscriptionId === subscription.id && row.fixedChargeId === charge.id)
        .map((row) => ({
          units: row.units,
          effectiveAt: row.effectiveAt.getTime(),
          createdAt: row.createdAt.getTime(),
        }));
      const first = charge.segments.map((segment) => ({ ...segment, effectiveAt: startedAt }));
      return { ...charge, segments: [...first, ...own] };
    }),
  };
}
