import { and, eq, inArray } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { insertionsOf, writeTogether } from '@/db/insert-rows';
import { credits, fees, feeTaxes, invoiceSubscriptions, invoices, invoiceTaxes } from '@/db/schema';
import type { SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { FeeResult, InvoiceResult } from '@/lib/billing/invoice/result';
import { localDate } from '@/lib/billing/periods/zone';
import type { BillingContext } from './context';

type FeeRow = typeof fees.$inferInsert;

const at = (instant: number | null) => (instant === null ? null : new Date(instant));

/** The columns of an invoice row that follow from what the engine worked out. */
export function totalsOf(result: InvoiceResult) {
  return {
    feesAmountMinor: result.feesAmountMinor,
    progressiveBillingCreditAmountMinor: result.progressiveBillingCreditAmountMinor,
    couponsAmountMinor: result.couponsAmountMinor,
    subTotalExcludingTaxesMinor: result.subTotalExcludingTaxesMinor,
    taxesAmountMinor: result.taxesAmountMinor,
    taxesRate: result.taxesRate.toDecimalString(5),
    subTotalIncludingTaxesMinor: result.subTotalIncludingTaxesMinor,
    creditNotesAmountMinor: result.creditNotesAmountMinor,
    prepaidCreditAmountMinor: result.prepaidCreditAmountMinor,
    prepaidGrantedCreditAmountMinor: result.prepaidGrantedCreditAmountMinor,
    prepaidPurchasedCreditAmountMinor: result.prepaidPurchasedCreditAmountMinor,
    totalAmountMinor: result.totalAmountMinor,
  };
}

export interface WriteRequest {
  invoiceId: string;
  customerId: string;
  currency: string;
  timezone: string;
  /** When the rows say they were made, epoch milliseconds. */
  createdAt: number;
  /** The event an in-advance line is for. */
  eventTransactionId?: string | null;
  /** Which line of another invoice a line repeats, by its key. */
  originals?: ReadonlyMap<string, string>;
}

export interface Lines {
  request: WriteRequest;
  result: InvoiceResult;
}

/** Writes the lines of a computed invoice with their taxes. */
export async function writeLines(
  ctx: BillingContext,
  request: WriteRequest,
  result: InvoiceResult,
): Promise<void> {
  const { sets } = lineRows(ctx, [{ request, result }]);
  await writeTogether(ctx.tx, insertionsOf(...sets));
}

/** The lines of computed invoices with their taxes, as rows to write in one statement; the ids by fee key, invoice by invoice. */
export function lineRows(
  { organizationId }: BillingContext,
  all: Lines[],
): { ids: Map<string, string>[]; sets: Parameters<typeof insertionsOf> } {
  const ids = all.map(({ result }) => new Map(result.fees.map((fee) => [fee.key, newId()])));
  const feeRows = all.flatMap(({ request, result }, place) =>
    result.fees.map((fee, position) => feeRow(fee, position, ids[place]!, organizationId, request)),
  );
  const taxRows = all.flatMap(({ request, result }, place) =>
    result.fees.flatMap((fee) => feeTaxRows(fee, ids[place]?.get(fee.key) ?? '', organizationId, request)),
  );
  const taxLines = all.flatMap(({ request, result }) =>
    result.taxes.map((line) => invoiceTaxRow(line, organizationId, request)),
  );
  const early = all.flatMap((lines) => earlyRows(organizationId, lines));
  return {
    ids,
    sets: [
      [fees, feeRows],
      [feeTaxes, taxRows],
      [invoiceTaxes, taxLines],
      [credits, early],
    ],
  };
}

function earlyRows(organizationId: string, { request, result }: Lines): (typeof credits.$inferInsert)[] {
  return result.progressiveCredits
    .filter((credit) => credit.amountMinor > 0n)
    .map((credit) => ({
      organizationId,
      id: newId(),
      invoiceId: request.invoiceId,
      kind: 'invoice' as const,
      progressiveInvoiceId: credit.invoiceId,
      amountMinor: credit.amountMinor,
      currency: request.currency,
      beforeTaxes: true,
      createdAt: new Date(request.createdAt),
    }));
}

/** A tax of the whole invoice as a row. */
export function invoiceTaxRow(
  { tax, amountMinor, feesAmountMinor }: InvoiceResult['taxes'][number],
  organizationId: string,
  { invoiceId, currency, createdAt }: Pick<WriteRequest, 'invoiceId' | 'currency' | 'createdAt'>,
): typeof invoiceTaxes.$inferInsert {
  return {
    organizationId,
    id: newId(),
    invoiceId,
    taxId: tax.id || null,
    taxCode: tax.code,
    taxName: tax.name,
    taxRate: tax.rate,
    taxDescription: tax.description,
    amountMinor,
    feesAmountMinor,
    currency,
    createdAt: new Date(createdAt),
  };
}

/** The taxes of a fee as rows. */
export function feeTaxRows(
  fee: FeeResult,
  feeId: string,
  organizationId: string,
  { currency, createdAt }: Pick<WriteRequest, 'currency' | 'createdAt'>,
): (typeof feeTaxes.$inferInsert)[] {
  return fee.taxes.map(({ tax, amountMinor, preciseAmountMinor }) => ({
    organizationId,
    id: newId(),
    feeId,
    taxId: tax.id,
    taxCode: tax.code,
    taxName: tax.name,
    taxRate: tax.rate,
    taxDescription: tax.description,
    amountMinor,
    preciseAmountMinor: preciseAmountMinor.toDecimalString(15),
    currency,
    createdAt: new Date(createdAt),
  }));
}

/** A fee as a row. Also used for standalone in-advance fees, which have no invoice. */
export function feeRow(
  fee: FeeResult,
  position: number,
  ids: Map<string, string>,
  organizationId: string,
  request: Omit<WriteRequest, 'invoiceId'> & { invoiceId: string | null },
): FeeRow & { id: string } {
  return {
    organizationId,
    id: ids.get(fee.key) ?? newId(),
    invoiceId: request.invoiceId,
    customerId: request.customerId,
    subscriptionId: fee.subscriptionId,
    feeType: fee.kind,
    chargeId: fee.chargeId,
    chargeFilterId: fee.chargeFilterId,
    fixedChargeId: fee.fixedChargeId,
    addOnId: fee.kind === 'add_on' ? fee.itemId : null,
    billableMetricId: fee.metricId,
    walletTransactionId: fee.kind === 'credit' ? fee.itemId : null,
    trueUpParentFeeId: fee.trueUpParentKey ? (ids.get(fee.trueUpParentKey) ?? null) : null,
    originalFeeId: request.originals?.get(fee.key) ?? null,
    position,
    lineKey: fee.key,
    itemCode: fee.itemCode,
    itemName: fee.itemName,
    itemDescription: fee.itemDescription,
    invoiceDisplayName: fee.displayName,
    filterDisplayName: fee.filterDisplayName,
    filterValues: fee.filterValues,
    groupedBy: fee.groupedBy,
    currency: request.currency,
    units: fee.units.toDecimalString(20),
    totalAggregatedUnits: fee.totalAggregatedUnits?.toDecimalString(20) ?? null,
    eventsCount: fee.eventsCount,
    amountMinor: fee.amountMinor,
    preciseAmountMinor: fee.preciseAmountMinor.toDecimalString(15),
    unitAmountMinor: fee.unitAmountMinor,
    preciseUnitAmount: fee.preciseUnitAmount.toDecimalString(15),
    preciseCouponsAmountMinor: fee.preciseCouponsAmountMinor.toDecimalString(5),
    preciseCreditNotesAmountMinor: fee.preciseCreditNotesAmountMinor.toDecimalString(5),
    taxesAmountMinor: fee.taxesAmountMinor,
    taxesPreciseAmountMinor: fee.taxesPreciseAmountMinor.toDecimalString(15),
    taxesRate: fee.taxesRate.toDecimalString(10),
    amountDetails: fee.amountDetails,
    pricingUnitUsage: fee.pricingUnit ?? null,
    working: fee.working,
    payInAdvance: fee.payInAdvance,
    invoiceable: fee.invoiceable,
    eventTransactionId: request.eventTransactionId ?? null,
    fromDatetime: at(fee.from),
    toDatetime: at(fee.to),
    createdAt: new Date(request.createdAt),
  };
}

export interface Link {
  request: WriteRequest;
  bills: SubscriptionBillFacts[];
  recurring: boolean;
}

/** What links invoices to the periods they bill. The unique indexes refuse a period that is already billed. */
export function linkRows(
  { organizationId }: BillingContext,
  links: Link[],
): (typeof invoiceSubscriptions.$inferInsert)[] {
  return links.flatMap(({ request, bills, recurring }) =>
    bills.map((bill) => {
      // Only periodic bills claim their day; a start or an end on the same invoice has its own guard.
      const claims = recurring && bill.reason === 'subscription_periodic';
      return {
        organizationId,
        id: newId(),
        invoiceId: request.invoiceId,
        subscriptionId: bill.subscriptionId,
        planVersionId: bill.plan.versionId,
        invoicingReason: bill.reason,
        recurring: claims,
        timestamp: new Date(bill.billedAt),
        billingDay: claims ? localDate(bill.billedAt, request.timezone) : null,
        fromDatetime: at(bill.windows.from),
        toDatetime: at(bill.windows.to),
        chargesFromDatetime: at(bill.windows.chargesFrom),
        chargesToDatetime: at(bill.windows.chargesTo),
        fixedChargesFromDatetime: at(bill.windows.fixedChargesFrom),
        fixedChargesToDatetime: at(bill.windows.fixedChargesTo),
      };
    }),
  );
}

/** Takes a draft's lines, taxes and progressive credits away before it is worked out again (semantics 12.5). */
export async function clearLines({ tx, organizationId }: BillingContext, invoiceId: string): Promise<void> {
  const rows = await tx
    .select({ id: fees.id })
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId)));
  const ids = rows.map((row) => row.id);
  if (ids.length > 0) {
    await tx
      .delete(feeTaxes)
      .where(and(eq(feeTaxes.organizationId, organizationId), inArray(feeTaxes.feeId, ids)));
    await tx.delete(fees).where(and(eq(fees.organizationId, organizationId), inArray(fees.id, ids)));
  }
  await tx
    .delete(invoiceTaxes)
    .where(and(eq(invoiceTaxes.organizationId, organizationId), eq(invoiceTaxes.invoiceId, invoiceId)));
  await tx
    .delete(credits)
    .where(and(eq(credits.organizationId, organizationId), eq(credits.invoiceId, invoiceId)));
}

/** Frees the periods of invoices that are voided, deleted or closed. */
export async function releasePeriods(
  { tx, organizationId }: BillingContext,
  invoiceIds: string[],
): Promise<void> {
  await tx
    .update(invoiceSubscriptions)
    .set({ live: false })
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        inArray(invoiceSubscriptions.invoiceId, invoiceIds),
      ),
    );
}

export async function readInvoice(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<typeof invoices.$inferSelect | null> {
  const [row] = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
  return row ?? null;
}
