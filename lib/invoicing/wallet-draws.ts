import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { walletConsumptions, walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { conflict } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import { creditsOf, creditText, type LotRow, moveBalance, type WalletRow } from './wallet-balance';

/** What one movement takes from one lot. */
export interface Draw {
  lot: LotRow;
  amountMinor: bigint;
}

/** The lots of a wallet with something left, in the order they are used: priority, free before bought, the one that expires first, oldest (semantics 10.5; the engine's own order). */
export async function readLots(
  { tx, organizationId }: BillingContext,
  walletIds: string[],
): Promise<LotRow[]> {
  if (walletIds.length === 0) return [];
  const t = walletTransactions;
  return tx
    .select()
    .from(t)
    .where(
      and(
        eq(t.organizationId, organizationId),
        inArray(t.walletId, walletIds),
        eq(t.transactionType, 'inbound'),
        eq(t.status, 'settled'),
        gt(t.remainingAmountMinor, 0n),
      ),
    )
    .orderBy(
      asc(t.priority),
      sql`${t.transactionStatus} = 'purchased'`,
      sql`${t.expiresAt} asc nulls last`,
      asc(t.createdAt),
      asc(t.id),
    );
}

/** Takes `amountMinor` from lots in their order; takes less when they hold less. */
export function drawInOrder(lots: LotRow[], amountMinor: bigint): Draw[] {
  const draws: Draw[] = [];
  let left = amountMinor;
  for (const lot of lots) {
    const held = lot.remainingAmountMinor ?? 0n;
    const taken = left < held ? left : held;
    if (taken <= 0n) continue;
    draws.push({ lot, amountMinor: taken });
    left -= taken;
  }
  return draws;
}

/** Draws split by where the credits came from, for the ledger. */
export function splitDraws(draws: Draw[]): { grantedMinor: bigint; purchasedMinor: bigint } {
  let grantedMinor = 0n;
  let purchasedMinor = 0n;
  for (const { lot, amountMinor } of draws) {
    if (lot.transactionStatus === 'purchased') purchasedMinor += amountMinor;
    else grantedMinor += amountMinor;
  }
  return { grantedMinor, purchasedMinor };
}

export interface Outbound {
  status: 'invoiced' | 'voided' | 'expired';
  draws: Draw[];
  /** The credits asked for where they are not simply the amount over the rate (voids, semantics 10.2). */
  credits?: string;
  /** In minor units; Σ draws when absent. */
  amountMinor?: bigint;
  invoiceId?: string;
  creditNoteId?: string;
  name?: string | null;
  metadata?: { key: string; value: string }[];
}

/**
 * Writes one outbound movement of a locked wallet: the transaction, which lot paid what, the lots' remainders and the
 * wallet's balance. A lot that holds less than asked throws conflict `wallet_moved` (the caller's facts are stale).
 */
export async function takeOut(
  ctx: BillingContext,
  wallet: WalletRow,
  out: Outbound,
): Promise<{ transaction: LotRow; wallet: WalletRow }> {
  const { tx, organizationId, now } = ctx;
  const drawn = out.draws.reduce((sum, draw) => sum + draw.amountMinor, 0n);
  const at = new Date(now);
  const credits = out.credits ?? creditText(creditsOf(wallet, drawn));
  const [transaction] = await tx
    .insert(walletTransactions)
    .values({
      organizationId,
      id: newId(),
      walletId: wallet.id,
      customerId: wallet.customerId,
      transactionType: 'outbound',
      status: 'settled',
      transactionStatus: out.status,
      amountMinor: out.amountMinor ?? drawn,
      creditAmount: credits,
      name: out.name ?? null,
      metadata: out.metadata ?? [],
      invoiceId: out.invoiceId ?? null,
      creditNoteId: out.creditNoteId ?? null,
      settledAt: at,
      createdAt: at,
    })
    .returning();
  if (!transaction) throw new Error('a wallet transaction was not written');
  for (const { lot, amountMinor } of out.draws) {
    const rows = await tx
      .update(walletTransactions)
      .set({ remainingAmountMinor: sql`${walletTransactions.remainingAmountMinor} - ${amountMinor}` })
      .where(
        and(
          eq(walletTransactions.organizationId, organizationId),
          eq(walletTransactions.id, lot.id),
          sql`${walletTransactions.remainingAmountMinor} >= ${amountMinor}`,
        ),
      )
      .returning({ id: walletTransactions.id });
    if (rows.length === 0) {
      conflict('wallet_moved', 'The credits were used by another bill meanwhile. Try again.');
    }
  }
  if (out.draws.length > 0) {
    await tx.insert(walletConsumptions).values(
      out.draws.map(({ lot, amountMinor }) => ({
        organizationId,
        id: newId(),
        inboundId: lot.id,
        outboundId: transaction.id,
        amountMinor,
        creditAmount: creditText(creditsOf(wallet, amountMinor)),
        createdAt: at,
      })),
    );
  }
  const moved = await moveBalance(ctx, wallet, {
    amountMinor: -drawn,
    credits: Exact.of(credits).neg(),
  });
  await announce(tx, organizationId, now, { type: 'wallet_transaction.created', objectId: transaction.id });
  return { transaction, wallet: moved };
}
