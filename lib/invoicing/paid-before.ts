import { and, eq, gte, inArray, isNull, lte, notInArray, or, sum } from 'drizzle-orm';
import { fees, invoices } from '@/db/schema';
import type { FixedChargeFacts, PlanFacts } from '@/lib/billing/invoice/facts';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { priceFixedCharge } from '@/lib/billing/pricing/fixed-charge';
import type { BillingContext } from './context';
import { loadPlans, planKey } from './load-plan';
import type { SubscriptionRow } from './situation';

const paidAhead = ({ payInAdvance, prorated }: FixedChargeFacts): boolean => payInAdvance && prorated;

/**
 * The new plan with what the one it replaced was paid in advance for the same add-ons, as the price of a full period: the
 * first fees after an upgrade are lowered by the share of the days left (semantics 6.13). Units whose increase was billed
 * count, units given up afterwards still do, for nothing was given back for them.
 */
export async function withPaidBefore(
  ctx: BillingContext,
  plan: PlanFacts,
  subscription: SubscriptionRow,
  predecessor: SubscriptionRow | null,
): Promise<PlanFacts> {
  if (predecessor?.terminationKind !== 'upgraded' || !plan.fixedCharges.some(paidAhead)) return plan;
  const request = { planVersionId: predecessor.planVersionId, subscriptionId: predecessor.id };
  const former = (await loadPlans(ctx, [request])).get(planKey(request))?.fixedCharges.filter(paidAhead);
  if (!former || former.length === 0) return plan;
  const units = await paidUnits(ctx, predecessor, former, subscription.startedAt ?? new Date(ctx.now));
  const exponent = exponentOf(plan.currency);
  const paidFor = (addOnId: string): Exact | null => {
    const same = former.find((charge) => charge.addOn.id === addOnId && units.has(charge.id));
    if (!same) return null;
    const paid = Exact.of(units.get(same.id) ?? '0');
    const quantity = { units: paid, fullUnits: paid };
    return priceFixedCharge(same.model, same.properties, quantity, exponent).amountMajor.pow10(exponent);
  };
  return {
    ...plan,
    fixedCharges: plan.fixedCharges.map((charge) => {
      const paid = paidAhead(charge) ? paidFor(charge.addOn.id) : null;
      return paid ? { ...charge, paidBeforeMinor: paid.toString() } : charge;
    }),
  };
}

/** Units that live lines have billed for the period in which the plan was changed, by fixed charge. */
async function paidUnits(
  { tx, organizationId }: BillingContext,
  predecessor: SubscriptionRow,
  former: FixedChargeFacts[],
  changedAt: Date,
): Promise<Map<string, string>> {
  const rows = await tx
    .select({ fixedChargeId: fees.fixedChargeId, units: sum(fees.units) })
    .from(fees)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, fees.invoiceId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, predecessor.id),
        inArray(
          fees.fixedChargeId,
          former.map(({ id }) => id),
        ),
        isNull(fees.deletedAt),
        notInArray(invoices.status, ['voided', 'deleted', 'closed']),
        lte(fees.fromDatetime, changedAt),
        or(isNull(fees.toDatetime), gte(fees.toDatetime, changedAt)),
      ),
    )
    .groupBy(fees.fixedChargeId);
  return new Map(
    rows.flatMap(({ fixedChargeId, units }) =>
      fixedChargeId === null || units === null ? [] : [[fixedChargeId, units] as const],
    ),
  );
}
