import type { InvoiceFacts } from './facts.ts';
import { billFees } from './fees/bill-fees.ts';
import { itemFees } from './fees/item-fees.ts';
import type { FeeResult, InvoiceResult } from './result.ts';
import { settleFees } from './totals.ts';

export { canonicalJson, factsFromCanonical, hashableFacts } from './canonical.ts';
export { computeChargeUsage } from './current-usage.ts';
export { standaloneRenewalFees } from './fees/bill-fees.ts';
export { fixedChargeIncreaseFee } from './fees/fixed-charge-fees.ts';
export { advanceBucket, feeForNextEvent } from './in-advance.ts';
export { projection } from './projected-usage.ts';
export { taxFee } from './taxes.ts';
export { settleFees } from './totals.ts';

/** The lines of an invoice before discounts and taxes, subscription by subscription (semantics 14, step 1). */
export function feesOf(facts: InvoiceFacts): FeeResult[] {
  if (facts.given) return facts.given;
  if (facts.type === 'one_off' || facts.type === 'credit') return itemFees(facts);
  return facts.subscriptions.flatMap((bill) => billFees(bill, facts));
}

/**
 * An invoice with its working, from facts alone: steps 1 to 10 of semantics 14. Amounts in minor units of the invoice's
 * currency. Throws RangeError on facts that no bill can have (an unknown currency, malformed prices).
 */
export function computeInvoice(facts: InvoiceFacts): InvoiceResult {
  return settleFees(facts, feesOf(facts));
}
