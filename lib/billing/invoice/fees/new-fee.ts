import { exponentOf } from '../../money/currency.ts';
import { Exact } from '../../money/exact.ts';
import { majorToMinorExact, majorToMinorRounded } from '../../money/money.ts';
import type { SubscriptionBillFacts } from '../facts.ts';
import type { FeeResult, Working } from '../result.ts';

type Priced = 'amountMinor' | 'preciseAmountMinor' | 'unitAmountMinor' | 'preciseUnitAmount';
type Required = 'key' | 'kind' | 'itemId' | 'itemCode' | 'itemName' | 'displayName' | 'units' | 'working';

/**
 * A line before discounts and taxes; what is not given is empty. Every member is written out, because merging objects of
 * this size makes each line a slow dictionary, and a run makes hundreds of thousands of lines.
 */
export function newFee(part: Pick<FeeResult, Required | Priced> & Partial<FeeResult>): FeeResult {
  return {
    key: part.key,
    kind: part.kind,
    subscriptionId: part.subscriptionId ?? null,
    chargeId: part.chargeId ?? null,
    chargeFilterId: part.chargeFilterId ?? null,
    fixedChargeId: part.fixedChargeId ?? null,
    metricId: part.metricId ?? null,
    itemId: part.itemId,
    itemCode: part.itemCode,
    itemName: part.itemName,
    itemDescription: part.itemDescription ?? null,
    displayName: part.displayName,
    filterDisplayName: part.filterDisplayName ?? null,
    filterValues: part.filterValues ?? null,
    groupedBy: part.groupedBy ?? {},
    targetWalletCode: part.targetWalletCode ?? null,
    trueUpParentKey: part.trueUpParentKey ?? null,
    units: part.units,
    totalAggregatedUnits: part.totalAggregatedUnits ?? null,
    eventsCount: part.eventsCount ?? null,
    amountMinor: part.amountMinor,
    preciseAmountMinor: part.preciseAmountMinor,
    unitAmountMinor: part.unitAmountMinor,
    preciseUnitAmount: part.preciseUnitAmount,
    preciseCouponsAmountMinor: part.preciseCouponsAmountMinor ?? Exact.ZERO,
    preciseCreditNotesAmountMinor: part.preciseCreditNotesAmountMinor ?? Exact.ZERO,
    taxesAmountMinor: part.taxesAmountMinor ?? 0n,
    taxesPreciseAmountMinor: part.taxesPreciseAmountMinor ?? Exact.ZERO,
    taxesRate: part.taxesRate ?? Exact.ZERO,
    taxes: part.taxes ?? [],
    pricingUnit: part.pricingUnit ?? null,
    amountDetails: part.amountDetails ?? {},
    working: part.working,
    payInAdvance: part.payInAdvance ?? false,
    invoiceable: part.invoiceable ?? true,
    from: part.from ?? null,
    to: part.to ?? null,
  };
}

/** Unrounded figures are kept at 15 decimals (semantics 1.1.4). */
export const PRECISE_SCALE = 15;

/**
 * The four figures of a price in major units: rounded once per line; the unit price in minor units is truncated
 * (semantics 1.1.3).
 */
export function pricedIn(
  currency: string,
  { amountMajor, unitAmountMajor }: { amountMajor: Exact; unitAmountMajor: Exact },
): Pick<FeeResult, Priced> {
  return {
    amountMinor: majorToMinorRounded(amountMajor, currency),
    preciseAmountMinor: majorToMinorExact(amountMajor, currency).round(PRECISE_SCALE),
    unitAmountMinor: unitAmountMajor.pow10(exponentOf(currency)).trunc().toBigInt(),
    preciseUnitAmount: unitAmountMajor.round(PRECISE_SCALE),
  };
}

/** The figures of a line that counts as one unit, from an unrounded amount in minor units. */
export function pricedAsOne(currency: string, preciseMinor: Exact): Pick<FeeResult, Priced> {
  const amountMinor = preciseMinor.roundToBigInt();
  return {
    amountMinor,
    preciseAmountMinor: preciseMinor.round(PRECISE_SCALE),
    unitAmountMinor: amountMinor,
    preciseUnitAmount: Exact.of(amountMinor).pow10(-exponentOf(currency)),
  };
}

/** A working with what most lines leave empty. */
export function newWorking(
  currency: string,
  part: Pick<Working, 'kind' | 'rows' | 'units'> & Partial<Working>,
): Working {
  return {
    model: null,
    period: null,
    unitName: null,
    metricName: null,
    aggregation: null,
    prorated: false,
    properties: null,
    ...part,
    inputs: { ...part.inputs, currencyExponent: exponentOf(currency) },
  };
}

/** What the functions on periods ask of a bill. */
export function scheduleOf(bill: SubscriptionBillFacts, timezone: string) {
  return { plan: bill.plan, billingTime: bill.billingTime, anchor: bill.anchor, timezone };
}

/** The bill closes a subscription whose last day belongs to the plan it was upgraded to (semantics 4.1). */
export const closedByUpgrade = (bill: SubscriptionBillFacts): boolean =>
  bill.terminatedAt !== null && bill.terminationKind === 'upgraded';

/** Minor units as the exact text of major units, for workings. */
export const majorText = (minor: Exact | bigint, currency: string): string =>
  Exact.of(minor).pow10(-exponentOf(currency)).toString();
