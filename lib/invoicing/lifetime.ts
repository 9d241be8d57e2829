import { and, eq, inArray, ne, sum } from 'drizzle-orm';
import { fees, invoices, lifetimeUsages, subscriptions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import type { BillingContext } from './context';
import type { SubscriptionRow } from './load-bill';

type Lineage = Pick<SubscriptionRow, 'externalId' | 'subscriptionAt'>;

/** The row of an agreement's lifetime usage; made when it is first needed, under the subscription's own id. */
export async function lifetimeRow(
  { tx, organizationId, now }: BillingContext,
  { id, externalId, subscriptionAt }: Lineage & Pick<SubscriptionRow, 'id'>,
): Promise<typeof lifetimeUsages.$inferSelect> {
  const at = new Date(now);
  await tx
    .insert(lifetimeUsages)
    .values({
      organizationId,
      id,
      externalSubscriptionId: externalId,
      anchor: subscriptionAt,
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing();
  const [row] = await tx
    .select()
    .from(lifetimeUsages)
    .where(
      and(
        eq(lifetimeUsages.organizationId, organizationId),
        eq(lifetimeUsages.externalSubscriptionId, externalId),
        eq(lifetimeUsages.anchor, subscriptionAt),
      ),
    );
  if (!row) throw new Error('a lifetime usage vanished inside its own transaction');
  return row;
}

/** Usage counted elsewhere before: minor units; 0 when nothing was told. */
export async function historicalUsage(
  { tx, organizationId }: BillingContext,
  { externalId, subscriptionAt }: Lineage,
): Promise<bigint> {
  const [row] = await tx
    .select({ amountMinor: lifetimeUsages.historicalAmountMinor })
    .from(lifetimeUsages)
    .where(
      and(
        eq(lifetimeUsages.organizationId, organizationId),
        eq(lifetimeUsages.externalSubscriptionId, externalId),
        eq(lifetimeUsages.anchor, subscriptionAt),
      ),
    );
  return row?.amountMinor ?? 0n;
}

/**
 * Usage on subscription invoices, draft or finished, of all subscriptions of the lineage (same external id and anchor,
 * none cancelled); progressive invoices do not count (semantics 7.3). Of one metric, where asked for.
 */
export async function invoicedUsage(
  { tx, organizationId }: BillingContext,
  { externalId, subscriptionAt }: Lineage,
  metricId?: string,
): Promise<{ amountMinor: bigint; units: Exact }> {
  const [row] = await tx
    .select({ amount: sum(fees.amountMinor), units: sum(fees.units) })
    .from(fees)
    .innerJoin(
      subscriptions,
      and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, fees.subscriptionId)),
    )
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, fees.invoiceId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.feeType, 'charge'),
        eq(subscriptions.externalId, externalId),
        eq(subscriptions.subscriptionAt, subscriptionAt),
        ne(subscriptions.status, 'canceled'),
        eq(invoices.invoiceType, 'subscription'),
        inArray(invoices.status, ['draft', 'finalized']),
        ...(metricId ? [eq(fees.billableMetricId, metricId)] : []),
      ),
    );
  return { amountMinor: BigInt(row?.amount ?? '0'), units: Exact.of(row?.units ?? '0') };
}
