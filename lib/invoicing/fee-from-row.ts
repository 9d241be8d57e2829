import { and, asc, eq, isNull } from 'drizzle-orm';
import { fees } from '@/db/schema';
import { newFee } from '@/lib/billing/invoice/fees/new-fee';
import type { FeeResult, Working } from '@/lib/billing/invoice/result';
import { Exact } from '@/lib/billing/money/exact';
import type { BillingContext } from './context';

type FeeRow = typeof fees.$inferSelect;

const TARGET_WALLET = 'target_wallet_code';

/** The name of a stored line inside its invoice. */
export const keyOf = ({ lineKey, id }: Pick<FeeRow, 'lineKey' | 'id'>): string => lineKey ?? id;

/** A stored line as the engine made it, before discounts and taxes. `keys` finds the key of the line a true-up belongs to. */
export function feeFromRow(row: FeeRow, keys: ReadonlyMap<string, string>): FeeResult {
  const exact = (text: string | null) => (text === null ? null : Exact.of(text));
  return newFee({
    key: keyOf(row),
    kind: row.feeType,
    subscriptionId: row.subscriptionId,
    chargeId: row.chargeId,
    chargeFilterId: row.chargeFilterId,
    fixedChargeId: row.fixedChargeId,
    metricId: row.billableMetricId,
    itemId: row.billableMetricId ?? row.addOnId ?? row.fixedChargeId ?? row.subscriptionId ?? row.id,
    itemCode: row.itemCode,
    itemName: row.itemName,
    itemDescription: row.itemDescription,
    displayName: row.invoiceDisplayName ?? row.itemName,
    filterDisplayName: row.filterDisplayName,
    filterValues: row.filterValues,
    groupedBy: row.groupedBy,
    targetWalletCode: row.groupedBy[TARGET_WALLET] ?? null,
    trueUpParentKey: row.trueUpParentFeeId ? (keys.get(row.trueUpParentFeeId) ?? null) : null,
    units: Exact.of(row.units),
    totalAggregatedUnits: exact(row.totalAggregatedUnits),
    eventsCount: row.eventsCount,
    amountMinor: row.amountMinor,
    preciseAmountMinor: Exact.of(row.preciseAmountMinor),
    unitAmountMinor: row.unitAmountMinor,
    preciseUnitAmount: Exact.of(row.preciseUnitAmount),
    amountDetails: row.amountDetails,
    pricingUnit: row.pricingUnitUsage,
    working: row.working as Working,
    payInAdvance: row.payInAdvance,
    invoiceable: row.invoiceable,
    from: row.fromDatetime?.getTime() ?? null,
    to: row.toDatetime?.getTime() ?? null,
  });
}

/** The lines of an invoice, in their order. */
export async function linesOn({ tx, organizationId }: BillingContext, invoiceId: string): Promise<FeeRow[]> {
  return tx
    .select()
    .from(fees)
    .where(
      and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId), isNull(fees.deletedAt)),
    )
    .orderBy(asc(fees.position));
}

interface StandingLines {
  given: FeeResult[];
  originals: ReadonlyMap<string, string>;
}

/**
 * The lines of a bill made again, as they stand while it waits to leave: they were chosen, and are not worked out anew from
 * today's usage and prices.
 */
export async function standingLines(ctx: BillingContext, invoiceId: string): Promise<StandingLines> {
  const rows = await linesOn(ctx, invoiceId);
  const keys = new Map(rows.map((row) => [row.id, keyOf(row)]));
  return {
    given: rows.map((row) => feeFromRow(row, keys)),
    originals: new Map(
      rows.flatMap((row): [string, string][] => (row.originalFeeId ? [[keyOf(row), row.originalFeeId]] : [])),
    ),
  };
}
