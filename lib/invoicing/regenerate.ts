import { and, asc, eq, inArray } from 'drizzle-orm';
import { type fees, feeTaxes, invoices } from '@/db/schema';
import type { FeeAdjustmentFacts, OneOffItemFacts } from '@/lib/billing/invoice/facts';
import { itemKey } from '@/lib/billing/invoice/fees/item-fees';
import { pricesByUnits, repriced } from '@/lib/billing/invoice/fees/reprice';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import type { BillingContext } from './context';
import { loadCustomer } from './customers';
import { feeFromRow, keyOf, linesOn } from './fee-from-row';
import { type IssuedInvoice, issueInvoice } from './issue';
import type { InvoiceRow } from './payments';
import { reloadBills } from './refresh';

type FeeRow = typeof fees.$inferSelect;

/** A line of the voided invoice that the new one keeps, as it was or changed. */
export interface ChosenLine extends Omit<FeeAdjustmentFacts, 'lineKey'> {
  feeId: string;
}

/**
 * Bills a voided invoice again: its lines, or those chosen, as they were or changed, dated from the day the voided one was
 * made, through discounts, taxes, credit notes and credits as they stand now (semantics 12.6). The new invoice names the
 * voided one and each line its original. Throws not_found for a line that was not on it and not_allowed when it was billed
 * again before or is of a kind that cannot be.
 */
export async function regenerate(
  ctx: BillingContext,
  voided: InvoiceRow,
  chosen: ChosenLine[] | null,
): Promise<IssuedInvoice> {
  await assertOnlyOnce(ctx, voided);
  const rows = await chosenRows(ctx, voided.id, chosen);
  const changes = new Map((chosen ?? []).map((line) => [line.feeId, line]));
  const changeOf = (row: FeeRow): FeeAdjustmentFacts | undefined => {
    const change = changes.get(row.id);
    return change && { ...change, lineKey: keyOf(row) };
  };
  const about = {
    customerId: voided.customerId,
    currency: voided.currency,
    billedAt: voided.createdAt.getTime(),
    immediate: true,
    billingEntityId: voided.billingEntityId,
    purchaseOrderNumber: voided.purchaseOrderNumber,
    replaces: voided.id,
  };
  if (voided.invoiceType === 'one_off') {
    const items = await itemsOf(ctx, rows, changeOf, voided.currency);
    const originals = new Map(items.map((item, position) => [itemKey(item, position), rows[position]!.id]));
    return issueInvoice(ctx, { ...about, type: 'one_off', items, recurring: false, originals });
  }
  const billed = await loadCustomer(ctx, voided.customerId, voided.billingEntityId);
  const { bills, recurring } = await reloadBills(ctx, voided, billed, { skipUsage: true });
  const keys = new Map(rows.map((row) => [row.id, keyOf(row)]));
  const given = rows.map((row) => {
    const fee = feeFromRow(row, keys);
    const change = changeOf(row);
    if (change?.units && change.unitPreciseAmount === null && !pricesByUnits(fee)) {
      invalid({ charge: ['invalid_charge_model'] }, 'Give the price of one unit as well for this charge.');
    }
    return repriced(fee, change, voided.currency);
  });
  const originals = new Map(rows.map((row) => [keyOf(row), row.id]));
  return issueInvoice(ctx, { ...about, type: 'subscription', bills, given, recurring, originals });
}

async function assertOnlyOnce({ tx, organizationId }: BillingContext, voided: InvoiceRow): Promise<void> {
  if (voided.invoiceType !== 'subscription' && voided.invoiceType !== 'one_off') {
    notAllowed('not_regenerable', 'Only bills of subscriptions and one-off bills can be made again.');
  }
  const again = await tx
    .select({ number: invoices.number })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.customerId, voided.customerId),
        eq(invoices.voidedInvoiceId, voided.id),
        inArray(invoices.status, ['draft', 'finalized', 'pending', 'failed']),
      ),
    );
  if (again[0]) notAllowed('already_regenerated', `It was billed again as ${again[0].number ?? 'a draft'}.`);
}

async function chosenRows(
  ctx: BillingContext,
  invoiceId: string,
  chosen: ChosenLine[] | null,
): Promise<FeeRow[]> {
  const rows = await linesOn(ctx, invoiceId);
  if (!chosen) return rows;
  const wanted = new Set(chosen.map(({ feeId }) => feeId));
  const kept = rows.filter(({ id }) => wanted.has(id));
  if (kept.length < wanted.size || kept.length === 0) notFound('fee');
  return kept;
}

/** Lines of a one-off bill with the taxes they bore, to be worked out as items again. */
async function itemsOf(
  { tx, organizationId }: BillingContext,
  rows: FeeRow[],
  changeOf: (row: FeeRow) => FeeAdjustmentFacts | undefined,
  currency: string,
): Promise<OneOffItemFacts[]> {
  const taxes = await tx
    .select()
    .from(feeTaxes)
    .where(
      and(
        eq(feeTaxes.organizationId, organizationId),
        inArray(
          feeTaxes.feeId,
          rows.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(feeTaxes.createdAt), asc(feeTaxes.id));
  return rows.map((row) => {
    const change = changeOf(row);
    return {
      kind: 'add_on' as const,
      itemId: row.addOnId ?? row.id,
      code: row.itemCode,
      name: row.itemName,
      description: row.itemDescription,
      displayName: change?.displayName ?? row.invoiceDisplayName,
      units: change?.units ?? row.units,
      unitAmountMinor:
        change?.unitPreciseAmount == null
          ? row.unitAmountMinor
          : wholeMinor(change.unitPreciseAmount, currency),
      taxes: taxes
        .filter(({ feeId }) => feeId === row.id)
        .map((line) => ({
          id: line.taxId ?? '',
          code: line.taxCode,
          name: line.taxName,
          description: line.taxDescription,
          rate: line.taxRate,
        })),
      from: row.fromDatetime?.getTime() ?? null,
      to: row.toDatetime?.getTime() ?? null,
    };
  });
}

function wholeMinor(major: string, currency: string): bigint {
  const minor = Exact.of(major).pow10(exponentOf(currency));
  if (!minor.isInteger()) {
    invalid({ unit_precise_amount: ['value_is_invalid'] }, 'A one-off line has a price in whole cents.');
  }
  return minor.toBigInt();
}
