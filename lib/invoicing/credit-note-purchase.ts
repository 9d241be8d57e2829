import { and, eq } from 'drizzle-orm';
import { wallets, walletTransactions } from '@/db/schema';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import type { BillingContext } from './context';
import { dueOf, type InvoiceRow } from './payments';

/** The movement that bought the credits of a `credit` invoice. Throws not_found. */
export async function purchaseOf({ tx, organizationId }: BillingContext, invoiceId: string) {
  const [row] = await tx
    .select()
    .from(walletTransactions)
    .where(
      and(
        eq(walletTransactions.organizationId, organizationId),
        eq(walletTransactions.invoiceId, invoiceId),
        eq(walletTransactions.transactionStatus, 'purchased'),
      ),
    );
  return row ?? notFound('wallet_transaction');
}

/**
 * Whether money for bought credits may go back: the purchase is paid, its wallet still runs, and that much of it is left
 * (semantics 10.9). Other invoices pass. Throws not_allowed `invalid_type_or_status`, or invalid
 * `higher_than_wallet_balance`.
 */
export async function assertPurchaseRefundable(
  ctx: BillingContext,
  invoice: InvoiceRow,
  amountMinor: bigint,
): Promise<void> {
  if (invoice.invoiceType !== 'credit') return;
  if (dueOf(invoice) > 0n || invoice.paymentStatus !== 'succeeded') {
    notAllowed('invalid_type_or_status', 'Credits that are not paid for cannot be refunded.');
  }
  const purchase = await purchaseOf(ctx, invoice.id);
  const [wallet] = await ctx.tx
    .select({ status: wallets.status })
    .from(wallets)
    .where(and(eq(wallets.organizationId, ctx.organizationId), eq(wallets.id, purchase.walletId)));
  if (wallet?.status !== 'active') {
    notAllowed('invalid_type_or_status', 'The wallet that holds these credits has ended.');
  }
  if (amountMinor > (purchase.remainingAmountMinor ?? 0n)) {
    invalid(
      { amount_cents: ['higher_than_wallet_balance'] },
      'These credits have been used. Only what is left can be refunded.',
    );
  }
}
