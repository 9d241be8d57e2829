import { and, asc, eq, inArray, type SQL } from 'drizzle-orm';
import { writeTogether } from '@/db/insert-rows';
import { customers, wallets, type walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { minorToMajor } from '@/lib/billing/money/money';
import { CREDIT_SCALE, creditsToMoney } from '@/lib/billing/top-up/credits';
import { notFound } from '@/lib/schedule/errors';
import { type Announcement, announcing } from '@/lib/schedule/outbox';
import { recheckWrite } from '@/lib/usage/checks';
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

/**
 * Locks a wallet's customer, then the wallet: what changes a customer's credits waits here, before reading them. Null
 * for an unknown wallet.
 */
export async function lockWithCustomer(ctx: BillingContext, walletId: string): Promise<WalletRow | null> {
  const { tx, organizationId, known } = ctx;
  const holder = tx
    .select({ id: wallets.customerId })
    .from(wallets)
    .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, walletId)));
  const locked = tx.$with('locked').as(
    tx
      .select({ id: customers.id })
      .from(customers)
      .where(and(eq(customers.organizationId, organizationId), eq(customers.id, holder)))
      .for('no key update'),
  );
  const [row] = await tx
    .with(locked)
    .select({ wallet: wallets })
    .from(locked)
    .innerJoin(
      wallets,
      and(
        eq(wallets.organizationId, organizationId),
        eq(wallets.id, walletId),
        eq(wallets.customerId, locked.id),
      ),
    )
    .for('update', { of: wallets });
  if (!row) return null;
  known?.locked.add(row.wallet.customerId);
  return row.wallet;
}

export interface Movement {
  /** In: positive, out: negative; minor units. */
  amountMinor: bigint;
  /** Same sign as the amount. */
  credits: Exact;
}

/** Moves the balance of a locked wallet and tells the world: see `movedBy`. */
export async function moveBalance(
  ctx: BillingContext,
  wallet: WalletRow,
  movement: Movement,
): Promise<WalletRow> {
  const moved = movedBy(ctx, wallet, movement);
  const announcements = walletNews(wallet, moved);
  await writeTogether(ctx.tx, {
    ...(await movingWrites(ctx, moved)),
    told: announcing(ctx.organizationId, ctx.now, announcements),
  });
  return moved;
}

/**
 * A wallet after a movement. The columns follow the lots; a movement below zero is a defect and throws. Outgoing credits
 * count as consumed (voids too, as Lago counts them).
 */
export function movedBy(
  { now }: BillingContext,
  wallet: WalletRow,
  { amountMinor, credits }: Movement,
): WalletRow {
  const balanceMinor = wallet.balanceMinor + amountMinor;
  if (balanceMinor < 0n) throw new Error(`wallet ${wallet.id} would fall to ${balanceMinor}`);
  const left = Exact.of(wallet.creditsBalance).add(credits);
  const out = amountMinor < 0n || credits.isNegative();
  return {
    ...wallet,
    balanceMinor,
    creditsBalance: balanceMinor === 0n || left.isNegative() ? '0' : creditText(left),
    ...(out
      ? {
          consumedAmountMinor: wallet.consumedAmountMinor - amountMinor,
          consumedCredits: creditText(Exact.of(wallet.consumedCredits).sub(credits)),
          lastConsumedCreditAt: new Date(now),
        }
      : {}),
    ...ongoing(wallet, balanceMinor, wallet.ongoingUsageBalanceMinor),
    updatedAt: new Date(now),
  };
}

/** The writes of a wallet whose balance moved, and of the look at running usage that this asks for. */
export async function movingWrites(ctx: BillingContext, moved: WalletRow): Promise<Record<string, SQL>> {
  const { tx, organizationId, now, mode } = ctx;
  const subject = { customerId: moved.customerId };
  const recheck = mode === 'apply' ? await recheckWrite(tx, organizationId, now, subject) : null;
  return { wallet: walletWrite(ctx, moved), ...(recheck && { recheck }) };
}

/** Sets what running usage would take from a wallet (semantics 10.7); never used for billing. */
export async function setOngoingUsage(
  ctx: BillingContext,
  wallet: WalletRow,
  usageMinor: bigint,
): Promise<WalletRow> {
  const at = new Date(ctx.now);
  const figures = ongoing(wallet, wallet.balanceMinor, usageMinor);
  const moved = { ...wallet, ...figures, lastBalanceSyncAt: at, updatedAt: at };
  await writeTogether(ctx.tx, {
    wallet: walletWrite(ctx, moved),
    told: announcing(ctx.organizationId, ctx.now, walletNews(wallet, moved)),
  });
  return moved;
}

function ongoing(wallet: WalletRow, balanceMinor: bigint, usageMinor: bigint) {
  const ongoingBalanceMinor = balanceMinor - usageMinor;
  return {
    ongoingBalanceMinor,
    ongoingUsageBalanceMinor: usageMinor,
    creditsOngoingBalance: creditText(creditsOf(wallet, ongoingBalanceMinor)),
    creditsOngoingUsageBalance: creditText(creditsOf(wallet, usageMinor)),
    depletedOngoingBalance: ongoingBalanceMinor <= 0n,
  };
}

/** What is told of a wallet that changed. */
export function walletNews(before: WalletRow, after: WalletRow): Announcement[] {
  const depleted = after.depletedOngoingBalance && !before.depletedOngoingBalance;
  return [
    { type: 'wallet.updated', objectId: after.id },
    ...(depleted ? [{ type: 'wallet.depleted_ongoing_balance' as const, objectId: after.id }] : []),
  ];
}

function walletWrite({ tx, organizationId }: BillingContext, wallet: WalletRow): SQL {
  const {
    balanceMinor,
    creditsBalance,
    consumedAmountMinor,
    consumedCredits,
    lastConsumedCreditAt,
    ongoingBalanceMinor,
    ongoingUsageBalanceMinor,
    creditsOngoingBalance,
    creditsOngoingUsageBalance,
    depletedOngoingBalance,
    lastBalanceSyncAt,
    updatedAt,
  } = wallet;
  return tx
    .update(wallets)
    .set({
      balanceMinor,
      creditsBalance,
      consumedAmountMinor,
      consumedCredits,
      lastConsumedCreditAt,
      ongoingBalanceMinor,
      ongoingUsageBalanceMinor,
      creditsOngoingBalance,
      creditsOngoingUsageBalance,
      depletedOngoingBalance,
      lastBalanceSyncAt,
      updatedAt,
    })
    .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, wallet.id)))
    .getSQL();
}
