import { and, asc, eq, inArray } from 'drizzle-orm';
import { wallets, type walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { minorToMajor } from '@/lib/billing/money/money';
import { CREDIT_SCALE, creditsToMoney } from '@/lib/billing/top-up/credits';
import { notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { recheckUsage } from '@/lib/usage/checks';
import type { BillingContext } from './context';

export type WalletRow = typeof wallets.$inferSelect;
/** A movement of credits; a settled inbound one is a lot. */
export type LotRow = typeof walletTransactions.$inferSelect;

/** Credits as the columns keep them: 5 decimals (semantics 1.1.4). */
export function creditText(credits: Exact): string {
  return credits.round(CREDIT_SCALE).toDecimalString(CREDIT_SCALE);
}

/** What an amount of money is in credits of a wallet: unrounded. */
export function creditsOf(wallet: Pick<WalletRow, 'rateAmount' | 'currency'>, amountMinor: bigint): Exact {
  return minorToMajor(amountMinor, wallet.currency).div(wallet.rateAmount);
}

/** Money of incoming credits: floored to 5 decimals, then rounded to whole minor units (semantics 10.1). */
export function amountOf(wallet: Pick<WalletRow, 'rateAmount' | 'currency'>, credits: string): bigint {
  return creditsToMoney(Exact.of(credits), Exact.of(wallet.rateAmount), wallet.currency).amountMinor;
}

/** Locks wallets in one order, so that two movements never wait for each other. Throws not_found when one is missing. */
export async function lockWallets(
  { tx, organizationId }: BillingContext,
  walletIds: string[],
): Promise<Map<string, WalletRow>> {
  const ids = [...new Set(walletIds)];
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(wallets)
    .where(and(eq(wallets.organizationId, organizationId), inArray(wallets.id, ids)))
    .orderBy(asc(wallets.id))
    .for('update');
  if (rows.length !== ids.length) notFound('wallet');
  return new Map(rows.map((row) => [row.id, row]));
}

export async function lockWallet(ctx: BillingContext, walletId: string): Promise<WalletRow> {
  return (await lockWallets(ctx, [walletId])).get(walletId) ?? notFound('wallet');
}

export interface Movement {
  /** In: positive, out: negative; minor units. */
  amountMinor: bigint;
  /** Same sign as the amount. */
  credits: Exact;
}

/**
 * Moves the balance of a locked wallet and tells the world. The columns follow the lots; a movement below zero is a
 * defect and throws. Outgoing credits count as consumed (voids too, as Lago counts them).
 */
export async function moveBalance(
  ctx: BillingContext,
  wallet: WalletRow,
  { amountMinor, credits }: Movement,
): Promise<WalletRow> {
  const balanceMinor = wallet.balanceMinor + amountMinor;
  if (balanceMinor < 0n) throw new Error(`wallet ${wallet.id} would fall to ${balanceMinor}`);
  const left = Exact.of(wallet.creditsBalance).add(credits);
  const out = amountMinor < 0n || credits.isNegative();
  if (ctx.mode === 'apply') {
    await recheckUsage(ctx.tx, ctx.organizationId, ctx.now, { customerId: wallet.customerId });
  }
  return writeWallet(ctx, wallet, {
    balanceMinor,
    creditsBalance: balanceMinor === 0n || left.isNegative() ? '0' : creditText(left),
    ...(out
      ? {
          consumedAmountMinor: wallet.consumedAmountMinor - amountMinor,
          consumedCredits: creditText(Exact.of(wallet.consumedCredits).sub(credits)),
          lastConsumedCreditAt: new Date(ctx.now),
        }
      : {}),
    ...ongoing(wallet, balanceMinor, wallet.ongoingUsageBalanceMinor),
  });
}

/** Sets what running usage would take from a wallet (semantics 10.7); never used for billing. */
export async function setOngoingUsage(
  ctx: BillingContext,
  wallet: WalletRow,
  usageMinor: bigint,
): Promise<WalletRow> {
  return writeWallet(ctx, wallet, {
    ...ongoing(wallet, wallet.balanceMinor, usageMinor),
    lastBalanceSyncAt: new Date(ctx.now),
  });
}

function ongoing(wallet: WalletRow, balanceMinor: bigint, usageMinor: bigint): Partial<WalletRow> {
  const ongoingBalanceMinor = balanceMinor - usageMinor;
  return {
    ongoingBalanceMinor,
    ongoingUsageBalanceMinor: usageMinor,
    creditsOngoingBalance: creditText(creditsOf(wallet, ongoingBalanceMinor)),
    creditsOngoingUsageBalance: creditText(creditsOf(wallet, usageMinor)),
    depletedOngoingBalance: ongoingBalanceMinor <= 0n,
  };
}

async function writeWallet(
  { tx, organizationId, now }: BillingContext,
  wallet: WalletRow,
  values: Partial<WalletRow>,
): Promise<WalletRow> {
  const [row] = await tx
    .update(wallets)
    .set({ ...values, updatedAt: new Date(now) })
    .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, wallet.id)))
    .returning();
  if (!row) return notFound('wallet');
  await announce(tx, organizationId, now, { type: 'wallet.updated', objectId: wallet.id });
  if (row.depletedOngoingBalance && !wallet.depletedOngoingBalance) {
    await announce(tx, organizationId, now, { type: 'wallet.depleted_ongoing_balance', objectId: wallet.id });
  }
  return row;
}
