import { and, eq, inArray, isNull } from 'drizzle-orm';
import { addOns } from '@/db/schema';
import type { OneOffItemFacts } from '@/lib/billing/invoice/facts';
import { invalid, notFound } from '@/lib/schedule/errors';
import type { BillingContext } from './context';
import { loadCustomer, lockCustomer } from './customers';
import { type IssuedInvoice, issueInvoice } from './issue';
import { loadTaxes, taxesByCode } from './load-taxes';

export interface OneOffLine {
  addOnCode: string;
  /** Decimal; 1 when absent. */
  units?: string | null;
  /** The add-on's own when absent. */
  unitAmountMinor?: bigint | null;
  displayName?: string | null;
  description?: string | null;
  /** Epoch milliseconds. */
  from?: number | null;
  to?: number | null;
  taxCodes?: string[] | null;
}

export interface OneOffRequest {
  customerId: string;
  currency?: string | null;
  billingEntityId?: string | null;
  purchaseOrderNumber?: string | null;
  lines: OneOffLine[];
}

/**
 * A bill made by hand from add-ons: taxes only, no coupons, credit notes or credits (semantics 6.14). Throws not_found
 * (`add_on`, `tax`, `fees` when there is no line) and invalid when the currency is not the customer's.
 */
export async function createOneOff(ctx: BillingContext, request: OneOffRequest): Promise<IssuedInvoice> {
  if (request.lines.length === 0) notFound('fees');
  await lockCustomer(ctx, request.customerId);
  const { customer, entity } = await loadCustomer(ctx, request.customerId, request.billingEntityId);
  const rows = await findAddOns(
    ctx,
    request.lines.map((line) => line.addOnCode),
  );
  const currency = request.currency ?? customer.currency ?? rows[0]?.currency ?? entity.defaultCurrency;
  if (customer.currency && customer.currency !== currency) {
    invalid({ currency: ['currencies_does_not_match'] }, `This customer is billed in ${customer.currency}.`);
  }
  const own = await loadTaxes(
    ctx,
    rows.map((row) => ['add_on', row.id]),
  );
  const wanted = request.lines.flatMap((line) => line.taxCodes ?? []);
  const byCode = await taxesByCode(ctx, wanted);
  if (byCode(wanted).length < new Set(wanted).size) notFound('tax');
  const items = request.lines.map((line): OneOffItemFacts => {
    const addOn = rows.find((row) => row.code === line.addOnCode) ?? notFound('add_on');
    return {
      kind: 'add_on',
      itemId: addOn.id,
      code: addOn.code,
      name: addOn.name,
      description: line.description ?? addOn.description,
      displayName: line.displayName ?? addOn.invoiceDisplayName,
      units: line.units ?? '1',
      unitAmountMinor: line.unitAmountMinor ?? addOn.amountMinor,
      taxes: line.taxCodes ? byCode(line.taxCodes) : own('add_on', addOn.id),
      from: line.from ?? ctx.now,
      to: line.to ?? ctx.now,
    };
  });
  return issueInvoice(ctx, {
    customerId: request.customerId,
    type: 'one_off',
    items,
    currency,
    billedAt: ctx.now,
    recurring: false,
    billingEntityId: entity.id,
    purchaseOrderNumber: request.purchaseOrderNumber,
  });
}

async function findAddOns(
  { tx, organizationId }: BillingContext,
  codes: string[],
): Promise<(typeof addOns.$inferSelect)[]> {
  const rows = await tx
    .select()
    .from(addOns)
    .where(
      and(eq(addOns.organizationId, organizationId), inArray(addOns.code, codes), isNull(addOns.deletedAt)),
    );
  if (rows.length < new Set(codes).size) notFound('add_on');
  return rows;
}
