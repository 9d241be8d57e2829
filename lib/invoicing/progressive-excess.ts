import type { InvoiceResult } from '@/lib/billing/invoice/result';
import type { BillingContext } from './context';
import { issueExcessCreditNote } from './credit-notes';

/**
 * What a progressive invoice billed beyond the period's usage is given back as a credit note on it (semantics 7.2).
 */
export async function creditExcess(ctx: BillingContext, result: InvoiceResult): Promise<void> {
  for (const { invoiceId, excessMinor } of result.progressiveCredits) {
    if (excessMinor > 0n) await issueExcessCreditNote(ctx, invoiceId, excessMinor);
  }
}
