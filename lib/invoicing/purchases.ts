import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { walletTransactions } from '@/db/schema';
import type { OneOffItemFacts } from '@/lib/billing/invoice/facts';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import { issueInvoice } from './issue';
import { type LotRow, lockWallet, type WalletRow } from './wallet-balance';
import { incoming, type LotDetails, pendingValues } from './wallet-lots';

export type PurchaseRequest = LotDetails & {
  walletId: string;
  /** One of the two. */
  amountMinor?: bigint;
  credits?: string;
  /** Keeps the invoice invisible and unnumbered until it is paid; the wallet's own setting when absent. */
  invoiceRequiresSuccessfulPayment?: boolean | null;
  ignorePaidTopUpLimits?: boolean | null;
};

/**
 * Buys prepaid credits: a pending movement and a `credit` invoice of one untaxed line (semantics 10.2). The credits can be
 * used once that invoice is paid (`settlePurchase`). Throws invalid on the wallet's limits for one purchase.
 */
export async function purchaseCredits(ctx: BillingContext, request: PurchaseRequest): Promise<LotRow> {
  const { tx, organizationId, now } = ctx;
  const wallet = await lockWallet(ctx, request.walletId);
  const { amountMinor, credits } = incoming(wallet, request, 'paid_credits');
  if (!request.ignorePaidTopUpLimits) assertWithinLimits(wallet, amountMinor);
  const openUntilPaid = request.invoiceRequiresSuccessfulPayment ?? wallet.invoiceRequiresSuccessfulPayment;
  const id = newId();
  await tx.insert(walletTransactions).values({
    ...pendingValues(ctx, wallet, { ...request, id, amountMinor, credits }),
    status: 'pending',
    transactionStatus: 'purchased',
    invoiceRequiresSuccessfulPayment: openUntilPaid,
  });
  const item = purchaseLine(wallet, id, amountMinor, credits, request.name ?? null);
  const { invoiceId } = await issueInvoice(ctx, {
    customerId: wallet.customerId,
    type: 'credit',
    items: [item],
    currency: wallet.currency,
    billedAt: now,
    recurring: false,
    openUntilPaid,
    billingEntityId: wallet.billingEntityId,
    purchaseOrderNumber: request.purchaseOrderNumber ?? wallet.purchaseOrderNumber,
  });
  const [row] = await tx
    .update(walletTransactions)
    .set({ invoiceId })
    .where(and(eq(walletTransactions.organizationId, organizationId), eq(walletTransactions.id, id)))
    .returning();
  if (!row) throw new Error('a wallet transaction vanished inside its own transaction');
  await announce(tx, organizationId, now, { type: 'wallet_transaction.created', objectId: id });
  return row;
}

function assertWithinLimits(wallet: WalletRow, amountMinor: bigint): void {
  const { paidTopUpMinAmountMinor: least, paidTopUpMaxAmountMinor: most } = wallet;
  if (least !== null && amountMinor < least) {
    invalid({ paid_credits: ['amount_below_minimum'] }, 'Less than this wallet takes at a time.');
  }
  if (most !== null && amountMinor > most) {
    invalid({ paid_credits: ['amount_above_maximum'] }, 'More than this wallet takes at a time.');
  }
}

/**
 * The line of the purchase. Where the price of one credit is not a whole number of minor units, the line is worked out as
 * one unit of the whole amount, so that it is always exactly what the credits are worth.
 */
function purchaseLine(
  wallet: WalletRow,
  transactionId: string,
  amountMinor: bigint,
  credits: string,
  name: string | null,
): OneOffItemFacts {
  const unit = Exact.of(wallet.rateAmount).pow10(exponentOf(wallet.currency));
  const whole = unit.isInteger() && unit.mul(credits).roundToBigInt() === amountMinor;
  return {
    kind: 'credit',
    itemId: transactionId,
    code: 'credit',
    name: 'Prepaid credits',
    description: null,
    displayName: name ?? 'Prepaid credits',
    units: whole ? credits : '1',
    shownUnits: credits,
    unitAmountMinor: whole ? unit.toBigInt() : amountMinor,
    taxes: [],
    from: null,
    to: null,
  };
}
