import type { InvoiceFacts } from '@/lib/billing/invoice/facts';
import type { InvoiceResult } from '@/lib/billing/invoice/result';
import type { BillingContext } from './context';
import { recordCouponCredits } from './coupons';
import { recordCreditNoteUse } from './credit-notes';
import { completeInvoices, type Finishing } from './finalize';
import { keepAllFacts } from './keep-facts';
import { recordRevenue } from './revenue';
import { recordWalletUses } from './wallets';

/** An invoice with its lines written, on its way to being finished. */
export interface Settling extends Omit<Finishing, 'facts'> {
  facts: InvoiceFacts;
  result: InvoiceResult;
}

/**
 * Consumes coupons, credit notes and credits, then completes the invoices, of different customers. Shared by new invoices
 * and finished drafts.
 */
export async function settleFinals(ctx: BillingContext, settling: Settling[]): Promise<void> {
  const ended = await recordCouponCredits(
    ctx,
    settling.map(({ invoice, result }) => ({
      invoiceId: invoice.id,
      currency: invoice.currency,
      given: result.coupons,
    })),
  );
  for (const { invoice, result } of settling) {
    const { id, customerId } = invoice;
    if (ended.has(id)) await recordRevenue(ctx, customerId, { cause: 'discount', sourceId: id });
    await recordCreditNoteUse(ctx, id, result.creditNotes);
    await recordWalletUses(ctx, id, result.walletUses);
  }
  const kept = await keepAllFacts(
    ctx,
    settling.map(({ billed, invoice, facts }) => ({ invoiceId: invoice.id, billed, facts })),
  );
  await completeInvoices(
    ctx,
    settling.map(({ billed, invoice }, place) => ({ billed, invoice, facts: kept[place] })),
  );
}
